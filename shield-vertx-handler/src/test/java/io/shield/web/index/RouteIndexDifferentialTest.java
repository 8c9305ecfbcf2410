package io.shield.web.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.web.index.RealRouting.Pass;
import io.shield.web.index.RealRouting.Request;
import io.vertx.ext.web.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.presentation.StandardRepresentation;
import org.junit.jupiter.api.Test;

/** Compares the endpoints the index names with the routes a real Vert.x server goes through. */
class RouteIndexDifferentialTest {
  private static final int ROUTERS = Integer.getInteger("shield.routers", 3000);

  private long requests;
  private long visits;
  private long reroutes;
  private long passedOver;

  @Test
  void theIndexNamesTheRoutesThatVertxVisits() {
    long seed = Long.getLong("shield.seed", System.nanoTime());
    System.out.println("route index against Vert.x: -Dshield.seed=" + seed);
    Random seeds = new Random(seed);
    try (RealRouting routing = new RealRouting()) {
      for (int i = 0; i < ROUTERS; i++) {
        compare(routing, seeds.nextLong());
      }
    }
    System.out.printf(
        "%d routers, %d requests, %d visits of endpoints, %d passed over, %d reroutes%n",
        ROUTERS, requests, visits, passedOver, reroutes);
    assertThat(visits).isGreaterThan(requests / 2);
    assertThat(passedOver).isGreaterThan(ROUTERS / 10);
    assertThat(reroutes).isGreaterThan(ROUTERS / 10);
  }

  private void compare(RealRouting routing, long routerSeed) {
    RandomRouter router = new RandomRouter(routing, new Random(routerSeed));
    LiveRouteIndex live = new LiveRouteIndex(router.router(), RandomRouter.KEY);
    compare(routing, router, live.get(), router.requests(20), routerSeed);
    router.change();
    compare(routing, router, live.get(), router.requests(10), routerSeed);
  }

  private void compare(
      RealRouting routing, RandomRouter router, RouteIndex index, List<Request> sent, long seed) {
    for (Request request : sent) {
      List<Pass> passes = routing.send(router.router(), request);
      requests++;
      reroutes += passes.size() - 1;
      for (Pass pass : passes) {
        compare(router, index, pass, seed);
      }
    }
  }

  private void compare(RandomRouter router, RouteIndex index, Pass pass, long seed) {
    List<Route> visited = router.visitedEndpoints(pass);
    visits += visited.size();
    List<Endpoint> named = named(index, pass);
    passedOver += named.size() - visited.size();
    assertThat(visited)
        .as(
            "%s %s (sent as %s) in router %d; the index names %s of %s",
            pass.method, pass.normalizedPath, pass.rawPath, seed, named, index.endpoints())
        .withRepresentation(new RouteNames())
        .isEqualTo(expected(router, named, visited, pass.cut));
  }

  /** What is named, but for what is not certain and was not visited, and for what was cut off. */
  private static List<Route> expected(
      RandomRouter router, List<Endpoint> named, List<Route> visited, boolean cut) {
    List<Route> expected = new ArrayList<>();
    for (Endpoint endpoint : named) {
      Route route = router.shownBy(endpoint);
      int at = expected.size();
      if (at == visited.size()
          ? !cut && endpoint.certain()
          : isNext(endpoint, route, visited, at)) {
        expected.add(route);
      }
    }
    return expected;
  }

  private static boolean isNext(Endpoint endpoint, Route route, List<Route> visited, int at) {
    return endpoint.certain() || visited.get(at) == route;
  }

  /** Keeps messages short. */
  private static final class RouteNames extends StandardRepresentation {
    @Override
    protected String fallbackToStringOf(Object object) {
      return object instanceof Route route
          ? route.methods() + " " + route.getName() + " @" + System.identityHashCode(route)
          : super.fallbackToStringOf(object);
    }
  }

  private static List<Endpoint> named(RouteIndex index, Pass pass) {
    List<Endpoint> named = new ArrayList<>();
    Endpoint next = index.find(pass.normalizedPath, pass.rawPath, pass.method, 0);
    while (next != null) {
      assertThat(named.isEmpty() || named.get(named.size() - 1).ordinal() < next.ordinal())
          .as("ordinal of %s", next)
          .isTrue();
      named.add(next);
      next = index.behind(next, pass.normalizedPath, pass.rawPath, pass.method);
    }
    return named;
  }
}
