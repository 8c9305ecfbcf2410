package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.model.MaintenanceMode;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever stands before a closed route, its handler never runs. */
class HiddenGateTest extends WebTest {
  private static Named<BiConsumer<TestApp, Router>> before(
      String name, BiConsumer<TestApp, Router> routes) {
    return Named.of(name, routes);
  }

  private static Route kind(Router router) {
    return router.post("/:kind");
  }

  static Stream<Named<BiConsumer<TestApp, Router>>> whatMayStandBefore() {
    return Stream.of(
        before("consumes", (app, r) -> kind(r).consumes("text/xml").handler(app.named("kind"))),
        before("produces", (app, r) -> kind(r).produces("text/xml").handler(app.named("kind"))),
        before("disabled", (app, r) -> kind(r).disable().handler(app.named("kind"))),
        before("disabled later", (app, r) -> kind(r).handler(app.named("kind")).disable()),
        before(
            "virtual host",
            (app, r) -> kind(r).virtualHost("x.example").handler(app.named("kind"))),
        before("next()", (app, r) -> kind(r).handler(ctx -> ctx.next())),
        before("exact, next()", (app, r) -> r.post("/payments").handler(ctx -> ctx.next())),
        before(
            "all methods, virtual host",
            (app, r) -> r.route("/payments").virtualHost("x.example").handler(app.named("all"))),
        before(
            "a sub-router that falls through",
            (app, r) -> {
              Router sub = Router.router(vertx);
              sub.post("/").handler(ctx -> ctx.next());
              sub.post("/*").handler(ctx -> ctx.next());
              r.route("/payments/*").subRouter(sub);
            }),
        before(
            "a template in a sub-router",
            (app, r) -> {
              Router sub = Router.router(vertx);
              sub.post("/:kind").consumes("text/xml").handler(app.named("kind"));
              r.route("/*").subRouter(sub);
            }),
        before(
            "a sub-router of another host",
            (app, r) -> {
              Router sub = Router.router(vertx);
              sub.post("/payments").handler(app.named("other"));
              r.route("/*").virtualHost("x.example").subRouter(sub);
            }));
  }

  @ParameterizedTest
  @MethodSource("whatMayStandBefore")
  void aClosedExactRouteNeverRuns(BiConsumer<TestApp, Router> before) {
    TestApp app = guarded();
    before.accept(app, app.router());
    app.router().post("/payments").handler(app.named("payments"));
    app.start();
    assertThat(app.client().sendBody("POST", "/payments", "{}", "Accept: text/plain").body())
        .isEqualTo("payments");
    app.disable("POST:/payments");
    Answer refused = app.client().sendBody("POST", "/payments", "{}", "Accept: text/plain");
    assertThat(refused.code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.ran()).containsExactly("payments");
  }

  @Test
  void aClosedTemplateBehindAnExactRouteNeverRuns() {
    TestApp app = guarded();
    app.router().get("/users/me").handler(ctx -> ctx.next());
    app.router().get("/users/:id").handler(app.named("user"));
    app.start();
    assertThat(app.get("/users/me").body()).isEqualTo("user");
    app.disable("GET:/users/:id");
    assertThat(app.get("/users/me").code()).isEqualTo("ROUTE_DISABLED");
  }

  @Test
  void behindATerminalRouteNothingIsJudged() {
    TestApp app = guarded();
    Shield.on(app.router().get("/users/me")).terminal().handler(app.named("me"));
    app.router().get("/users/:id").handler(app.named("user"));
    app.start();
    app.disable("GET:/users/:id");
    assertThat(app.get("/users/me").body()).isEqualTo("me");
    assertThat(app.get("/users/you").code()).isEqualTo("ROUTE_DISABLED");
    app.disable("GET:/users/me");
    assertThat(app.get("/users/me").code()).isEqualTo("ROUTE_DISABLED");
  }

