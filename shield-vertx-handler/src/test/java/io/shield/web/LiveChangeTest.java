package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.Bypass;
import io.shield.RouteAction;
import io.shield.fixtures.MutableClock;
import io.shield.memory.MemoryBackend;
import io.shield.model.MaintenanceWindow;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Changes while the application serves: of states, of the router, by another instance. */
class LiveChangeTest extends WebTest {
  private static final Instant NOW = MutableClock.START;

  @Test
  void aChangeHoldsFromTheVeryNextRequest() {
    TestApp app = guarded();
    app.router().get("/x").handler(app.named("x"));
    app.start();
    for (int i = 0; i < 20; i++) {
      app.disable("/x");
      assertThat(app.get("/x").code()).isEqualTo("ROUTE_DISABLED");
      app.maintenance("/x");
      assertThat(app.get("/x").code()).isEqualTo("MAINTENANCE_MODE");
      app.enable("/x");
      assertThat(app.get("/x").status()).isEqualTo(200);
    }
  }

  @Test
  void aWindowOpensAndClosesByTheClockAlone() {
    TestApp app = guarded();
    app.router().get("/x").handler(app.named("x"));
    app.start();
    MaintenanceWindow window =
        new MaintenanceWindow(NOW.plusSeconds(60), NOW.plusSeconds(120), "nightly");
    app.apply("/x", new RouteAction.Schedule(window));
    assertThat(app.get("/x").status()).as("before the window").isEqualTo(200);
    app.clock().set(NOW.plusSeconds(60).minusMillis(1));
    assertThat(app.get("/x").status()).isEqualTo(200);
    app.clock().set(NOW.plusSeconds(60));
    assertThat(app.get("/x").header("Retry-After")).isEqualTo("60");
    app.clock().set(NOW.plusSeconds(120).minusMillis(1));
    assertThat(app.get("/x").header("Retry-After")).isEqualTo("1");
    app.clock().set(NOW.plusSeconds(120));
    assertThat(app.get("/x").status()).isEqualTo(200);
    app.clock().set(NOW.plusSeconds(90));
    assertThat(app.get("/x").status()).as("a clock set back").isEqualTo(503);
  }

  @Test
  void routesAddedAndRemovedLaterAreNoticed() {
    TestApp app = guarded();
    app.router().get("/x").handler(app.named("x"));
    app.start();
    Route late = Shield.on(app.router().get("/late")).handler(app.named("late"));
    assertThat(app.get("/late").body()).isEqualTo("late");
    app.disable("GET:/late");
    assertThat(app.get("/late").code()).isEqualTo("ROUTE_DISABLED");
    late.remove();
    assertThat(app.get("/late").status()).as("left to Vert.x").isEqualTo(404);
    app.router().get("/:any").handler(app.named("any"));
    assertThat(app.get("/late").body()).as("another route's state").isEqualTo("any");
    app.router().get("/late").order(-1).handler(app.named("again"));
    assertThat(app.router().getRoutes()).isNotEmpty();
    assertThat(app.get("/x").status()).isEqualTo(200);
  }

  @Test
  void aRouteAddedLaterToASubRouterIsNoticed() {
    TestApp app = guarded();
    Router sub = Router.router(vertx);
    app.router().route("/v1/*").subRouter(sub);
    app.start();
    sub.get("/x").handler(app.named("x"));
    app.disable("GET:/v1/x");
    assertThat(app.get("/v1/x").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.ran()).isEmpty();
  }

  @Test
  void aStateThatWasSetBeforeItsRouteExistsHolds() {
    MemoryBackend store = MemoryBackend.create();
    TestApp first = closing(TestApp.bare(vertx, store, options -> options.setName("first")));
    first.router().route().handler(ShieldHandler.create(first.engine(), first.router()));
    first.router().get("/x").handler(first.named("x"));
    first.start();
    first.disable("/x");
    TestApp second = closing(TestApp.bare(vertx, store, options -> options.setName("second")));
    second.router().route().handler(ShieldHandler.create(second.engine(), second.router()));
    TestApp.await(second.engine().start());
    second.listen();
    second.router().get("/x").handler(second.named("x"));
    assertThat(second.get("/x").code()).isEqualTo("ROUTE_DISABLED");
  }

