package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.Bypass;
import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.decision.Decision;
import io.shield.error.InvalidValueException;
import io.shield.internal.EngineInternals;
import io.shield.internal.gate.Gates;
import io.shield.memory.MemoryBackend;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Scopes in which nothing is enforced, and the count of errors that let requests pass. */
class BypassTest extends EngineTest {
  private static boolean isOpen(ShieldEngine engine) {
    Gates gates = EngineInternals.of(engine).gates();
    int slot = gates.slots(List.of("/a"))[0];
    return gates.verdict(slot, HttpMethod.GET).decision().equals(Decision.ALLOW);
  }

  private ShieldEngine closedRoute(ShieldOptions options) {
    ShieldEngine engine = started(options);
    register(engine, "GET:/a");
    await(engine.routes().disable("/a", ALICE, ""));
    return engine;
  }

  private ShieldEngine closedRoute() {
    return closedRoute(on(MemoryBackend.create()));
  }

  @Test
  void scopesNest() {
    ShieldEngine engine = closedRoute();
    assertThat(isOpen(engine)).isFalse();
    try (Bypass outer = engine.bypass(Bypass.Kind.LIFECYCLE)) {
      assertThat(isOpen(engine)).isTrue();
      Bypass inner = engine.bypass(Bypass.Kind.LIFECYCLE, Bypass.Kind.RATE_LIMITS);
      assertThat(isOpen(engine)).isTrue();
      inner.close();
      // Closing a scope again takes no other scope away.
      inner.close();
      assertThat(isOpen(engine)).isTrue();
      assertThat(outer).isNotNull();
    }
    assertThat(isOpen(engine)).isFalse();
  }

  @Test
  void scopesMayOverlap() {
    ShieldEngine engine = closedRoute();
    Bypass first = engine.bypass(Bypass.Kind.LIFECYCLE);
    Bypass second = engine.bypass(Bypass.Kind.LIFECYCLE);
    first.close();
    assertThat(isOpen(engine)).isTrue();
    second.close();
    assertThat(isOpen(engine)).isFalse();
  }

  @Test
  void maintenanceIsBypassedTooAndChangesAreMadeAllTheSame() {
    ShieldEngine engine = closedRoute();
    try (Bypass scope = engine.bypass(Bypass.Kind.LIFECYCLE)) {
      await(engine.maintenance().enableGlobal(ALICE, ""));
      assertThat(isOpen(engine)).isTrue();
      await(engine.routes().enable("/a", ALICE, ""));
      assertThat(scope).isNotNull();
    }
    assertThat(isOpen(engine)).isFalse();
    await(engine.maintenance().disableGlobal(ALICE));
    assertThat(isOpen(engine)).isTrue();
  }

  @Test
  void bypassedRateLimitsLeaveStatesInForce() {
    ShieldEngine engine = closedRoute();
    try (Bypass scope = engine.bypass(Bypass.Kind.RATE_LIMITS)) {
      assertThat(isOpen(engine)).isFalse();
      assertThat(scope).isNotNull();
    }
  }

  @Test
  void aKindMayBeNamedTwiceButOneMustBe() {
    ShieldEngine engine = closedRoute();
    Bypass scope = engine.bypass(Bypass.Kind.LIFECYCLE, Bypass.Kind.LIFECYCLE);
    assertThat(isOpen(engine)).isTrue();
    scope.close();
    assertThat(isOpen(engine)).isFalse();
    assertThatThrownBy(engine::bypass).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theConfigurationCanBypassForGood() {
    assertThat(isOpen(closedRoute(on(MemoryBackend.create()).setBypassLifecycle(true)))).isTrue();
    ShieldOptions setting =
        on(MemoryBackend.create()).putSetting("SHIELD_BYPASS_LIFECYCLE", "true");
    assertThat(isOpen(closedRoute(setting))).isTrue();
  }

  @Test
  void falseMeansFalse() {
    ShieldOptions setting =
        on(MemoryBackend.create()).putSetting("SHIELD_BYPASS_LIFECYCLE", "false");
    assertThat(isOpen(closedRoute(setting))).isFalse();
    ShieldOptions both =
        on(MemoryBackend.create())
            .putSetting("SHIELD_BYPASS_LIFECYCLE", "true")
            .setBypassLifecycle(false);
    assertThat(isOpen(closedRoute(both))).isFalse();
  }

  @Test
  void whatIsNeitherTrueNorFalseFailsTheStart() {
    ShieldOptions setting =
        on(MemoryBackend.create()).putSetting("SHIELD_BYPASS_RATE_LIMITS", "maybe");
    assertThat(failureOf(created(setting).start()))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContainingAll("SHIELD_BYPASS_RATE_LIMITS", "'maybe'", "true or false");
  }

  @Test
  void errorsAreCounted() {
    ShieldEngine engine = started(MemoryBackend.create());
    assertThat(engine.errors()).isZero();
    EngineInternals internals = EngineInternals.of(engine);
    internals.countError(new IllegalStateException("on purpose"));
    internals.countError(new IllegalStateException("on purpose"));
    assertThat(engine.errors()).isEqualTo(2);
  }
}
