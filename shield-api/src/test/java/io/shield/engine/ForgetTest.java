package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.RouteAction;
import io.shield.ShieldEngine;
import io.shield.error.ChangeConflictException;
import io.shield.error.UnknownRouteException;
import io.shield.error.VersionMismatchException;
import io.shield.fixtures.MutableClock;
import io.shield.memory.MemoryBackend;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Routes that are gone and are to leave nothing. */
class ForgetTest extends EngineTest {
  private static final String KEY = "GET:/old";

  private final MutableClock clock = MutableClock.create();
  private final MemoryBackend store = MemoryBackend.create();

  private ShieldEngine engine() {
    return started(on(store).setClock(clock));
  }

  /** An engine that knows the route from one that declared it so long ago. */
  private ShieldEngine after(Duration time) {
    await(engine().register(List.of(RouteState.active(KEY))));
    clock.advance(time);
    return engine();
  }

  @Test
  void theLimitsOfARouteOfAllMethodsGoWithIt() {
    List<RouteState> old =
        List.of(RouteState.active("/old/:id"), RouteState.active("GET:/old/:id"));
    await(engine().register(old));
    clock.advance(Duration.ofDays(9));
    ShieldEngine engine = engine();
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
    await(engine().register(List.of(RouteState.active("/all"))));
    clock.advance(Duration.ofDays(9));
    assertThat(failureOf(engine().routes().forget("GET:/all", ALICE, "")))
        .isInstanceOf(UnknownRouteException.class);
  }
}
