package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.RouteAction;
import io.shield.fixtures.ErrorStream;
import io.shield.internal.EngineInternals;
import io.shield.internal.gate.Gates;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A handler on a single route. */
class GuardTest extends WebTest {
  private TestApp app;
  private Handler<RoutingContext> guard;

  @BeforeEach
  void makeApp() {
    app = bare();
    guard = ShieldHandler.guard(app.engine());
  }

  private Route on(Route route, String name) {
    return route.handler(ShieldHandler.guard(app.engine())).handler(app.named(name));
  }

  @Test
  void itJudgesByTheTemplateAndNotByTheUrl() {
    on(app.router().get("/items/:id"), "item");
    app.start();
    assertThat(app.get("/items/1").status()).isEqualTo(200);
    app.disable("GET:/items/:id");
    for (String path : List.of("/items/1", "/items/2", "//items/%31/", "/x/../items/a%2Fb")) {
      Answer answer = app.get(path);
      assertThat(answer.code()).as(path).isEqualTo("ROUTE_DISABLED");
      assertThat(answer.error().getString("path")).isEqualTo(path);
    }
    assertThat(app.ran()).containsExactly("item");
    assertThat(app.engine().snapshot().states()).containsOnlyKeys("GET:/items/:id");
  }

  @Test
  void itLeavesOtherRoutesAlone() {
    on(app.router().get("/guarded"), "guarded");
    app.router().get("/free").handler(app.named("free"));
    app.start();
    TestApp.await(app.engine().maintenance().enableGlobal(TestApp.ALICE, "all"));
    assertThat(app.get("/guarded").status()).isEqualTo(503);
    assertThat(app.get("/free").status()).isEqualTo(200);
    assertThat(app.get("/unknown").status()).isEqualTo(404);
  }

  @Test
  void theFirstRequestIsJudgedByWhatIsDeclared() {
    Shield.on(app.router().get("/x"))
        .maintenance("soon")
        .route()
        .handler(guard)
        .handler(app.named("x"));
    app.start();
    assertThat(app.get("/x").error().getString("reason")).isEqualTo("soon");
    app.enable("/x");
    assertThat(app.get("/x").status()).isEqualTo(200);
  }

  @Test
  void aMethodHasItsOwnState() {
    on(app.router().route("/x").method(HttpMethod.GET).method(HttpMethod.POST), "x");
    on(app.router().route("/all"), "all");
    app.start();
    app.get("/x");
    app.get("/all");
    app.disable("POST:/x");
    app.apply("PUT:/all", new RouteAction.Disable("put", null));
    assertThat(app.get("/x").status()).isEqualTo(200);
    assertThat(app.client().send("POST", "/x").status()).isEqualTo(503);
    assertThat(app.get("/all").status()).isEqualTo(200);
    assertThat(app.client().send("PUT", "/all").status()).isEqualTo(503);
    assertThat(app.engine().snapshot().states())
        .containsOnlyKeys("GET:/x", "POST:/x", "/all", "PUT:/all");
  }

  @Test
  void inASubRouterItAddsTheMountPoint() {
    Router sub = Router.router(vertx);
    Router deep = Router.router(vertx);
    on(sub.get("/items/:id"), "item");
    on(sub.get("/"), "root");
    on(deep.get("/leaf"), "leaf");
    sub.route("/deep/*").subRouter(deep);
    app.router().route("/v1/*").subRouter(sub);
    app.start();
    for (String path : List.of("/v1/items/7", "/v1/", "/v1/deep/leaf")) {
      assertThat(app.get(path).status()).as(path).isEqualTo(200);
    }
    app.disable("GET:/v1/items/:id");
    assertThat(app.get("/v1/items/7").status()).isEqualTo(503);
    assertThat(app.engine().snapshot().states())
        .containsOnlyKeys("GET:/v1/items/:id", "GET:/v1/", "GET:/v1/deep/leaf");
  }

  @Test
  void aRouterMountedTwiceHasTwoStates() {
    Router sub = Router.router(vertx);
    on(sub.get("/x"), "x");
    app.router().route("/v1/*").subRouter(sub);
    app.router().route("/v2/*").subRouter(sub);
    app.start();
    app.get("/v1/x");
    app.get("/v2/x");
    app.disable("GET:/v1/x");
    for (int i = 0; i < 3; i++) {
      assertThat(app.get("/v1/x").status()).isEqualTo(503);
      assertThat(app.get("/v2/x").status()).isEqualTo(200);
    }
  }

