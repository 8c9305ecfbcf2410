package io.shield.web.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.CorsHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Turns red when a version of Vert.x Web writes its routes in another form. */
class RouteTextTest {
  private final Vertx vertx = Vertx.vertx();
  private final Router router = Router.router(vertx);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void itTellsWhetherThereAreHandlers() {
    Route route = router.get("/a").failureHandler(ctx -> ctx.next());
    assertThat(RouteText.of(route)).isEqualTo(new RouteText(null, true, null, true, "null"));
    route.handler(ctx -> ctx.next());
    assertThat(RouteText.of(route).hasHandlers()).isTrue();
  }

  @Test
  void itTellsWhichPathIsUsed() {
    assertThat(RouteText.of(router.get("/a")).normalized()).isTrue();
    assertThat(RouteText.of(router.get("/a").useNormalizedPath(false)).normalized()).isFalse();
  }

  @Test
  void itTellsTheExpressionOfANamedRoute() {
    Route route = router.getWithRegex("/a, groups=(.*)").setName("name");
    assertThat(RouteText.of(route).pattern()).isEqualTo("/a, groups=(.*)");
    assertThat(RouteText.of(router.get("/a/:b")).pattern())
        .isEqualTo(PathTemplate.exactRegex("/a/:b"));
  }

  @Test
  void textOfTheApplicationDoesNotConfuseIt() {
    String tail =
        ", contextHandlers=null, failureHandlers=null, added=true, pattern=x, groups=null";
    Route route =
        router
            .getWithRegex("/a")
            .putMetadata("note", tail + ", useNormalizedPath=false, ")
            .handler(ctx -> ctx.next());
    assertThat(RouteText.of(route))
        .satisfies(
            text -> {
              assertThat(text.hasHandlers()).isTrue();
              assertThat(text.certain()).isTrue();
              assertThat(text.normalized()).isTrue();
              assertThat(text.pattern()).isEqualTo("/a");
            });
  }

  @Test
  void aTextThatFailsTellsNothing() {
    Object failing =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("no text");
          }
        };
    assertThat(RouteText.of(router.get("/a").putMetadata("x", failing)))
        .isEqualTo(RouteText.UNKNOWN);
    Route circle = router.get("/b").handler(ctx -> ctx.next());
    circle.putMetadata("self", circle);
    assertThat(RouteText.of(circle)).isEqualTo(RouteText.UNKNOWN);
  }

  @Test
  void itTellsWhatLetsVertxPassARouteOver() {
    Router sub = Router.router(vertx);
    sub.get("/x").virtualHost("inner").handler(ctx -> ctx.next());
    assertThat(RouteText.of(router.get("/a")).certain()).isTrue();
    assertThat(RouteText.of(router.get("/a").consumes("text/xml")).certain()).isFalse();
    assertThat(RouteText.of(router.get("/a").produces("text/xml")).certain()).isFalse();
    assertThat(RouteText.of(router.get("/a").virtualHost("x.example")).certain()).isFalse();
    assertThat(RouteText.of(router.get("/a").disable()).certain()).isFalse();
    assertThat(RouteText.of(router.route("/b/*").subRouter(sub)).certain()).isTrue();
    assertThat(RouteText.of(router.route("/c/*").virtualHost("x").subRouter(sub)).certain())
        .isFalse();
  }

  @Test
  void itTellsItsHandlers() {
    Route route = router.route().handler(CorsHandler.create()).handler(ctx -> ctx.next());
    RouteText text = RouteText.of(route);
    assertThat(text.hasHandler("io.vertx.ext.web.handler.impl.CorsHandlerImpl")).isTrue();
    assertThat(text.hasHandler("io.vertx.ext.web.handler.impl.BodyHandlerImpl")).isFalse();
  }
}
