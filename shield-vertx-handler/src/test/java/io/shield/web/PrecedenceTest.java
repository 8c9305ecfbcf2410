package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.RouteAction;
import io.shield.memory.MemoryBackend;
import io.shield.model.MaintenanceMode;
import io.shield.model.RouteState;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of several states governs a request. */
class PrecedenceTest extends WebTest {
  private TestApp app;

  @BeforeEach
  void makeApp() {
    MemoryBackend store = MemoryBackend.create();
    app = closing(TestApp.bare(vertx, store, options -> options.setService("shop")));
    app.router().route().handler(ShieldHandler.create(app.engine(), app.router()));
  }

  private void global(MaintenanceMode mode) {
    TestApp.await(app.engine().maintenance().setGlobal(mode, TestApp.ALICE));
  }

  private void service(MaintenanceMode mode) {
    TestApp.await(app.engine().maintenance().setService("shop", mode, TestApp.ALICE));
  }

  private String reason(String method, String path) {
    Answer answer = app.client().send(method, path);
    return answer.status() == 200 ? "open" : answer.error().getString("reason");
  }

  @Test
  void globalThenServiceThenMethodThenPath() {
    app.router().route("/x").handler(app.named("x"));
    app.start();
    app.apply("/x", new RouteAction.Disable("path", null));
    assertThat(reason("GET", "/x")).isEqualTo("path");
    app.apply("GET:/x", new RouteAction.Maintenance("method", null));
    assertThat(reason("GET", "/x")).isEqualTo("method");
    assertThat(reason("POST", "/x")).isEqualTo("path");
    service(MaintenanceMode.on("service"));
    assertThat(reason("GET", "/x")).isEqualTo("service");
    assertThat(reason("POST", "/x")).isEqualTo("service");
    global(MaintenanceMode.on("global"));
    assertThat(reason("GET", "/x")).isEqualTo("global");
    global(MaintenanceMode.OFF);
    service(MaintenanceMode.OFF);
    app.enable("GET:/x");
    assertThat(reason("GET", "/x")).as("the method's state wins when it is open").isEqualTo("open");
    assertThat(reason("POST", "/x")).isEqualTo("path");
  }

  @Test
  void anotherServicesMaintenanceDoesNotCount() {
    app.router().get("/x").handler(app.named("x"));
    app.start();
    TestApp.await(app.engine().maintenance().enableService("other", TestApp.ALICE, "other"));
    assertThat(reason("GET", "/x")).isEqualTo("open");
  }

  @Test
  void aForceActiveGetLeavesPostGoverned() {
    Shield.on(app.router().get("/x")).forceActive().handler(app.named("get"));
    app.router().post("/x").handler(app.named("post"));
    app.start();
    app.disable("POST:/x");
    assertThat(reason("GET", "/x")).isEqualTo("open");
    assertThat(reason("POST", "/x")).isEqualTo("broken");
    global(MaintenanceMode.on("global"));
    assertThat(reason("GET", "/x")).isEqualTo("open");
    assertThat(reason("POST", "/x")).isEqualTo("global");
    service(MaintenanceMode.on("service"));
    global(MaintenanceMode.OFF);
    assertThat(reason("GET", "/x")).isEqualTo("open");
    assertThat(reason("POST", "/x")).isEqualTo("service");
  }

  @Test
  void aMaintenanceMayIncludeWhatIsForceActive() {
    Shield.on(app.router().get("/x")).forceActive().handler(app.named("get"));
    app.start();
    global(new MaintenanceMode(true, "everything", List.of(), true));
    assertThat(reason("GET", "/x")).isEqualTo("everything");
  }

  @Test
  void exemptPathsAreOpenDuringMaintenanceUnlessClosedThemselves() {
    app.router().get("/x").handler(app.named("x"));
    app.router().post("/x").handler(app.named("x"));
    app.router().get("/orders/:id").handler(app.named("order"));
    app.start();
    global(new MaintenanceMode(true, "global", List.of("GET:/x", "/orders/:id"), false));
    assertThat(reason("GET", "//x/")).isEqualTo("open");
    assertThat(reason("POST", "/x")).isEqualTo("global");
    assertThat(reason("GET", "/orders/7")).isEqualTo("open");
    app.disable("GET:/x");
    assertThat(reason("GET", "/x")).isEqualTo("broken");
  }

