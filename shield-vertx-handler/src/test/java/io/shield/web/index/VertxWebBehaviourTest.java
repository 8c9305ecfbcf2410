package io.shield.web.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.web.index.RealRouting.Pass;
import io.shield.web.index.RealRouting.Request;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the index takes for granted about Vert.x Web, so that an upgrade shows what has changed. */
class VertxWebBehaviourTest {
  private static RealRouting routing;

  private Router router;

  @BeforeAll
  static void start() {
    routing = new RealRouting();
  }

  @AfterAll
  static void stop() {
    routing.close();
  }

  @BeforeEach
  void newRouter() {
    router = Router.router(routing.vertx());
    router.route().handler(routing.begin());
  }

  private static Route on(Route route) {
    return route.handler(routing.visit(route));
  }

  private List<Route> visited(String method, String path) {
    return routing.send(router, new Request(method, path)).get(0).visited;
  }

  @Test
  void headIsNotRoutedToGet() {
    Route get = router.get("/a").handler(ctx -> ctx.end("a"));
    assertThat(routing.status(router, new Request("GET", "/a"))).isEqualTo(200);
    assertThat(routing.status(router, new Request("HEAD", "/a"))).isEqualTo(405);
    get.method(HttpMethod.HEAD);
    assertThat(routing.status(router, new Request("HEAD", "/a"))).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "//a///b, /a/b",
    "/a/, /a/",
    "/a//, /a/",
    "/x/../a, /a",
    "/../a, /a",
    "/a/., /a/",
    "/a/.., /",
    "/%61%2d%7E, /a-~",
    "/%2e%2e/a, /a",
    "/a%2Fb%20c, /a%2Fb%20c",
    "/a%2fb, /a%2fb",
    "/A;x=1, /A;x=1"
  })
  void theNormalizedPath(String path, String normalized) {
    List<Pass> passes = routing.send(router, new Request("GET", path));
    assertThat(passes.get(0).normalizedPath).isEqualTo(normalized);
  }

  @Test
  void theNormalizedPathOfABadEscapeFails() {
    List<Throwable> failures = new ArrayList<>();
    Router strict = Router.router(routing.vertx());
    strict
        .route()
        .handler(
            ctx -> {
              try {
                ctx.normalizedPath();
              } catch (IllegalArgumentException e) {
                failures.add(e);
              }
              ctx.next();
            });
    strict.get("/a").handler(ctx -> ctx.end());
    strict.errorHandler(400, ctx -> ctx.response().setStatusCode(400).end());
    assertThat(routing.status(strict, new Request("GET", "/%zz"))).isEqualTo(400);
    assertThat(routing.status(strict, new Request("GET", "/a%2"))).isEqualTo(400);
    assertThat(failures).hasSize(2);
  }

  @Test
  void theModifiedHandlerTellsOfAddedAndRemovedRoutesOnly() {
    List<String> told = new ArrayList<>();
    Router sub = Router.router(routing.vertx());
    router.modifiedHandler(modified -> told.add("first"));
    router.modifiedHandler(modified -> told.add("second"));
    Route route = router.get("/a");
    assertThat(told).as("a route without handlers").isEmpty();
    route.handler(ctx -> ctx.next());
    assertThat(told).as("the first handler").containsExactly("first", "second");
    told.clear();

    route.handler(ctx -> ctx.next()).failureHandler(ctx -> ctx.next());
    route.method(HttpMethod.PUT).putMetadata("key", "value").setName("name").path("/b");
    route.useNormalizedPath(false).disable().enable();
    assertThat(told).as("changes to a route").isEmpty();

    router.route("/sub/*").subRouter(sub);
    assertThat(told).as("a mount").containsExactly("first", "second");
    told.clear();
    on(sub.get("/x"));
    assertThat(told).as("a route of a sub-router").isEmpty();

    route.remove();
    assertThat(told).as("a removed route").containsExactly("first", "second");
    told.clear();
    router.clear();
    assertThat(told).as("all routes removed").isEmpty();
  }

  @Test
  void aMountHasItsSubRouterOnlyAfterTheModifiedHandler() {
    List<Router> subRouters = new ArrayList<>();
    Route mount = router.route("/sub/*");
    router.modifiedHandler(modified -> subRouters.add(mount.getSubRouter()));
    mount.subRouter(Router.router(routing.vertx()));
    assertThat(subRouters).hasSize(1).containsOnlyNulls();
    assertThat(mount.getSubRouter()).isNotNull();
  }

  @Test
  void whatChangesInARouteIsReplaced() {
    Route route = router.get("/a").putMetadata("key", "value");
    assertThat(route.methods()).isSameAs(route.methods());
    assertThat(route.metadata()).isSameAs(route.metadata());
    Object methods = route.methods();
    Object metadata = route.metadata();
    route.method(HttpMethod.PUT).putMetadata("key", "other");
    assertThat(route.methods()).isNotSameAs(methods);
    assertThat(route.metadata()).isNotSameAs(metadata);
    assertThat(router.route("/b").methods()).isNull();
  }

  @Test
  void aDisabledRouteIsSkippedAndDoesNotShowIt() {
    Route a = on(router.get("/a"));
    Route b = on(router.get("/:x"));
    a.disable();
    assertThat(visited("GET", "/a")).containsExactly(b);
    assertThat(router.getRoutes()).contains(a);
    a.enable();
    assertThat(visited("GET", "/a")).containsExactly(a, b);
  }

  @Test
  void aRouteWithFailureHandlersAloneTakesNoRequest() {
    Route a = router.get("/a").failureHandler(ctx -> ctx.next());
    assertThat(visited("GET", "/a")).doesNotContain(a);
  }

  @Test
  void belowAMountThatEndsWithASlashATemplateMountReachesNothing() {
    Router sub = Router.router(routing.vertx());
    Router tenant = Router.router(routing.vertx());
    on(tenant.get("/x"));
    on(tenant.get("/:y"));
    on(tenant.get("/*"));
    sub.route("/:tenant/*").subRouter(tenant);
    router.route("/sub/*").subRouter(sub);
    Route later = on(router.get("/sub/:any/:thing"));
    assertThat(visited("GET", "/sub/1/x")).containsExactly(later);
    RouteIndex index = RouteIndex.of(router, "shield");
    assertThat(index.endpoints()).extracting(Endpoint::route).containsExactly(later);
  }
}
