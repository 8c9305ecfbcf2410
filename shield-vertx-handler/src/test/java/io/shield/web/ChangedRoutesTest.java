package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.internal.EngineInternals;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.CorsHandler;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What took requests away from a closed route and does so no more, without Vert.x telling anybody:
 * the closed route does not run.
 */
class ChangedRoutesTest extends WebTest {
  private static final String[] PREFLIGHT = {
    "Origin: http://a.example", "Access-Control-Request-Method: GET"
  };

  private TestApp app;

  @BeforeEach
  void open() {
    app = guarded();
  }

  private void assertClosed(String method, String target, String... headers) {
    app.ran();
    assertThat(app.client().send(method, target, headers).status()).isEqualTo(503);
    assertThat(app.ran()).isEmpty();
  }

  static Stream<Consumer<Route>> changes() {
    return Stream.of(
        Route::disable,
        route -> route.virtualHost("other.example"),
        route -> route.consumes("text/xml"),
        route -> route.method(HttpMethod.GET),
        Route::remove);
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aCorsHandlerThatAnswersNoMore(Consumer<Route> change) {
    Route cors = app.router().route().handler(CorsHandler.create().addOrigin("*"));
    app.router().route("/pay").handler(app.named("pay"));
    app.start();
    app.disable("/pay");
    assertThat(app.client().send("OPTIONS", "/pay", PREFLIGHT).status()).isEqualTo(204);
    change.accept(cors);
    assertClosed("OPTIONS", "/pay", PREFLIGHT);
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aMountAboveACorsHandler(Consumer<Route> change) {
    Router sub = Router.router(vertx);
    sub.route().handler(CorsHandler.create().addOrigin("*"));
    Route mount = app.router().route("/api/*");
    mount.subRouter(sub);
    app.router().route("/api/pay").handler(app.named("pay"));
    app.start();
    app.disable("/api/pay");
    assertThat(app.client().send("OPTIONS", "/api/pay", PREFLIGHT).status()).isEqualTo(204);
    change.accept(mount);
    assertClosed("OPTIONS", "/api/pay", PREFLIGHT);
  }

  private Route mountOutside() {
    Router outside = Router.router(vertx);
    outside.putMetadata(EngineInternals.OUTSIDE, true);
    outside.route().handler(app.named("outside"));
    Route mount = app.router().route("/shield/*");
    mount.subRouter(outside);
    app.router().post("/shield/pay").handler(app.named("pay"));
    return mount;
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aRouterOutside(Consumer<Route> change) {
    Route mount = mountOutside();
    app.start();
    app.disable("POST:/shield/pay");
    assertThat(app.client().send("POST", "/shield/pay").body()).isEqualTo("outside");
    change.accept(mount);
    assertClosed("POST", "/shield/pay");
  }

  /** Nor do closed routes behind it keep anybody out of it. */
  @ParameterizedTest
  @CsvSource({"test, true", "te*, true", "*, true", "*.example, false"})
  void aRouterOutsideOfAHost(String host, boolean meant) {
    mountOutside().virtualHost(host);
    app.start();
    app.disable("POST:/shield/pay");
    if (meant) {
      assertThat(app.client().send("POST", "/shield/pay").body()).isEqualTo("outside");
    } else {
      assertClosed("POST", "/shield/pay");
    }
  }

  @Test
  void aPromiseToEndRequestsOfOneHostIsNoneForOthers() {
    Shield.on(app.router().get("/:x").virtualHost("other.example"))
        .terminal()
        .handler(app.named("x"));
    app.router().get("/pay").handler(app.named("pay"));
    app.start();
    app.disable("GET:/pay");
    assertClosed("GET", "/pay");
  }

  @Test
  void aSubRouterThatIsClearedAndFilledAnew() {
    Router sub = Router.router(vertx);
    sub.get("/old").handler(app.named("old"));
    app.router().route("/sub/*").subRouter(sub);
    app.start();
    assertThat(app.get("/sub/old").body()).isEqualTo("old");
    sub.clear();
    sub.get("/new").handler(app.named("new"));
    Shield.on(sub.get("/declared")).disabled("no").handler(app.named("declared"));
    app.disable("GET:/sub/new");
    assertClosed("GET", "/sub/new");
    assertClosed("GET", "/sub/declared");
  }

  @Test
  void aRouteThatIsEnabledLater() {
    Route route = app.router().get("/x").handler(app.named("x")).disable();
    app.router().get("/:y").handler(app.named("y"));
    app.start();
    app.disable("GET:/x");
    assertThat(app.get("/x").status()).isEqualTo(503);
    route.enable();
    app.ran();
    assertThat(app.get("/x").status()).isEqualTo(503);
    app.enable("GET:/x");
    app.disable("GET:/:y");
    route.disable();
    assertThat(app.get("/x").status()).isEqualTo(503);
    assertThat(app.ran()).isEmpty();
  }
}
