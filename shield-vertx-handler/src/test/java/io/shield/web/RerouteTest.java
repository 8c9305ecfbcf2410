package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.MethodOverrideHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gates are judged again after a reroute. */
class RerouteTest extends WebTest {
  @Test
  void aRerouteToAClosedRouteIsRefused() {
    TestApp app = guarded();
    app.router().get("/open").handler(ctx -> ctx.reroute("/closed"));
    app.router().get("/closed").handler(app.named("closed"));
    app.start();
    assertThat(app.get("/open").body()).isEqualTo("closed");
    app.disable("/closed");
    Answer answer = app.get("/open");
    assertThat(answer.code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.ran()).containsExactly("closed");
  }

  /** The client has asked for what it asked for, and waits for all of the answer. */
  @ParameterizedTest
  @CsvSource({"GET, HEAD", "HEAD, GET"})
  void aRefusalIsAnsweredAsWasAsked(String asked, String reroutedTo) {
    TestApp app = guarded();
    app.router()
        .route("/open")
        .handler(ctx -> ctx.reroute(HttpMethod.valueOf(reroutedTo), "/closed"));
    app.router().route("/closed").handler(app.named("closed"));
    app.start();
    app.disable("/closed");
    for (int i = 0; i < 2; i++) {
      Answer answer = app.client().send(asked, "/open");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body().isEmpty()).isEqualTo(asked.equals("HEAD"));
    }
  }

  @Test
  void aClosedRouteDoesNotReroute() {
    TestApp app = guarded();
    app.router().get("/closed").handler(ctx -> ctx.reroute("/open"));
    app.router().get("/open").handler(app.named("open"));
    app.start();
    app.disable("/closed");
    assertThat(app.get("/closed").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.get("/open").status()).isEqualTo(200);
  }

  @Test
  void itIsJudgedWithTheNewMethodAndPath() {
    TestApp app = guarded();
    app.router().get("/open").handler(ctx -> ctx.reroute(HttpMethod.POST, "/x/../orders/7?a=b"));
    app.router().get("/orders/:id").handler(app.named("get"));
    app.router().post("/orders/:id").handler(app.named("post"));
    app.start();
    app.disable("GET:/orders/:id");
    assertThat(app.get("/open").body()).isEqualTo("post");
    app.disable("POST:/orders/:id");
    assertThat(app.get("/open").code()).isEqualTo("ROUTE_DISABLED");
  }

  @Test
  void fromASubRouterToo() {
    TestApp app = guarded();
    Router sub = Router.router(vertx);
    sub.get("/open").handler(ctx -> ctx.reroute("/v1/closed"));
    sub.get("/closed").handler(app.named("closed"));
    app.router().route("/v1/*").subRouter(sub);
    app.start();
    app.disable("GET:/v1/closed");
    assertThat(app.get("/v1/open").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.ran()).isEmpty();
  }

  @Test
  void fromAFailureHandlerToo() {
    TestApp app = guarded();
    app.router().get("/broken").handler(ctx -> ctx.fail(500));
    app.router().get("/closed").handler(app.named("closed"));
    app.router().route("/broken").failureHandler(ctx -> ctx.reroute(HttpMethod.GET, "/closed"));
    app.start();
    assertThat(app.get("/broken").body()).isEqualTo("closed");
    app.disable("/closed");
    assertThat(app.get("/broken").code()).isEqualTo("ROUTE_DISABLED");
  }

  @Test
  void aMethodThatIsOverriddenIsTheOneThatCounts() {
    TestApp app = guarded();
    app.router().route().handler(MethodOverrideHandler.create());
    app.router().post("/x").handler(app.named("post"));
    app.router().delete("/x").handler(app.named("delete"));
    app.start();
    String override = "X-HTTP-Method-Override: DELETE";
    assertThat(app.client().send("POST", "/x", override).body()).isEqualTo("delete");
    app.disable("DELETE:/x");
    assertThat(app.client().send("POST", "/x", override).code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.client().send("POST", "/x").body()).isEqualTo("post");
  }
}
