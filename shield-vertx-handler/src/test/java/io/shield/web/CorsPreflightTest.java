package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.model.MaintenanceMode;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.CorsHandler;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A browser asks before it sends; the question is not the request. */
class CorsPreflightTest extends WebTest {
  private static final String ORIGIN = "Origin: https://shop.example";
  private static final String ASKED = "Access-Control-Request-Method: GET";

  private static CorsHandler cors() {
    return CorsHandler.create().addOrigin("https://shop.example").allowedMethod(HttpMethod.GET);
  }

  private static Answer preflight(TestApp app, String path) {
    return app.client().send("OPTIONS", path, ORIGIN, ASKED);
  }

  private static void assertPreflightAnswered(TestApp app) {
    Answer answer = app.client().send("OPTIONS", "/x", ORIGIN, ASKED);
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("https://shop.example");
    assertThat(answer.header("Access-Control-Allow-Methods")).isEqualTo("GET");
  }

  @Test
  void aPreflightReachesACorsHandlerBehindShield() {
    TestApp app = guarded();
    app.router().route().handler(cors());
    app.router().route("/x").handler(app.named("x"));
    app.start();
    app.disable("/x");
    assertPreflightAnswered(app);
    TestApp.await(app.engine().maintenance().setGlobal(MaintenanceMode.on("all"), TestApp.ALICE));
    assertPreflightAnswered(app);
    Answer refused = app.get("/x", ORIGIN);
    assertThat(refused.status()).isEqualTo(503);
    assertThat(app.ran()).isEmpty();
  }

  @Test
  void behindACorsHandlerRefusalsCarryItsHeaders() {
    TestApp app = bare();
    app.router().route().handler(cors());
    app.router().route().handler(ShieldHandler.create(app.engine(), app.router()));
    app.router().route("/x").handler(app.named("x"));
    app.start();
    app.disable("/x");
    assertPreflightAnswered(app);
    Answer refused = app.get("/x", ORIGIN);
    assertThat(refused.code()).isEqualTo("ROUTE_DISABLED");
    assertThat(refused.header("Access-Control-Allow-Origin")).isEqualTo("https://shop.example");
  }

  @Test
  void withoutACorsHandlerAPreflightIsJudged() {
    TestApp app = guarded();
    app.router().get("/x").handler(app.named("x"));
    app.router().options("/y").handler(app.named("options of y"));
    Shield.on(app.router().route("/pay")).limit("2/minute").handler(app.named("pay"));
    app.start();
    assertThat(preflight(app, "/y").body()).isEqualTo("options of y");
    app.disable("GET:/x");
    app.disable("OPTIONS:/y");
    assertThat(preflight(app, "/x").status()).as("no route takes it").isEqualTo(405);
    assertThat(preflight(app, "/y").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(preflight(app, "/pay").header("X-RateLimit-Remaining")).isEqualTo("1");
    assertThat(preflight(app, "/pay").status()).isEqualTo(200);
    assertThat(preflight(app, "/pay").status()).isEqualTo(429);
    app.disable("/pay");
    app.ran();
    assertThat(preflight(app, "/pay").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.ran()).isEmpty();
  }

  @Test
  void aCorsHandlerBehindAClosedRouteDoesNotOpenIt() {
    TestApp app = guarded();
    app.router().route("/x").handler(app.named("x"));
    app.router().route().handler(cors());
    app.start();
    app.disable("/x");
    assertThat(preflight(app, "/x").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.ran()).isEmpty();
  }

  @Test
  void aCorsHandlerOfAnotherPathMethodOrHostDoesNotOpenIt() {
    TestApp app = guarded();
    app.router().route("/y").handler(cors());
    app.router().get("/x").handler(cors());
    app.router().route("/x").virtualHost("shop.example").handler(cors());
    app.router().route("/x").disable().handler(cors());
    Shield.on(app.router().route("/x")).handler(app.named("x"));
    app.start();
    app.disable("/x");
    assertThat(preflight(app, "/x").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.ran()).isEmpty();
  }

  @Test
  void aCorsHandlerInAParentOrInTheRoutersOwnOrInTheRouteItselfAnswers() {
    TestApp app = guarded();
    Router parent = Router.router(vertx);
    Router sub = Router.router(vertx);
    parent.route().handler(cors());
    parent.route("/sub/*").subRouter(sub);
    sub.route("/x").handler(app.named("x"));
    app.router().route("/a/*").subRouter(parent);
    Router own = Router.router(vertx);
    own.route().handler(cors());
    own.route("/x").handler(app.named("x"));
    app.router().route("/b/*").subRouter(own);
    app.router().route("/c").handler(cors()).handler(app.named("x"));
    app.start();
    for (String path : List.of("/a/sub/x", "/b/x", "/c")) {
      app.disable(path);
      assertThat(preflight(app, path).status()).as(path).isEqualTo(204);
      assertThat(app.get(path, ORIGIN).code()).as(path).isEqualTo("ROUTE_DISABLED");
    }
    assertThat(app.ran()).isEmpty();
  }

  @Test
  void anOptionSaysThatSomethingElseAnswers() {
    TestApp app = guarded(new ShieldHandlerOptions().setAnswersPreflights(true));
    Shield.on(app.router().options("/x")).limit("1/minute").handler(app.named("own answer"));
    app.start();
    app.disable("OPTIONS:/x");
    for (int i = 0; i < 3; i++) {
      assertThat(preflight(app, "/x").body()).isEqualTo("own answer");
    }
    assertThat(app.client().send("OPTIONS", "/x").code()).isEqualTo("ROUTE_DISABLED");
  }

  @Test
  void aPreflightThatComesToAGuardIsJudged() {
    TestApp app = bare();
    app.router().route("/x").handler(ShieldHandler.guard(app.engine())).handler(app.named("x"));
    ShieldHandlerOptions answers = new ShieldHandlerOptions().setAnswersPreflights(true);
    app.router()
        .route("/y")
        .handler(ShieldHandler.guard(app.engine(), answers))
        .handler(app.named("y"));
    app.start();
    app.get("/x");
    app.get("/y");
    app.disable("/x");
    app.disable("/y");
    app.ran();
    assertThat(preflight(app, "/x").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(preflight(app, "/y").body()).isEqualTo("y");
    assertThat(app.client().send("OPTIONS", "/y").code()).isEqualTo("ROUTE_DISABLED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ORIGIN, ASKED})
  void anOptionsRequestThatIsNoPreflightIsJudged(String header) {
    TestApp app = guarded();
    app.router().route("/x").handler(app.named("x"));
    app.start();
    app.disable("/x");
    String[] headers = header.isEmpty() ? new String[0] : new String[] {header};
    assertThat(app.client().send("OPTIONS", "/x", headers).code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.ran()).isEmpty();
  }

  @Test
  void theHeadersAloneMakeNoPreflight() {
    TestApp app = guarded();
    app.router().route("/x").handler(app.named("x"));
    app.start();
    app.disable("/x");
    for (String method : List.of("GET", "POST", "HEAD", "options", "TRACE")) {
      Answer answer = app.client().send(method, "/x", ORIGIN, ASKED);
      assertThat(answer.status()).as(method).isEqualTo(503);
    }
  }
}
