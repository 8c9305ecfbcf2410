package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.model.MaintenanceMode;
import io.vertx.core.http.HttpMethod;
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
  void withoutACorsHandlerAPreflightIsLeftToTheApplication() {
    TestApp app = guarded();
    app.router().get("/x").handler(app.named("x"));
    app.router().options("/y").handler(app.named("options of y"));
    app.start();
    app.disable("GET:/x");
    app.disable("OPTIONS:/y");
    assertThat(app.client().send("OPTIONS", "/x", ORIGIN, ASKED).status()).isEqualTo(405);
    assertThat(app.client().send("OPTIONS", "/y", ORIGIN, ASKED).body()).isEqualTo("options of y");
  }

  @Test
  void aPreflightPassesAGuard() {
    TestApp app = bare();
    app.router().route("/x").handler(ShieldHandler.guard(app.engine())).handler(app.named("x"));
    app.start();
    app.get("/x");
    app.disable("/x");
    app.ran();
    assertThat(app.client().send("OPTIONS", "/x", ORIGIN, ASKED).body()).isEqualTo("x");
    assertThat(app.client().send("OPTIONS", "/x").code()).isEqualTo("ROUTE_DISABLED");
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
