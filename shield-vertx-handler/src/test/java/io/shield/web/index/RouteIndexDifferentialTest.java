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
  private static final int ROUTERS = Integer.getInteger("shield.routers", 5000);

  private long requests;
  private long visits;
  private long reroutes;

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
        "%d routers, %d requests, %d visits of endpoints, %d reroutes%n",
        ROUTERS, requests, visits, reroutes);
    assertThat(visits).isGreaterThan(requests / 2);
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
    List<Endpoint> named = new ArrayList<>();
    List<Route> expected = new ArrayList<>();
    for (Endpoint e = find(index, pass, 0); e != null; e = find(index, pass, e.ordinal() + 1)) {
      named.add(e);
      expected.add(router.shownBy(e));
    }
    if (pass.cut) {
      expected = expected.subList(0, Math.min(visited.size(), expected.size()));
    }
    assertThat(visited)
        .as(
            "%s %s (sent as %s) in router %d; the index names %s of %s",
            pass.method, pass.normalizedPath, pass.rawPath, seed, named, index.endpoints())
        .withRepresentation(new RouteNames())
        .isEqualTo(expected);
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

  private static Endpoint find(RouteIndex index, Pass pass, int from) {
    Endpoint found = index.find(pass.normalizedPath, pass.rawPath, pass.method, from);
    assertThat(found == null || found.ordinal() >= from).as("ordinal of %s", found).isTrue();
    return found;
  }
}
