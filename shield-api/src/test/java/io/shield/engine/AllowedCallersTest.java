package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.DeclaredState;
import io.shield.RouteAction;
import io.shield.RouteAction.Allow;
import io.shield.ShieldEngine;
import io.shield.error.InvalidValueException;
import io.shield.fixtures.MutableClock;
import io.shield.json.ShieldJson;
import io.shield.memory.MemoryBackend;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RouteState;
import io.shield.model.RouteState.AllowedCallers;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whom a route lets pass that was closed for all others, and for how long. */
class AllowedCallersTest extends EngineTest {
  private static final String KEY = "GET:/pay";
  private static final Actor ANN = Actor.of("ann", "cli");
  private static final AllowedCallers DECLARED =
      new AllowedCallers(List.of("10.0.0.1"), List.of("ops"));
  private static final Allow OFFICE = new Allow(List.of("192.0.2.0/24"), null);

  private final MutableClock clock = MutableClock.create();
  private final MemoryBackend store = MemoryBackend.create();
  private ShieldEngine engine;

  @BeforeEach
  void start() {
    engine = started(on(store).setClock(clock));
    RouteState.Builder route = RouteState.builder(KEY);
    await(
        engine.register(
            List.of(route.allowedIps(DECLARED.ips()).allowedRoles(DECLARED.roles()).build())));
  }

  private RouteState done(RouteAction action) {
    return await(engine.routes().apply(KEY, action, ANN));
  }

  private void assertAllowed(RouteState state, String ip, String role) {
    assertThat(state.allowedIps()).containsExactly(ip);
    assertThat(state.allowedRoles()).containsExactly(role);
    assertThat(contentOf(store).state(KEY)).isEqualTo(state);
  }

  @Test
  void theyPassAsLongAsItStaysClosed() {
    assertAllowed(done(new RouteAction.Disable("", null, OFFICE)), "192.0.2.0/24", "ops");
    assertAllowed(done(new RouteAction.Maintenance("", null)), "192.0.2.0/24", "ops");
    Allow testers = new Allow(null, List.of("tester"));
    RouteState gated = done(new RouteAction.EnvGate(List.of("staging"), null, null, testers));
    assertAllowed(gated, "192.0.2.0/24", "tester");
    assertThat(gated.declaredAllowed()).isEqualTo(DECLARED);
    RouteState open = done(new RouteAction.Enable(""));
    assertAllowed(open, "10.0.0.1", "ops");
    assertThat(open.declaredAllowed()).isNull();
  }

  @Test
  void nobodyMayBeNamed() {
    Allow nobody = new Allow(List.of(), List.of());
    RouteState closed = done(new RouteAction.Disable("", null, nobody));
    assertThat(closed.allowed()).isEqualTo(new AllowedCallers(List.of(), List.of()));
    assertThat(done(new RouteAction.Enable("")).allowed()).isEqualTo(DECLARED);
  }

  /** What a document closes is closed as by anybody else, and so it is on an empty store. */
  @Test
  void whomADocumentLetsPassIsForgottenToo() {
    String named = "\"allowed_ips\": [\"192.0.2.0/24\"], \"allowed_roles\": [\"tester\"]}}}";
    for (String closed :
        List.of(
            "\"status\": \"disabled\", ",
            "\"status\": \"active\", \"windows\": [{\"start\": \"2090-01-01T00:00:00Z\", \"end\":"
                + " \"2090-01-02T00:00:00Z\", \"reason\": \"\"}], ")) {
      for (String key : List.of(KEY, "GET:/new")) {
        String text = "{\"shield\": 1, \"routes\": {\"" + key + "\": {" + closed + named;
        await(
            engine
                .declared()
                .apply(ShieldJson.parse("test", text), DeclaredState.Options.DEFAULT, ANN));
        RouteState applied = contentOf(store).state(key);
        assertThat(applied.allowedRoles()).as(text).containsExactly("tester");
        assertThat(applied.declaredAllowed()).as(text).isNotNull();
        AllowedCallers open =
            await(engine.routes().apply(key, new RouteAction.Enable(""), ANN)).allowed();
        assertThat(open)
            .as(text)
            .isEqualTo(key.equals(KEY) ? DECLARED : new AllowedCallers(List.of(), List.of()));
      }
    }
  }

