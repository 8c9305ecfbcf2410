package io.shield.bench.lookup;

import io.shield.decision.Site;
import io.shield.internal.gate.Gates;
import io.shield.model.RouteState;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * An API with any number of routes.
 *
 * <p>Vert.x copies all of a router's routes whenever one is added, so that filling one router takes
 * time in proportion to the square of their number. The routes are therefore spread over
 * sub-routers of a thousand, as an API of that size would be; the index sees through the mounts, so
 * that a look-up is what it would be in one router with these paths.
 */
final class SampleApi {
  private static final Site SITE = new Site("production", null);
  private static final Head HEAD = new Head("bench", 1, "bench");

  private final List<SampleRoute> routes;

  SampleApi(int routes) {
    this.routes = IntStream.range(0, routes).mapToObj(SampleRoute::new).toList();
  }

  List<SampleRoute> routes() {
    return routes;
  }

  Router router(Vertx vertx) {
    Router router = Router.router(vertx);
    Map<String, Router> groups = new LinkedHashMap<>();
    for (SampleRoute route : routes) {
      groups
          .computeIfAbsent(route.mount(), mount -> Router.router(vertx))
          .get(route.path())
          .handler(ctx -> ctx.response().end());
    }
    groups.forEach((mount, group) -> router.route(mount + "/*").subRouter(group));
    return router;
  }

  /** Gates that enforce a state for each route. */
  Gates gates(Function<SampleRoute, RouteState> states) {
    Gates gates = new Gates(SITE, InstantSource.system(), false);
    gates.slots(routes.stream().map(SampleRoute::template).toList());
    Map<DocumentKey, Versioned<?>> content = new LinkedHashMap<>();
    for (SampleRoute route : routes) {
      RouteState state = states.apply(route);
      content.put(DocumentKey.state(state.path()), new Versioned<>(state.withVersion(1), 1));
    }
    gates.replace(Snapshot.of(HEAD, content), false);
    return gates;
  }
}