  @Test
  void aSecondInstanceEnforcesTheChange() {
    MemoryBackend store = MemoryBackend.create();
    TestApp first = instance(store, "first");
    TestApp second = instance(store, "second");
    first.disable("/x");
    assertThat(first.get("/x").code()).isEqualTo("ROUTE_DISABLED");
    await().untilAsserted(() -> assertThat(second.get("/x").code()).isEqualTo("ROUTE_DISABLED"));
    second.enable("/x");
    assertThat(second.get("/x").status()).isEqualTo(200);
    await().untilAsserted(() -> assertThat(first.get("/x").status()).isEqualTo(200));
  }

  private TestApp instance(MemoryBackend store, String name) {
    TestApp app = closing(TestApp.bare(vertx, store, options -> options.setName(name)));
    app.router().route().handler(ShieldHandler.create(app.engine(), app.router()));
    app.router().get("/x").handler(app.named("x"));
    return app.start();
  }

  @Test
  void anEngineThatIsNotStartedEnforcesWhatTheCodeDeclares() {
    TestApp app = guarded();
    Shield.on(app.router().get("/closed")).maintenance("soon").handler(app.named("closed"));
    Shield.on(app.router().get("/dev")).envOnly("dev").handler(app.named("dev"));
    app.router().get("/open").handler(app.named("open"));
    app.listen();
    assertThat(app.get("/closed").status()).as("the very first request").isEqualTo(503);
    assertThat(app.get("/dev").code()).isEqualTo("ENV_GATED");
    assertThat(app.get("/open").status()).isEqualTo(200);
    TestApp.await(app.engine().start());
    assertThat(app.get("/closed").status()).isEqualTo(503);
    app.enable("/closed");
    assertThat(app.get("/closed").status()).isEqualTo(200);
  }

  @Test
  void theVeryFirstRequestIsJudgedByWhatTheCodeDeclares() {
    TestApp app = guarded();
    Shield.on(app.router().get("/closed")).disabled("not ready").handler(app.named("closed"));
    app.start();
    assertThat(app.get("/closed").code()).isEqualTo("ROUTE_DISABLED");
    Shield.on(app.router().get("/late")).disabled("not ready").handler(app.named("late"));
    assertThat(app.get("/late").code()).isEqualTo("ROUTE_DISABLED");
  }

  @Test
  void aClosedEngineGoesOnEnforcingWhatItKnew() {
    TestApp app = guarded();
    app.router().get("/x").handler(app.named("x"));
    app.router().get("/y").handler(app.named("y"));
    app.start();
    app.disable("/x");
    TestApp.await(app.engine().close());
    assertThat(app.get("/x").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.get("/y").status()).isEqualTo(200);
    app.router().get("/z").handler(app.named("z"));
    assertThat(app.get("/z").status()).isEqualTo(200);
    assertThat(app.engine().errors()).isZero();
  }

  @Test
  void aBypassSwitchesEnforcementOff() throws Exception {
    TestApp app = guarded();
    app.router().get("/x").handler(app.named("x"));
    app.start();
    app.disable("/x");
    try (AutoCloseable bypass = app.engine().bypass(Bypass.Kind.LIFECYCLE)) {
      assertThat(bypass).isNotNull();
      assertThat(app.get("/x").status()).isEqualTo(200);
    }
    assertThat(app.get("/x").status()).isEqualTo(503);
  }

  @Test
  void twoHandlersOfOneEngineShareStates() {
    TestApp app = guarded();
    app.router().get("/x").handler(app.named("x"));
    Router other = Router.router(vertx);
    other.route().handler(ShieldHandler.create(app.engine(), other));
    other.get("/y").handler(app.named("y"));
    TestApp second = bare();
    second.router().route().subRouter(other);
    app.start();
    second.listen();
    app.disable("GET:/y");
    assertThat(second.get("/y").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.get("/x").status()).isEqualTo(200);
    app.clock().advance(Duration.ofDays(1));
    assertThat(second.get("/y").code()).isEqualTo("ROUTE_DISABLED");
  }
}