  @Test
  void aRouteBehindDoesNotCloseAnExemptOneDuringMaintenance() {
    TestApp app = guarded();
    Shield.on(app.router().get("/health")).forceActive().handler(app.named("health"));
    app.router().get("/exempt").handler(app.named("exempt"));
    app.router().get("/*").handler(app.named("page"));
    app.start();
    TestApp.await(
        app.engine()
            .maintenance()
            .setGlobal(
                new MaintenanceMode(true, "all", List.of("GET:/exempt"), false), TestApp.ALICE));
    assertThat(app.get("/health").body()).isEqualTo("health");
    assertThat(app.get("/exempt").body()).isEqualTo("exempt");
    assertThat(app.get("/page").code()).isEqualTo("MAINTENANCE_MODE");
    app.disable("GET:/*");
    assertThat(app.get("/exempt").code()).as("it may go on").isEqualTo("ROUTE_DISABLED");
  }

  /** A maintenance is asked for what the request is meant for. */
  @Test
  void aWildcardBeforeDoesNotCloseAnExemptOneDuringMaintenance() {
    TestApp app = guarded();
    Shield.on(app.router().route("/api/*")).limit("100/minute").handler(ctx -> ctx.next());
    app.router().get("/api/*").handler(ctx -> ctx.next());
    Shield.on(app.router().get("/api/health")).forceActive().handler(app.named("health"));
    app.router().get("/api/exempt").handler(app.named("exempt"));
    Router sub = Router.router(vertx);
    sub.get("/:id").handler(app.named("item"));
    Shield.on(app.router().route("/api/items/*")).route().subRouter(sub);
    app.router().get("/api/x").handler(app.named("x"));
    app.router().get("/api/some").consumes("text/xml").handler(app.named("some"));
    app.start();
    List<String> exempt = List.of("/api/exempt", "GET:/api/items/:id", "/api/some");
    TestApp.await(
        app.engine()
            .maintenance()
            .setGlobal(new MaintenanceMode(true, "all", exempt, false), TestApp.ALICE));
    for (String path : List.of("/api/health", "/api/exempt", "/api/items/7")) {
      assertThat(app.get(path).status()).as(path).isEqualTo(200);
    }
    for (String path : List.of("/api/x", "/api/nowhere", "/api/some")) {
      assertThat(app.get(path).code()).as(path).isEqualTo("MAINTENANCE_MODE");
    }
    assertThat(app.ran()).containsExactly("health", "exempt", "item");
    app.disable("GET:/api/*");
    assertThat(app.get("/api/health").code()).isEqualTo("ROUTE_DISABLED");
    app.enable("GET:/api/*");
    TestApp.await(app.engine().maintenance().disableGlobal(TestApp.ALICE));
    assertThat(app.get("/api/x").body()).isEqualTo("x");
  }

  @Test
  void aRequestIsChargedForTheFirstRouteThatIsCertain() {
    TestApp app = guarded();
    Shield.on(app.router().post("/:kind").consumes("text/xml"))
        .limit("1/minute")
        .handler(app.named("kind"));
    Shield.on(app.router().post("/payments")).limit("2/minute").handler(app.named("payments"));
    Shield.on(app.router().post("/*")).limit("1/minute").handler(app.named("any"));
    app.start();
    for (int status : new int[] {200, 200, 429}) {
      Answer answer = app.client().sendBody("POST", "/payments", "{}");
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.header("X-RateLimit-Limit")).isEqualTo("2");
    }
  }

  @Test
  void onlyTheNoticeOfTheRouteThatIsMeantIsSent() {
    TestApp app = guarded();
    app.router().get("/x").handler(app.named("x"));
    Shield.on(app.router().get("/:any")).deprecated().handler(app.named("any"));
    app.start();
    assertThat(app.get("/x").header("Deprecation")).isNull();
    assertThat(app.get("/y").header("Deprecation")).isNotNull();
  }
}
