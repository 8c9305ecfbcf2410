package io.shield.web.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.web.index.RealRouting.Pass;
import io.shield.web.index.RealRouting.Request;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.common.template.TemplateEngine;
import io.vertx.ext.web.handler.StaticHandler;
import io.vertx.ext.web.handler.TemplateHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One test a rule; each line of a table is also sent through the real Vert.x router. */
class RouteIndexTest {
  private static final String KEY = "shield";
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
    router.route().order(-1).handler(routing.begin());
  }

  private static Route on(Route route) {
    return route.handler(routing.visit(route));
  }

  private Router mounted(Router parent, String path) {
    Router child = Router.router(routing.vertx());
    parent.route(path).subRouter(child);
    return child;
  }

  /** Lines of "METHOD path -> all endpoints in order", or "-> none". */
  private void expect(String table) {
    RouteIndex index = RouteIndex.of(router, KEY);
    for (String line : table.lines().toList()) {
      String[] sides = line.strip().split(" +-> +", 2);
      String[] request = sides[0].split(" +", 2);
      Pass pass = routing.send(router, new Request(request[0], request[1])).get(0);
      List<Endpoint> found = walk(index, pass);
      assertThat(found.stream().map(Endpoint::template).toList())
          .as(line)
          .isEqualTo(sides[1].equals("none") ? List.of() : List.of(sides[1].split(" +")));
      assertThat(found.stream().map(Endpoint::route).filter(RouteIndexTest::isNoMount).toList())
          .as(line + " in Vert.x")
          .isEqualTo(visitedEndpoints(index, pass));
    }
  }

  private static List<Endpoint> walk(RouteIndex index, Pass pass) {
    List<Endpoint> found = new ArrayList<>();
    int from = 0;
    Endpoint next = index.find(pass.normalizedPath, pass.rawPath, pass.method, from);
    while (next != null) {
      assertThat(next.ordinal()).isGreaterThanOrEqualTo(from);
      found.add(next);
      from = next.ordinal() + 1;
      next = index.find(pass.normalizedPath, pass.rawPath, pass.method, from);
    }
    return found;
  }

  private static boolean isNoMount(Route route) {
    return route.getSubRouter() == null;
  }

  private static List<Route> visitedEndpoints(RouteIndex index, Pass pass) {
    Set<Route> endpoints = Set.copyOf(index.endpoints().stream().map(Endpoint::route).toList());
    return pass.visited.stream().filter(endpoints::contains).toList();
  }

  /** Compared at once, and only as whole segments. */
  @Test
  void segmentsThatAllTemplatesBeginWith() {
    on(router.get("/api/v1/orders/:id"));
    on(router.get("/api/v1/items/:id/parts"));
    on(router.get("/api/v1/:kind"));
    expect(
        """
        GET /api/v1/orders/7        -> /api/v1/orders/:id
        GET /api/v1/orders/7/       -> /api/v1/orders/:id
        GET /api/v1/items/7/parts   -> /api/v1/items/:id/parts
        GET /api/v1/orders          -> /api/v1/:kind
        GET /api/v1/                -> none
        GET /api/v1                 -> none
        GET /api/v                  -> none
        GET /api                    -> none
        GET /                       -> none
        GET /api/v12/orders/7       -> none
        GET /api/v1orders/7         -> none
        GET /apiv1/orders/7         -> none
        """);
    on(router.get("/api/v1"));
    on(router.get("/api"));
    on(router.get("/api/:version/orders/7"));
    expect(
        """
        GET /api/v1/orders/7  -> /api/v1/orders/:id /api/:version/orders/7
        GET /api/v2/orders/7  -> /api/:version/orders/7
        GET /api/v1           -> /api/v1
        GET /api              -> /api
        """);
  }

  @Test
  void anExactPathTakesAFinalSlashButNeedsItOnlyIfItHasOne() {
    on(router.get("/a"));
    on(router.get("/b/"));
    on(router.get("/"));
    expect(
        """
        GET /a    -> /a
        GET /a/   -> /a
        GET /a//  -> /a
        GET /A    -> none
        GET /ab   -> none
        GET /a/b  -> none
        GET /b    -> none
        GET /b/   -> /b/
        GET /     -> /
        GET //    -> /\
        """);
  }

  @Test
  void aPathIsTakenNormalized() {
    on(router.get("/a/b"));
    on(router.get("/a%20c"));
    expect(
        """
        GET //a///b        -> /a/b
        GET /a/./b         -> /a/b
        GET /x/../a/b      -> /a/b
        GET /a/b/x/..      -> /a/b
        GET /%61/%62       -> /a/b
        GET /%61/b%2F      -> none
        GET /a%2Fb         -> none
        GET /a%20c         -> /a%20c\
        """);
  }

  @Test
  void aParameterTakesOneSegment() {
    on(router.get("/orders/:id"));
    on(router.get("/:a/b/:c"));
    on(router.get("/:a/x/"));
    expect(
        """
        GET /orders/5       -> /orders/:id
        GET /orders/5/      -> /orders/:id
        GET /orders/%2F     -> /orders/:id
        GET /orders/a:b     -> /orders/:id
        GET /orders         -> none
        GET /orders/        -> none
        GET /orders/5/6     -> none
        GET /ORDERS/5       -> none
        GET /1/b/2          -> /:a/b/:c
        GET /orders/b/2     -> /:a/b/:c
        GET /1/c/2          -> none
        GET /1/x            -> none
        GET /1/x/           -> /:a/x/\
        """);
  }

  @Test
  void theFirstRouteWinsWhateverItsKind() {
    on(router.get("/a/:id"));
    on(router.get("/a/b"));
    on(router.get("/c/d"));
    on(router.get("/c/:id"));
    on(router.getWithRegex("/[ac]/.")).setName("/either");
    expect(
        """
        GET /a/b -> /a/:id /a/b /either
        GET /c/d -> /c/d /c/:id /either
        GET /c/e -> /c/:id /either\
        """);
  }

  @Test
  void theOrderOfRoutesIsThatOfTheRouter() {
    on(router.get("/a").order(7));
    on(router.get("/:x").order(3));
    on(router.get("/a/").last());
    on(router.get("/a").order(3));
    expect("GET /a/ -> /:x /a /a /a/");
  }

  @Test
  void methodsAreMatchedStrictly() {
    on(router.get("/a"));
    on(router.route("/a").method(HttpMethod.POST).method(HttpMethod.PUT));
    on(router.route("/:b").method(HttpMethod.valueOf("PURGE")));
    on(router.route("/all"));
    expect(
        """
        GET /a      -> /a
        PUT /a      -> /a
        HEAD /a     -> none
        PURGE /a    -> /:b
        OPTIONS /a  -> none
        OPTIONS /all -> /all\
        """);
    assertThat(RouteIndex.of(router, KEY).endpoints())
        .extracting(Endpoint::methods)
        .containsExactly(
            Set.of(HttpMethod.GET),
            Set.of(HttpMethod.POST, HttpMethod.PUT),
            Set.of(HttpMethod.valueOf("PURGE")),
            Set.of());
  }

  @Test
  void segmentsMayMixTextAndParameters() {
    on(router.get("/files/:name.:ext"));
    on(router.get("/v:major/:a-:b/"));
    on(router.get("/pay(:x)$"));
    expect(
        """
        GET /files/a.txt     -> /files/:name.:ext
        GET /files/a.b.txt/  -> /files/:name.:ext
        GET /files/a         -> none
        GET /files/.txt      -> none
        GET /files/ab/c.txt  -> none
        GET /v2/1-2-3/       -> /v:major/:a-:b/
        GET /v2/1-2          -> none
        GET /pay(1)$         -> /pay(:x)$
        GET /pay1            -> none\
        """);
  }

  @Test
  void whatVertxLeavesToTheRegexInATemplateWorksAsThere() {
    on(router.get("/x[12]/:id"));
    on(router.get("/ab*/:id"));
    on(router.get("/a*b"));
    expect(
        """
        GET /x1/5    -> /x[12]/:id
        GET /x[12]/5 -> none
        GET /a/5     -> /ab*/:id
        GET /abbb/5  -> /ab*/:id
        GET /a*b     -> /a*b
        GET /aab     -> none\
        """);
  }

  /** What Vert.x prints of a handler whose artifact is not here. */
  private record Printed(String text) implements Handler<RoutingContext> {
    @Override
    public void handle(RoutingContext ctx) {
      ctx.next();
    }

    @Override
    public String toString() {
      return text;
    }
  }

  @Test
  void wildcardsBelowAPathThatAnswerAreEndpoints() {
    TemplateEngine engine =
        new TemplateEngine() {
          @Override
          public Future<Buffer> render(Map<String, Object> context, String file) {
            return Future.succeededFuture(Buffer.buffer());
          }

          @Override
          public void clearCache() {
            // keeps none
          }
        };
    String proxy = "io.vertx.ext.web.proxy.handler.impl.ProxyHandlerImpl@1f";
    router.route("/pages/*").handler(TemplateHandler.create(engine));
    router.route("/files/*").handler(StaticHandler.create("none"));
    router.route("/up/*").handler(new Printed(proxy));
    router.route("/other/*").handler(new Printed("io.vertx.ext.web.handler.impl.Own@1f"));
    router.route("/*").handler(new Printed(proxy));
    assertThat(RouteIndex.of(router, KEY).endpoints())
        .extracting(Endpoint::template)
        .containsExactly("/pages/*", "/files/*", "/up/*");
  }

  @Test
  void wildcardsAreMiddlewareUnlessTheyHaveMethodsOrMetadata() {
    on(router.route());
    on(router.route("/*"));
    on(router.route("/api/*"));
    on(router.route("/api/:x/*"));
    on(router.routeWithRegex("/api/.*"));
    on(router.post("/*"));
    on(router.route("/api/*").putMetadata(KEY, "declared"));
    on(router.get("/api*"));
    on(router.route().method(HttpMethod.PUT));
    on(router.get("/:t/x/*"));
    on(router.get("/api/x"));
    expect(
        """
        POST /api/x    -> /* /api/*
        GET /api/x     -> /api/* /api* /api/x
        GET /api/x/    -> /api/* /api* /:t/x/* /api/x
        GET /api/x/y   -> /api/* /api* /:t/x/*
        GET /api       -> /api/* /api*
        GET /apis      -> /api*
        PUT /other     -> /*\
        """);
    assertThat(RouteIndex.of(router, KEY).endpoints())
        .extracting(Endpoint::wildcard)
        .containsExactly(true, true, true, true, true, false);
    assertThat(RouteIndex.of(router, KEY).endpoints())
        .extracting(Endpoint::metadata)
        .containsExactly(null, "declared", null, null, null, null);
  }

  @Test
  void aTemplateWildcardNeedsTheSlash() {
    on(router.get("/t/:x/*"));
    on(router.get("/u/:x*"));
    expect(
        """
        GET /t/1    -> none
        GET /t/1/   -> /t/:x/*
        GET /u/1    -> /u/:x*
        GET /u/1/2  -> /u/:x*
        GET /u/     -> none\
        """);
  }

  @Test
  void aRegexIsAnEndpointWithMethodsOrMetadata() {
    on(router.routeWithRegex("/plain/\\d+"));
    on(router.getWithRegex("\\/num\\/\\d+"));
    on(router.getWithRegex("^/sub/(.*)"));
    on(router.getWithRegex("tail|/x"));
    on(router.getWithRegex("/named/(?<n>\\d+)")).setName("/named/:n");
    on(router.getWithRegex("/odd/\\d")).setName("odd");
    on(router.routeWithRegex("/meta/.").putMetadata(KEY, "declared"));
    expect(
        """
        GET /plain/1 -> none
        GET /num/1   -> /num/\\d+
        GET /num/a   -> none
        GET /num/1/  -> none
        GET /sub/1/2 -> /sub/(.*)
        GET /x       -> /tail|/x
        GET /named/7 -> /named/:n
        GET /odd/7   -> /odd/\\d
        PUT /meta/x  -> /meta/.\
        """);
    assertThat(RouteIndex.of(router, KEY).endpoints())
        .filteredOn(Endpoint::wildcard)
        .extracting(Endpoint::template)
        .containsExactly("/sub/(.*)");
  }

  @Test
  void aRouteWithFailureHandlersAloneIsNoEndpoint() {
    router.get("/a").failureHandler(ctx -> ctx.next());
    on(router.get("/:x"));
    router.get("/b").failureHandler(ctx -> ctx.next()).handler(ctx -> ctx.next());
    expect("GET /a -> /:x");
    assertThat(RouteIndex.of(router, KEY).endpoints())
        .extracting(Endpoint::template)
        .containsExactly("/:x", "/b");
  }

  @Test
  void aRouteMayUseThePathAsSent() {
    on(router.get("/a/:x").useNormalizedPath(false));
    on(router.get("/exact").useNormalizedPath(false));
    on(router.getWithRegex("/r//.*").useNormalizedPath(false));
    on(router.get("/w/../*").useNormalizedPath(false));
    on(router.get("/:any"));
    expect(
        """
        GET /a/5        -> /a/:x
        GET /a/..       -> /a/:x
        GET /a/.        -> /a/:x /:any
        GET /a/./5      -> none
        GET /exact      -> /exact /:any
        GET //exact     -> /:any
        GET /r//1       -> /r//.*
        GET /w/../1     -> /w/../* /:any\
        """);
  }

  @Test
  void aPathMatchedByTextOfAnotherLengthIsNoMatch() {
    on(router.get("/Aa"));
    on(router.get("/AaBB"));
    // Strings with the hash codes of the two above.
    expect(
        """
        GET /BB    -> none
        GET /BBAa  -> none
        GET /AaBB  -> /AaBB
        GET /Aa    -> /Aa\
        """);
  }

  @Test
  void subRoutersAreReadWithTheirMountPoints() {
    Router v1 = mounted(router, "/v1/*");
    on(v1.get("/items/:id"));
    on(v1.get("/items"));
    on(v1.get("/"));
    on(v1.get());
    Router deep = mounted(v1, "/deep/*");
    on(deep.get("/x/"));
    on(deep.getWithRegex("/r\\d"));
    Router deeper = mounted(deep, "/er/*");
    on(deeper.get("/:end"));
    expect(
        """
        GET /v1/items/5     -> /v1/items/:id /v1/*
        GET /v1/items       -> /v1/items /v1/*
        GET /v1/            -> /v1/ /v1/*
        GET /v1             -> /v1/*
        GET /v1x            -> none
        GET /items          -> none
        GET /v1/deep/x      -> /v1/*
        GET /v1/deep/x/     -> /v1/* /v1/deep/x/
        GET /v1/deep/r7     -> /v1/* /v1/deep/r\\d
        GET /v1/deep/er/7   -> /v1/* /v1/deep/er/:end
        GET /v1/deep/er     -> /v1/*\
        """);
  }

  @Test
  void aMountPointNeedNotEndWithASlash() {
    Router sub = mounted(router, "/sub*");
    on(sub.get("/"));
    on(sub.get("/x"));
    on(sub.get("/:y/z"));
    on(sub.getWithRegex(".*way"));
    on(sub.get("/w/*"));
    Router deep = mounted(sub, "/:t/*");
    on(deep.get("/d"));
    expect(
        """
        GET /sub      -> /sub
        GET /sub/     -> /sub
        GET /sub/x    -> /sub/x
        GET /sub/1/z  -> /sub/:y/z
        GET /subway   -> /sub/.*way
        GET /subx     -> none
        GET /sub/w    -> /sub/w/*
        GET /sub/1/d  -> /sub/:t/d\
        """);
  }

  @Test
  void aRouterMountedOnEverythingHasItsParentsMountPoint() {
    Router all = mounted(router, "/*");
    on(all.get("/a"));
    on(all.get("/"));
    Router pathless = Router.router(routing.vertx());
    router.route().subRouter(pathless);
    on(pathless.get("/:b"));
    Router nested = mounted(mounted(router, "/n/*"), "/*");
    on(nested.get("/"));
    on(nested.get("/c"));
    expect(
        """
        GET /a   -> /a /:b
        GET /    -> /
        GET /n   -> /:b
        GET /n/  -> /:b /n/
        GET /n/c -> /n/c\
        """);
  }

  @Test
  void aRouterMayBeMountedOnATemplate() {
    Router tenant = mounted(router, "/t/:tenant/*");
    on(tenant.get("/orders/:id"));
    on(tenant.get("/orders"));
    on(tenant.get("/"));
    on(tenant.get("/files/*"));
    on(tenant.get("/:name.json"));
    on(tenant.getWithRegex("/r.*"));
    on(tenant.post());
    Router deep = mounted(tenant, "/deep/*");
    on(deep.get("/x"));
    on(deep.get("/"));
    Router mixed = mounted(router, "/m-:a.:b/*");
    on(mixed.get("/x"));
    on(mixed.get("/"));
    Router open = mounted(router, "/o/:a*");
    on(open.get("/"));
    on(open.get("/x/"));
    expect(
        """
        GET /t/1/orders/5  -> /t/:tenant/orders/:id
        GET /t/1/orders/   -> /t/:tenant/orders
        GET /t/1           -> none
        GET /t/1/          -> /t/:tenant/
        GET /t/1/files     -> /t/:tenant/files/*
        GET /t/1/files/a   -> /t/:tenant/files/*
        GET /t/1/a.json    -> /t/:tenant/:name.json
        GET /t/1/rest      -> /t/:tenant/r.*
        POST /t/1/any      -> /t/:tenant/*
        POST /t/1          -> none
        GET /t/1/deep/x    -> /t/:tenant/deep/x
        GET /t/1/deep/     -> /t/:tenant/deep/
        GET /m-1.2/x       -> /m-:a.:b/x
        GET /m-1.2/        -> /m-:a.:b/
        GET /m-1.2         -> none
        GET /o/1           -> /o/:a
        GET /o/1/          -> /o/:a
        GET /o/1/x/        -> /o/:a/x/
        GET /o/1/x         -> none\
        """);
  }

  @Test
  void aMountOnATemplateTakesNoLineTerminators() {
    Router tenant = mounted(router, "/t/:tenant/*");
    on(tenant.get("/:id"));
    on(router.get("/t/:any/:id"));
    // NEXT LINE, which a request may bring as one byte and the dot of a regex does not match.
    expect("GET /t/1/\u0085 -> /t/:any/:id");
    expect("GET /t/\u0085/1 -> /t/:tenant/:id /t/:any/:id");
  }

  @Test
  void aMountLimitsTheMethodsOfWhatIsBelow() {
    Router sub = Router.router(routing.vertx());
    router.route("/s/*").method(HttpMethod.GET).method(HttpMethod.PUT).subRouter(sub);
    on(sub.route("/a"));
    on(sub.route("/b").method(HttpMethod.PUT).method(HttpMethod.POST));
    on(sub.post("/c"));
    expect(
        """
        GET /s/a   -> /s/a
        POST /s/a  -> none
        PUT /s/b   -> /s/b
        POST /s/b  -> none
        POST /s/c  -> none\
        """);
    assertThat(RouteIndex.of(router, KEY).endpoints())
        .extracting(Endpoint::methods)
        .containsExactly(Set.of(HttpMethod.GET, HttpMethod.PUT), Set.of(HttpMethod.PUT));
  }

  @Test
  void aMountIsAnEndpointWithMetadataOnly() {
    Router sub = Router.router(routing.vertx());
    router.route("/s/*").putMetadata(KEY, "declared").subRouter(sub);
    on(sub.get("/a"));
    expect(
        """
        GET /s/a  -> /s/* /s/a
        PUT /s    -> /s/*\
        """);
    Endpoint mount = RouteIndex.of(router, KEY).endpoints().get(0);
    assertThat(mount.wildcard()).isTrue();
    assertThat(mount.metadata()).isEqualTo("declared");
  }

  @Test
  void aRouterMountedTwiceGivesTwoEndpoints() {
    Router items = Router.router(routing.vertx());
    Route route = on(items.get("/items"));
    router.route("/v1/*").subRouter(items);
    router.route("/v2/*").subRouter(items);
    expect(
        """
        GET /v1/items -> /v1/items
        GET /v2/items -> /v2/items\
        """);
    assertThat(RouteIndex.of(router, KEY).endpoints())
        .extracting(Endpoint::route)
        .containsExactly(route, route);
  }

  @Test
  void removedRoutesAreGone() {
    Route a = on(router.get("/a"));
    on(router.get("/:x"));
    a.remove();
    expect("GET /a -> /:x");
    router.clear();
    assertThat(RouteIndex.of(router, KEY).endpoints()).isEmpty();
  }

  @Test
  void aSearchMayBeginBehindAnyOrdinal() {
    for (int i = 0; i < 3; i++) {
      on(router.get("/a"));
      on(router.get("/:x"));
      on(router.get("/*"));
    }
    RouteIndex index = RouteIndex.of(router, KEY);
    for (int from = 0; from < 9; from++) {
      Endpoint found = index.find("/a", HttpMethod.GET, from);
      assertThat(found).isSameAs(index.endpoints().get(from));
      assertThat(found.ordinal()).isEqualTo(from);
    }
    assertThat(index.find("/a", HttpMethod.GET, 9)).isNull();
  }

  @Test
  void emptySegmentsAreCompared() {
    on(router.get("/a//b"));
    on(router.get("/a//:x"));
    on(router.get("/a/:x/b"));
    on(router.get("/c/:x/d"));
    RouteIndex index = RouteIndex.of(router, KEY);
    assertThat(index.find("/a//b", HttpMethod.GET, 0).template()).isEqualTo("/a//b");
    assertThat(index.find("/a//c", HttpMethod.GET, 0).template()).isEqualTo("/a//:x");
    assertThat(index.find("/a//c//", HttpMethod.GET, 0)).isNull();
    assertThat(index.find("/a///b", HttpMethod.GET, 0)).isNull();
    assertThat(index.find("/c//d", HttpMethod.GET, 0)).isNull();
  }

  @Test
  void whatIsNoPathIsUnknown() {
    on(router.get("/:x"));
    on(router.get("/*"));
    RouteIndex index = RouteIndex.of(router, KEY);
    assertThat(index.find("", HttpMethod.GET, 0)).isNull();
    assertThat(index.find("x", HttpMethod.OPTIONS, 0)).isNull();
  }

  @Test
  void anEmptyRouterHasNoEndpoints() {
    RouteIndex index = RouteIndex.of(Router.router(routing.vertx()), KEY);
    assertThat(index.endpoints()).isEmpty();
    assertThat(index.find("/", HttpMethod.GET, 0)).isNull();
  }

  @Test
  void aRouterMountedInsideItselfIsRefused() {
    Router sub = mounted(router, "/a/*");
    sub.route("/b/*").subRouter(router);
    assertThatThrownBy(() -> RouteIndex.of(router, KEY))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("router: mounted inside itself at /a/b/*, must be a tree");
  }

  @Test
  void aHundredThousandRoutesAreFound() {
    for (int i = 0; i < 200; i++) {
      Router sub = Router.router(routing.vertx());
      for (int j = 0; j < 250; j++) {
        on(sub.get("/static" + j));
        on(sub.get("/template" + j + "/:id"));
      }
      router.route("/s" + i + "/*").subRouter(sub);
    }
    RouteIndex index = RouteIndex.of(router, KEY);
    assertThat(index.endpoints()).hasSize(100_000);
    for (Endpoint endpoint : index.endpoints()) {
      String path = endpoint.template().replace(":id", "7");
      assertThat(index.find(path, HttpMethod.GET, 0)).isSameAs(endpoint);
    }
  }
}
