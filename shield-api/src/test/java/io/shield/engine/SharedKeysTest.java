package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldEngine;
import io.shield.fixtures.MutableClock;
import io.shield.memory.MemoryBackend;
import io.shield.model.RouteState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two services whose code declares one key in one store. */
class SharedKeysTest extends EngineTest {
  private final MutableClock clock = MutableClock.create();
  private final MemoryBackend store = MemoryBackend.create();

  private ShieldEngine service(String name, String... keys) {
    ShieldEngine engine = started(on(store).setClock(clock).setService(name));
    register(engine, keys);
    return engine;
  }

  private static String warning(ShieldEngine engine) {
    return String.valueOf(engine.store().status().warning());
  }

  /** Both go on; both are told, and the ways out. */
  @Test
  void areTold() {
    ShieldEngine shop = service("shop", "GET:/health", "GET:/cart");
    assertThat(warning(shop)).doesNotContain("declared by");
    ShieldEngine billing = service("billing", "GET:/health", "GET:/bill");
    for (ShieldEngine engine : List.of(shop, billing)) {
      eventually(
          () ->
              assertThat(warning(engine))
                  .contains(
                      "GET:/health is declared by billing and shop",
                      "a file, a key prefix",
                      "Shield Server"));
      assertThat(engine.routes().get("GET:/health").sharedBy()).containsExactly("billing", "shop");
      assertThat(engine.routes().get("GET:/cart").sharedBy()).isEmpty();
    }
  }

  @Test
  void areOneHoweverTheirParametersAreSpelt() {
    ShieldEngine shop = service("shop", "GET:/orders/{id}");
    ShieldEngine billing = service("billing", "GET:/orders/:id");
    for (ShieldEngine engine : List.of(shop, billing)) {
      eventually(
          () ->
              assertThat(engine.routes().get("GET:/orders/:id").sharedBy())
                  .containsExactly("billing", "shop"));
    }
  }

  /** As on a Shield Server, where keys bear the service. */
  @Test
  void areNotToldOfKeysThatBearTheirServices() {
    service("shop", "shop:GET:/health");
    ShieldEngine billing = service("billing", "billing:GET:/health");
    assertThat(warning(billing)).doesNotContain("declared by");
  }

  /** Whoever comes first, the one whose keys bear another service's name or that service. */
  @Test
  void areToldOfKeysThatBearTheNameOfOneOfThem() {
    for (List<String> order : List.of(List.of("shop", "billing"), List.of("billing", "shop"))) {
      MemoryBackend own = MemoryBackend.create();
      for (String name : order) {
        ShieldEngine engine = started(on(own).setClock(clock).setService(name));
        register(engine, "shop:GET:/health", name + ":GET:/own");
        await(engine.close());
      }
      ShieldEngine looking = started(on(own).setClock(clock));
      assertThat(warning(looking)).contains("shop:GET:/health is declared by billing and shop");
      await(looking.routes().forget("shop:GET:/health", true, null, ALICE, ""));
      eventually(() -> assertThat(warning(looking)).doesNotContain("declared by"));
    }
  }

  /** A service that was renamed is not two. */
  @Test
  void areForgottenWhenOneIsGone() {
    service("shop", "GET:/health");
    clock.advance(Duration.ofDays(2));
    ShieldEngine store = service("store", "GET:/health");
    assertThat(warning(store)).doesNotContain("declared by");
    assertThat(store.routes().get("GET:/health").sharedBy()).isEmpty();
  }

  /** The service names its own routes as those of others. */
  @Test
  void aServiceMayBeNamedBeforeItsOwnRoutes() {
    ShieldEngine shop = service("shop", "GET:/health", "/cart");
    assertThat(shop.routes().get("shop:GET:/health").state().path()).isEqualTo("GET:/health");
    assertThat(shop.routes().get("shop:/health").state().path()).isEqualTo("GET:/health");
    RouteState one = await(shop.routes().disable("shop:POST:/cart", ALICE, "closed"));
    assertThat(one.path()).isEqualTo("POST:/cart");
  }
}
