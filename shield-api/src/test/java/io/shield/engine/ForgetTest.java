package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.RouteAction;
import io.shield.ShieldEngine;
import io.shield.error.ChangeConflictException;
import io.shield.error.UnknownRouteException;
import io.shield.error.VersionMismatchException;
import io.shield.fixtures.MutableClock;
import io.shield.internal.EngineInternals;
import io.shield.internal.EngineInternals.Declarations;
import io.shield.internal.EngineInternals.Declarations.Route;
import io.shield.internal.EngineInternals.RouteSource;
import io.shield.memory.MemoryBackend;
import io.shield.model.MaintenanceWindow;
import io.shield.model.Origin;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Routes that are gone and are to leave nothing. */
class ForgetTest extends EngineTest {
  private static final String KEY = "GET:/old";

  private final MutableClock clock = MutableClock.create();
  private final MemoryBackend store = MemoryBackend.create();

  /** Held here, as the engine holds it weakly. */
  private final RouteSource code = () -> {};

  private ShieldEngine engine() {
    return started(on(store).setClock(clock));
  }

  /** An engine that knows the route from one that declared it so long ago, and is no more. */
  private ShieldEngine after(Duration time) {
    return after(time, RouteState.active(KEY));
  }

  private ShieldEngine after(Duration time, RouteState... declared) {
    ShieldEngine former = engine();
    await(former.register(List.of(declared)));
    await(former.close());
    clock.advance(time);
    return engine();
  }

  @Test
  void theLimitsOfARouteOfAllMethodsGoWithIt() {
    ShieldEngine engine =
        after(Duration.ofDays(9), RouteState.active("/old/:id"), RouteState.active("GET:/old/:id"));
    for (String method : List.of("ALL", "GET", "PUT")) {
      await(engine.rateLimits().set(RateLimitPolicy.of(method, "/old/{id}", "5/minute"), ALICE));
    }
    await(engine.rateLimits().reset("/old/:id", null, ALICE));
    await(engine.routes().forget("/old/:id", ALICE, ""));
    assertThat(contentOf(store).policies()).containsOnlyKeys("GET:/old/{id}");
    await(engine.routes().forget("GET:/old/:id", ALICE, ""));
    assertThat(contentOf(store).content()).isEmpty();
  }

  private void assertRefused(ShieldEngine engine, String why) {
    Snapshot before = contentOf(store);
    int logged = auditOf(store).size();
    assertThat(failureOf(engine.routes().forget(KEY, ALICE, "")))
        .isInstanceOf(ChangeConflictException.class)
        .hasMessageContaining(why);
    assertThat(contentOf(store)).isEqualTo(before);
    assertThat(auditOf(store)).hasSize(logged);
  }

  @Test
  void aForgottenRouteLeavesOneAuditEntryAndNothingElse() {
    ShieldEngine engine = after(Duration.ofDays(9));
    await(engine.rateLimits().set(RateLimitPolicy.of("GET", "/old", "5/minute"), ALICE));
    MaintenanceWindow window =
        new MaintenanceWindow(clock.instant(), clock.instant().plusSeconds(60), "");
    await(engine.routes().apply(KEY, new RouteAction.Schedule(window), ALICE));
    clock.advance(Duration.ofMinutes(2));
    eventually(() -> assertThat(contentOf(store).documents()).containsKey("edge:" + KEY));
    RouteState was = await(engine.routes().forget("/old", ALICE, "removed in v3"));
    assertThat(was.path()).isEqualTo(KEY);
    assertThat(contentOf(store).content()).isEmpty();
    AuditEntry entry =
        auditOf(store).stream().filter(e -> e.action().equals("forget")).findFirst().orElseThrow();
    assertThat(entry.path()).isEqualTo(KEY);
    assertThat(entry.reason()).isEqualTo("removed in v3");
    assertThat(entry.previousStatus()).isEqualTo(RouteStatus.ACTIVE);
    assertThat(entry.nextStatus()).isNull();
    assertThat(failureOf(engine.routes().forget(KEY, ALICE, "")))
        .isInstanceOf(UnknownRouteException.class);
  }

  @Test
  void itIsRefusedWhileThisProcessDeclaresTheRoute() {
    ShieldEngine engine = engine();
    await(engine.register(List.of(RouteState.active(KEY))));
    clock.advance(Duration.ofDays(30));
    assertRefused(engine, "the code that runs here declares it");
  }

  @Test
  void itIsRefusedWhileRunningCodeDeclaredItWithinSevenDays() {
    ShieldEngine engine = after(Duration.ofDays(7));
    assertRefused(engine, "running code declared it on 2030-01-01");
    clock.advance(Duration.ofDays(1));
    await(engine.routes().forget(KEY, ALICE, ""));
  }

  @Test
  void itIsRefusedWhileTheRouteIsClosed() {
    ShieldEngine engine = after(Duration.ofDays(9));
    await(engine.routes().disable(KEY, ALICE, ""));
    assertRefused(engine, "it is disabled");
    await(engine.routes().forget(KEY, true, null, ALICE, ""));
    assertThat(contentOf(store).states()).isEmpty();
  }