  /** No name is special. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/docs",
        "/docsearch",
        "/docs/page",
        "/redoc",
        "/openapi.json",
        "/shield",
        "/shield/api",
        "/health",
        "/favicon.ico",
        "/.well-known/x",
        "/static/login",
        "/api/services/static"
      })
  void everyRouteIsEnforced(String path) {
    app.router().get(path).handler(app.named(path));
    app.start();
    assertThat(app.get(path).body()).isEqualTo(path);
    app.disable(path);
    assertThat(app.get(path).code()).isEqualTo("ROUTE_DISABLED");
    app.enable(path);
    global(MaintenanceMode.on("global"));
    assertThat(app.get(path).code()).isEqualTo("MAINTENANCE_MODE");
    assertThat(app.ran()).containsExactly(path);
  }

  @Test
  void whatMatchesNoRouteIsLeftToVertx() {
    app.router().get("/x").handler(app.named("x"));
    app.start();
    global(MaintenanceMode.on("global"));
    service(MaintenanceMode.on("service"));
    Answer unknown = app.get("/unknown");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.body()).contains("Resource not found");
    Answer wrongMethod = app.client().send("POST", "/x");
    assertThat(wrongMethod.status()).isEqualTo(405);
    assertThat(wrongMethod.header("Allow")).isEqualTo("GET");
    assertThat(app.get("/x").status()).isEqualTo(503);
  }

  @Test
  void headFollowsGetUnlessItHasItsOwnState() {
    app.router().route("/x").handler(app.named("x"));
    app.start();
    app.apply("GET:/x", new RouteAction.Disable("get", null));
    assertThat(app.client().send("HEAD", "/x").status()).isEqualTo(503);
    app.enable("HEAD:/x");
    assertThat(app.client().send("HEAD", "/x").status()).isEqualTo(200);
    assertThat(app.client().send("GET", "/x").status()).isEqualTo(503);
  }

  @Test
  void aRouteOfSeveralMethodsHasAStateForEach() {
    app.router().get("/x").method(HttpMethod.PUT).handler(app.named("x"));
    app.start();
    app.disable("PUT:/x");
    assertThat(app.engine().snapshot().states()).containsOnlyKeys("GET:/x", "PUT:/x");
    assertThat(reason("GET", "/x")).isEqualTo("open");
    assertThat(reason("PUT", "/x")).isEqualTo("broken");
  }

  @Test
  void theGateOfAWildcardClosesWhatIsBehindIt() {
    Shield.on(app.router().route("/api/*")).handler(ctx -> ctx.next());
    app.router().get("/api/x").handler(app.named("x"));
    app.router().get("/apix").handler(app.named("apix"));
    app.start();
    app.disable("/api/*");
    assertThat(reason("GET", "/api/x")).isEqualTo("broken");
    assertThat(reason("GET", "/apix")).isEqualTo("open");
    app.enable("/api/*");
    app.disable("GET:/api/x");
    assertThat(reason("GET", "/api/x")).as("and an open one does not open it").isEqualTo("broken");
    assertThat(app.ran()).containsExactly("apix");
  }

  @Test
  void aClosedRouteRefusesWhatItMatches() {
    app.router().get("/x").handler(app.named("x"));
    app.router().get("/:any").handler(app.named("any"));
    app.start();
    app.disable("GET:/:any");
    assertThat(reason("GET", "/x")).as("its handler may go on").isEqualTo("broken");
    assertThat(reason("GET", "/y")).isEqualTo("broken");
    app.enable("GET:/:any");
    app.disable("GET:/x");
    assertThat(reason("GET", "/x")).isEqualTo("broken");
    assertThat(reason("GET", "/y")).isEqualTo("open");
  }

  @Test
  void aClosedMountClosesItsSubRouter() {
    Router sub = Router.router(vertx);
    sub.get("/x").handler(app.named("x"));
    Shield.on(app.router().route("/v1/*")).disabled("version 1 is gone").route().subRouter(sub);
    app.start();
    assertThat(reason("GET", "/v1/x")).isEqualTo("version 1 is gone");
    app.enable("/v1/*");
    assertThat(reason("GET", "/v1/x")).isEqualTo("open");
  }

  @Test
  void aStateNamesItsOwnService() {
    app.router().get("/x").handler(app.named("x"));
    TestApp.await(app.engine().start());
    TestApp.await(
        app.engine().register(List.of(RouteState.builder("GET:/x").service("shop").build())));
    app.listen();
    service(MaintenanceMode.on("service"));
    assertThat(reason("GET", "/x")).isEqualTo("service");
  }
}
