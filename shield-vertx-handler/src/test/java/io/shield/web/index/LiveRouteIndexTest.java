package io.shield.web.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LiveRouteIndexTest {
  private static final String KEY = "shield";

  private final Vertx vertx = Vertx.vertx();
  private final Router router = Router.router(vertx);
  private final LiveRouteIndex live = new LiveRouteIndex(router, KEY);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @BeforeEach
  void addRoutes() {
    for (int i = 0; i < 5; i++) {
      on(router.route());
      on(router.get("/a" + i));
    }
  }

  private static Route on(Route route) {
    return route.handler(ctx -> ctx.next());
  }

  private String find(String method, String path) {
    Endpoint found = live.get().find(path, HttpMethod.valueOf(method), 0);
    return found == null ? "none" : found.template();
  }

  /** A change Vert.x tells nobody of, nor any request, is found by looking at all routes. */
  private void assertThatALookFindsAChange(RouteIndex before) {
    assertThat(live.get()).isSameAs(before);
    assertThat(live.look()).isFalse();
    assertThat(live.get()).isNotSameAs(before);
    assertThat(live.look()).isTrue();
  }

  @Test
  void anUnchangedRouterKeepsItsIndex() {
    RouteIndex first = live.get();
    for (int i = 0; i < 1000; i++) {
      assertThat(live.get()).isSameAs(first);
      assertThat(find("GET", "/a1")).isEqualTo("/a1");
    }
  }

  @Test
  void aRefreshOfAnUnchangedRouterKeepsIt() {
    Router sub = Router.router(vertx);
    on(sub.get("/x"));
    router.route("/s/*").subRouter(sub);
    RouteIndex first = live.get();
    live.refresh();
    assertThat(live.get()).isSameAs(first);
    router.getRoutes().get(1).setName("/named");
    live.refresh();
    assertThat(live.get()).isNotSameAs(first);
  }

  @Test
  void theFirstIndexOfATreeIsNotBuiltTwice() {
    Router sub = Router.router(vertx);
    on(sub.get("/x"));
    router.route("/s/*").subRouter(sub);
    assertThat(live.get()).isSameAs(live.get());
  }

  @Test
  void addedAndRemovedRoutesAreSeenAtOnce() {
    assertThat(find("GET", "/b")).isEqualTo("none");
    Route b = on(router.get("/b"));
    assertThat(find("GET", "/b")).isEqualTo("/b");
    b.remove();
    assertThat(find("GET", "/b")).isEqualTo("none");
  }

  @Test
  void changesOfSubRoutersAreSeenAtOnce() {
    live.get();
    Router sub = Router.router(vertx);
    Router deep = Router.router(vertx);
    router.route("/s/*").subRouter(sub);
    assertThat(find("GET", "/s/x")).isEqualTo("none");
    on(sub.get("/x"));
    assertThat(find("GET", "/s/x")).isEqualTo("/s/x");
    sub.route("/d/*").subRouter(deep);
    live.get();
    on(deep.get("/y"));
    assertThat(find("GET", "/s/d/y")).isEqualTo("/s/d/y");
  }

  @Test
  void lateMetadataOfAnEndpointIsSeenAfterOneRequest() {
    Route b = on(router.get("/b"));
    assertThat(find("GET", "/b")).isEqualTo("/b");
    b.putMetadata(KEY, "late");
    find("GET", "/b");
    assertThat(live.get().find("/b", HttpMethod.GET, 0).metadata()).isEqualTo("late");
  }

  @Test
  void lateMethodsAreSeenInTime() {
    Route b = on(router.get("/b"));
    Route all = on(router.route());
    RouteIndex before = live.get();
    b.method(HttpMethod.PUT);
    assertThatALookFindsAChange(before);
    assertThat(find("PUT", "/b")).isEqualTo("/b");
    before = live.get();
    all.method(HttpMethod.PATCH);
    assertThatALookFindsAChange(before);
    assertThat(find("PATCH", "/any")).isEqualTo("/*");
  }

  @Test
  void aPathOrANameGivenLateIsSeenInTime() {
    Route late = on(router.route());
    RouteIndex before = live.get();
    late.path("/late");
    assertThatALookFindsAChange(before);
    assertThat(find("GET", "/late")).isEqualTo("/late");
    Route regex = on(router.getWithRegex("/r.*"));
    before = live.get();
    regex.setName("/r");
    assertThatALookFindsAChange(before);
    assertThat(find("GET", "/r1")).isEqualTo("/r");
  }

  @Test
  void aHandlerAddedToARouteWithFailureHandlersAloneIsSeenInTime() {
    Route b = router.get("/b").failureHandler(ctx -> ctx.next());
    RouteIndex before = live.get();
    assertThat(find("GET", "/b")).isEqualTo("none");
    on(b);
    assertThatALookFindsAChange(before);
    assertThat(find("GET", "/b")).isEqualTo("/b");
  }

  @Test
  void aMountSeenHalfDoneIsCompletedInTime() {
    Router sub = Router.router(vertx);
    on(sub.get("/x"));
    RouteIndex[] halfDone = new RouteIndex[1];
    router.modifiedHandler(modified -> halfDone[0] = live.get());
    router.route("/s/*").subRouter(sub);
    assertThat(halfDone[0].find("/s/x", HttpMethod.GET, 0)).isNull();
    assertThatALookFindsAChange(halfDone[0]);
    assertThat(find("GET", "/s/x")).isEqualTo("/s/x");
  }

  @Test
  void everyRouteOfALargeRouterIsLookedAtInTurn() {
    Router large = Router.router(vertx);
    router.route("/large/*").subRouter(large);
    for (int i = 0; i < 6000; i++) {
      large.route().order(i).failureHandler(ctx -> ctx.next());
    }
    List<Route> all = large.getRoutes();
    for (int i : new int[] {0, 299, 5999}) {
      RouteIndex before = live.get();
      on(all.get(i)).path("/late" + i);
      int looks = 0;
      while (live.look()) {
        looks++;
      }
      assertThat(looks).isLessThan(3);
      assertThat(live.get()).isNotSameAs(before);
      assertThat(find("GET", "/large/late" + i)).isEqualTo("/large/late" + i);
    }
  }

  @Test
  void aSubRouterThatWasClearedIsSeenWithTheNextChange() {
    Router sub = Router.router(vertx);
    on(sub.get("/x"));
    router.route("/s/*").subRouter(sub);
    assertThat(find("GET", "/s/x")).isEqualTo("/s/x");
    sub.clear();
    on(sub.get("/y"));
    assertThat(find("GET", "/s/x")).isEqualTo("none");
    assertThat(find("GET", "/s/y")).isEqualTo("/s/y");
  }

  @Test
  void routesMayBeAddedWhileOthersAsk() {
    List<CompletableFuture<Void>> writers =
        List.of(
            CompletableFuture.runAsync(() -> addChains("/x")),
            CompletableFuture.runAsync(() -> addChains("/y")));
    CompletableFuture<Void> all =
        CompletableFuture.allOf(writers.toArray(new CompletableFuture<?>[0]));
    long asked = 0;
    do {
      asked += live.get().endpoints().size();
    } while (!all.isDone());
    all.join();
    asked += live.get().endpoints().size();
    assertThat(asked).isPositive();
    // Chains read half done are noticed by a look; afterwards the index is what is read anew.
    while (!live.look()) {
      live.get();
    }
    assertThat(described(live.get())).isEqualTo(described(RouteIndex.of(router, KEY)));
  }

  private void addChains(String path) {
    for (int i = 0; i < 100; i++) {
      Router sub = Router.router(vertx);
      on(sub.route("/a")).method(HttpMethod.GET).putMetadata(KEY, i);
      router.route(path + i + "/*").subRouter(sub);
      on(sub.route("/b")).putMetadata(KEY, i).method(HttpMethod.GET);
      on(sub.get("/c")).remove();
    }
  }

  private static List<String> described(RouteIndex index) {
    return index.endpoints().stream().map(e -> e + " " + e.metadata()).toList();
  }
}