  @Test
  void itIsRefusedWhileAWindowIsStillToCome() {
    ShieldEngine engine = after(Duration.ofDays(9));
    Instant start = clock.instant().plusSeconds(3600);
    MaintenanceWindow window = new MaintenanceWindow(start, start.plusSeconds(60), "");
    await(engine.routes().apply(KEY, new RouteAction.Schedule(window), ALICE));
    assertRefused(engine, "it is maintenance from " + start + " on");
    clock.advance(Duration.ofHours(2));
    await(engine.routes().forget(KEY, ALICE, ""));
  }

  @Test
  void whatTheCodeDeclaresIsInForceAgainAfterItWasForcedAway() {
    RouteState closed = RouteState.builder(KEY).status(RouteStatus.DISABLED).build();
    ShieldEngine engine = engine();
    await(engine.register(List.of(closed)));
    await(engine.routes().enable(KEY, ALICE, ""));
    engine.onChange(
        change -> assertThat(engine.routes().get(KEY).status()).isEqualTo(RouteStatus.DISABLED));
    await(engine.routes().forget(KEY, true, null, ALICE, ""));
    assertThat(engine.routes().get(KEY).status()).isEqualTo(RouteStatus.DISABLED);
    eventually(() -> assertThat(contentOf(store).states()).containsKey(KEY));
    assertThat(contentOf(store).state(KEY).status()).isEqualTo(RouteStatus.DISABLED);
  }

  private void declare(ShieldEngine engine, RouteState state, RateLimitPolicy limit) {
    Declarations all = new Declarations(List.of(new Route(state, true)), List.of(limit));
    EngineInternals.of(engine).declare(code, all);
    await(engine.register(List.of())); // Until that is stored, and known to be.
  }

  /** The code that declares it runs elsewhere: there the route is never open. */
  @Test
  void whatAnotherNodeForcesAwayStaysClosedWhereTheCodeDeclaresIt() {
    RouteState closed =
        RouteState.builder("GET:/old/:id").status(RouteStatus.MAINTENANCE).reason("v2").build();
    RateLimitPolicy limit =
        RateLimitPolicy.of("GET", "/old/:id", "5/minute").toBuilder().origin(Origin.CODE).build();
    ShieldEngine declaring = engine();
    declare(declaring, closed, limit);
    ShieldEngine other = engine();
    Set<String> seen = ConcurrentHashMap.newKeySet();
    declaring.onChange(
        change -> {
          RouteState shown = declaring.snapshot().state("GET:/old/:id");
          int limits = declaring.snapshot().policies().size();
          seen.add((shown == null ? "unknown" : shown.status()) + ", " + limits + " limit");
        });
    await(other.routes().forget("GET:/old/:id", true, null, ALICE, "gone?"));
    eventually(
        () -> {
          assertThat(other.snapshot().state("GET:/old/:id")).isNotNull();
          assertThat(other.snapshot().policies()).hasSize(1);
        });
    assertThat(other.routes().get("GET:/old/:id").status()).isEqualTo(RouteStatus.MAINTENANCE);
    eventually(() -> assertThat(declaring.snapshot().head()).isEqualTo(contentOf(store).head()));
    assertThat(seen).containsExactly("MAINTENANCE, 1 limit");
    assertThat(auditOf(store).stream().map(AuditEntry::action))
        .containsExactly("rl_policy_deleted", "forget");
  }

  /** A limit that somebody deletes by itself is meant to be gone. */
  @Test
  void aDeclaredLimitThatIsDeletedElsewhereStaysDeleted() {
    RateLimitPolicy limit =
        RateLimitPolicy.of("GET", "/old", "5/minute").toBuilder().origin(Origin.CODE).build();
    ShieldEngine declaring = engine();
    declare(declaring, RouteState.active(KEY), limit);
    ShieldEngine other = engine();
    await(other.rateLimits().delete("GET:/old", ALICE));
    await(other.routes().disable(KEY, ALICE, ""));
    eventually(() -> assertThat(declaring.snapshot().head()).isEqualTo(contentOf(store).head()));
    assertThat(declaring.snapshot().policies()).isEmpty();
    assertThat(contentOf(store).policies()).isEmpty();
  }

  @Test
  void aVersionMayBeNamed() {
    ShieldEngine engine = after(Duration.ofDays(9));
    assertThat(failureOf(engine.routes().forget(KEY, false, 77L, ALICE, "")))
        .isInstanceOf(VersionMismatchException.class);
    long version = engine.snapshot().state(KEY).version();
    await(engine.routes().forget(KEY, false, version, ALICE, ""));
  }

  @Test
  void aMethodWithoutAStateOfItsOwnIsUnknown() {
    ShieldEngine engine = after(Duration.ofDays(9), RouteState.active("/all"));
    assertThat(failureOf(engine.routes().forget("GET:/all", ALICE, "")))
        .isInstanceOf(UnknownRouteException.class);
  }
}