  /** What people changed is taken back, not what the code declares. */
  @Test
  void whomTheCodeDeclaresStaysWhenADocumentNoLongerNamesTheRoute() {
    var prune = new DeclaredState.Options(true, "", null);
    var nothing = ShieldJson.parse("test", "{\"shield\": 1, \"routes\": {}}");
    for (Allow allow : List.of(Allow.AS_BEFORE, OFFICE)) {
      done(new RouteAction.Disable("", null, allow));
      await(engine.declared().apply(nothing, prune, ANN));
      RouteState open = contentOf(store).state(KEY);
      assertThat(open.status()).isEqualTo(RouteStatus.ACTIVE);
      assertThat(open.allowed()).isEqualTo(DECLARED);
      assertThat(open.declaredAllowed()).isNull();
      assertThat(await(engine.declared().apply(nothing, prune, ANN)).entries()).isEmpty();
    }
  }

  /** Who was let in for an hour is not let in by the next closing. */
  @Test
  void theyAreForgottenWhenTheTimeHasPassed() {
    Instant soon = clock.instant().plus(Duration.ofHours(1));
    assertAllowed(done(new RouteAction.Maintenance("", soon, OFFICE)), "192.0.2.0/24", "ops");
    clock.advance(Duration.ofHours(1));
    assertAllowed(done(new RouteAction.Disable("", null)), "10.0.0.1", "ops");
  }

  @Test
  void theShareOfCallersIsForgottenWithThem() {
    done(new RouteAction.Canary(20, ""));
    Instant soon = clock.instant().plus(Duration.ofHours(1));
    assertThat(done(new RouteAction.Maintenance("", soon)).canaryPercentage()).isEqualTo(20);
    assertThat(done(new RouteAction.Disable("", soon)).canaryPercentage()).isEqualTo(20);
    clock.advance(Duration.ofHours(1));
    assertThat(done(new RouteAction.Disable("", null)).canaryPercentage()).isZero();
    done(new RouteAction.Canary(20, ""));
    RouteState open = done(new RouteAction.Deprecate(null, null, "", null));
    assertThat(open.canaryPercentage()).isZero();
  }

  @Test
  void aPlannedMaintenanceLetsThemPassToo() {
    Instant start = clock.instant().plus(Duration.ofHours(1));
    MaintenanceWindow window = new MaintenanceWindow(start, start.plusSeconds(60), "db");
    assertAllowed(done(new RouteAction.Schedule(window, OFFICE)), "192.0.2.0/24", "ops");
    assertAllowed(done(new RouteAction.Deprecate(null, null, "", null)), "192.0.2.0/24", "ops");
    assertAllowed(done(new RouteAction.CancelSchedule("")), "10.0.0.1", "ops");
    done(new RouteAction.Schedule(window, OFFICE));
    done(new RouteAction.Disable("", null));
    assertAllowed(done(new RouteAction.CancelSchedule("")), "192.0.2.0/24", "ops");
  }

  /** The first is over, and the second still closes the route to all others. */
  @Test
  void theyStayUntilTheLastOfSeveralWindowsIsOver() {
    Allow nobody = new Allow(List.of(), List.of());
    AllowedCallers none = new AllowedCallers(List.of(), List.of());
    done(new RouteAction.Schedule(window(1), nobody));
    done(new RouteAction.Schedule(window(3), Allow.AS_BEFORE, true));
    clock.advance(Duration.ofHours(2));
    RouteState deprecated = done(new RouteAction.Deprecate(null, null, "", null));
    assertThat(deprecated.allowed()).isEqualTo(none);
    RouteState planned = done(new RouteAction.Schedule(window(3), Allow.AS_BEFORE, true));
    assertThat(planned.allowed()).isEqualTo(none);
    clock.advance(Duration.ofHours(4));
    assertThat(done(new RouteAction.Deprecate(null, null, "", null)).allowed()).isEqualTo(DECLARED);
  }

  private MaintenanceWindow window(int hours) {
    Instant start = clock.instant().plus(Duration.ofHours(hours));
    return new MaintenanceWindow(start, start.plusSeconds(1800), "");
  }

  @Test
  void whatIsNoAddressIsRefused() {
    assertThatThrownBy(() -> new Allow(List.of("office"), null))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("allowed_ips: ");
  }
}