  @Test
  void oneGuardMayStandOnManyRoutes() {
    for (int i = 0; i < 150; i++) {
      app.router().get("/r" + i).handler(guard).handler(app.named("r" + i));
    }
    app.start();
    for (int i = 0; i < 150; i++) {
      assertThat(app.get("/r" + i).status()).isEqualTo(200);
    }
    app.disable("/r17");
    for (int i = 0; i < 150; i++) {
      assertThat(app.get("/r" + i).status()).isEqualTo(i == 17 ? 503 : 200);
    }
    assertThat(app.engine().errors()).isZero();
  }

  @Test
  void routesThatAreGoneLeaveNoSlots() {
    app.start();
    Gates gates = EngineInternals.of(app.engine()).gates();
    for (int i = 0; i < 20; i++) {
      Route route = on(app.router().get("/r" + i), "r" + i);
      assertThat(app.get("/r" + i).status()).isEqualTo(200);
      route.remove();
    }
    await()
        .untilAsserted(
            () -> {
              System.gc();
              gates.slots(List.of());
              // The latest request may still know its route.
              assertThat(gates.size()).isLessThan(3);
            });
  }

  /** Strangers choose what stands in place of a mount's parameter. */
  @Test
  void belowAMountWithParametersItDoesNotFillTheStore() {
    Router sub = Router.router(vertx);
    on(sub.get("/x"), "x");
    app.router().route("/tenants/:tenant/*").subRouter(sub);
    app.start();
    try (ErrorStream log = new ErrorStream()) {
      for (int i = 0; i < 103; i++) {
        assertThat(app.get("/tenants/" + i + "/x").status()).isEqualTo(200);
      }
      assertThat(log.lines("cannot be placed")).hasSize(1);
    }
    assertThat(app.engine().errors()).isZero();
    TestApp.await(app.engine().register(List.of()));
    assertThat(app.engine().snapshot().states()).isEmpty();
  }

  @Test
  void aWildcardAndARegexHaveTheirOwnKeys() {
    on(app.router().get("/files/*"), "files");
    on(app.router().getWithRegex("\\/r\\/[a-z]+"), "regex");
    on(app.router().getWithRegex("\\/named\\/[a-z]+").setName("/named"), "named");
    app.start();
    assertThat(app.get("/files/a/b").status()).isEqualTo(200);
    assertThat(app.get("/r/abc").status()).isEqualTo(200);
    assertThat(app.get("/named/abc").status()).isEqualTo(200);
    for (String key : List.of("GET:/files/*", "GET:/r/[a-z]+", "GET:/named")) {
      app.disable(key);
    }
    assertThat(app.get("/files/c").status()).isEqualTo(503);
    assertThat(app.get("/r/x").status()).isEqualTo(503);
    assertThat(app.get("/named/x").status()).isEqualTo(503);
  }

  @Test
  void aRouteThatNoKeyCanNameIsServedAndClosedByMaintenanceOnly() {
    on(app.router().routeWithRegex("\\/with blank"), "blank");
    on(app.router().route("/x").method(HttpMethod.valueOf("lower")), "lower");
    app.start();
    assertThat(app.client().send("lower", "/x").body()).isEqualTo("lower");
    assertThat(app.engine().errors()).isZero();
    TestApp.await(app.engine().maintenance().enableGlobal(TestApp.ALICE, "all"));
    assertThat(app.client().send("lower", "/x").code()).isEqualTo("MAINTENANCE_MODE");
  }

  @Test
  void behindTheRoutersHandlerItJudgesTheSameState() {
    TestApp both = guarded();
    both.router().get("/x").handler(ShieldHandler.guard(both.engine())).handler(both.named("x"));
    both.start();
    assertThat(both.get("/x").status()).isEqualTo(200);
    both.apply("/x", new RouteAction.Deprecate(null, "/y", "", null));
    assertThat(both.get("/x").headers("Link")).hasSize(1);
    both.disable("/x");
    assertThat(both.get("/x").status()).isEqualTo(503);
  }

  @Test
  void itsRefusalsAreTheApplications() {
    Shield.on(app.router().get("/x"))
        .disabled("gone")
        .onRefusal((ctx, refusal) -> ctx.response().setStatusCode(410).end("own"))
        .route()
        .handler(guard)
        .handler(app.named("x"));
    app.start();
    assertThat(app.get("/x").body()).isEqualTo("own");
  }

  /** A timeout has answered while authentication was still under way. */
  @Test
  void aRequestThatWasAnsweredMeanwhileDoesNotPass() {
    app.router()
        .get("/x")
        .handler(
            ctx -> {
              if (ctx.queryParams().contains("late")) {
                ctx.response().setStatusCode(504).end("timeout");
              }
              ctx.next();
            })
        .handler(guard)
        .handler(app.named("x"));
    app.start();
    app.get("/x");
    app.disable("/x");
    app.ran();
    assertThat(app.get("/x?late").body()).isEqualTo("timeout");
    assertThat(app.ran()).isEmpty();
    assertThat(app.engine().errors()).isZero();
  }
}
