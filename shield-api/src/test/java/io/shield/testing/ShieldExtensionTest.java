package io.shield.testing;

import static io.shield.testing.ShieldAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.Bypass;
import io.shield.ShieldEngine;
import io.shield.decision.RefusalKind;
import io.shield.fixtures.MutableClock;
import io.shield.model.Origin;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ShieldExtensionTest {
  private static final Actor ALICE = Actor.of("alice", "test");
  private static final Set<ShieldEngine> SEEN = new HashSet<>();

  @RegisterExtension
  ShieldExtension shield = ShieldExtension.with(options -> options.setEnvironment("staging"));

  private static void register(ShieldEngine engine, String... keys) {
    await(
        engine.register(
            List.of(keys).stream()
                .map(key -> RouteState.active(key).toBuilder().origin(Origin.CODE).build())
                .toList()));
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void aRouteOpensWhenItsTimeHasCome(ShieldEngine engine, MutableClock clock) {
    register(engine, "GET:/pay");
    assertThat(engine).route("GET:/pay").isOpen();
    await(
        engine
            .routes()
            .maintenance("GET:/pay", ALICE, "rebuild", clock.instant().plus(2, ChronoUnit.HOURS)));
    assertThat(engine).route("GET:/pay").isRefused(RefusalKind.MAINTENANCE, "rebuild");
    assertThat(engine).lastChangeIs("maintenance_on", "GET:/pay", "alice");
    clock.advance(Duration.ofHours(2));
    assertThat(engine).route("GET:/pay").isOpen();
  }

  @Test
  void optionsAreThoseOfTheField(ShieldEngine engine) {
    assertThat(engine.site().environment()).isEqualTo("staging");
  }

  @RepeatedTest(2)
  void everyTestHasItsOwn(ShieldEngine engine) {
    assertThat(SEEN.add(engine)).isTrue();
    assertThat(engine.snapshot().states()).isEmpty();
  }

  @Test
  @WithoutShield
  void nothingIsEnforced(ShieldEngine engine) {
    register(engine, "GET:/pay");
    await(engine.routes().disable("GET:/pay", ALICE, "broken"));
    assertThat(engine).route("GET:/pay").isOpen();
  }

  @Test
  @WithoutShield(Bypass.Kind.RATE_LIMITS)
  void theRestIsEnforced(ShieldEngine engine) {
    register(engine, "GET:/pay");
    await(engine.routes().disable("GET:/pay", ALICE, "broken"));
    assertThat(engine).route("GET:/pay").isRefused(RefusalKind.DISABLED);
  }

  @Test
  void whatIsNotSoIsSaid(ShieldEngine engine) {
    register(engine, "GET:/pay");
    assertThatThrownBy(() -> assertThat(engine).route("GET:/pay").isRefused(RefusalKind.DISABLED))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("GET:/pay to be refused by DISABLED");
    assertThatThrownBy(() -> assertThat(engine).lastChangeIs("disable", "GET:/pay", "alice"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("disable of GET:/pay by alice");
    await(engine.routes().disable("GET:/pay", ALICE, "broken"));
    assertThatThrownBy(() -> assertThat(engine).route("GET:/pay").isOpen())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("refused: Disabled");
    assertThatThrownBy(
            () -> assertThat(engine).route("GET:/pay").isRefused(RefusalKind.DISABLED, "other"))
        .hasMessageContaining("'broken'");
  }
}
