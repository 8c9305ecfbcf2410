package io.shield.bench.lookup;

import io.shield.decision.Decision;
import io.shield.internal.gate.Gates;
import io.shield.internal.gate.Verdict;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.web.impl.RouteDeclaration;
import io.shield.web.index.Endpoint;
import io.shield.web.index.LiveRouteIndex;
import io.shield.web.index.RouteIndex;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The whole look-up as the router handler makes it for each request: see whether the router
 * changed, find the endpoint, read its verdict. Beside it a hash map with as many entries, asked
 * for the same path string and for nothing else.
 */
public class LookupBenchmark {
  /** The kind of requests and the size of the API. */
  @State(Scope.Benchmark)
  public abstract static class Parameters {
    @Param({"static", "template", "unknown"})
    public String kind;

    @Param({"10", "1000", "100000"})
    public int routes;
  }

  /** What Shield's router handler holds. */
  public static class Shielded extends Parameters {
    private Scenario scenario;
    private Vertx vertx;
    private LiveRouteIndex live;
    private RouteIndex bound;
    private Gates gates;
    private int[] slots;

    /** Builds the index and the verdicts, and checks that they answer rightly. */
    @Setup(Level.Trial)
    public void build() {
      scenario = new Scenario(kind, routes);
      vertx = Vertx.vertx();
      live = new LiveRouteIndex(scenario.api().router(vertx), RouteDeclaration.KEY);
      bound = live.get();
      gates = scenario.api().gates(Shielded::state);
      slots = gates.slots(bound.endpoints().stream().map(Endpoint::template).toList());
      scenario.asked().forEach(this::check);
      settle();
    }

    private static RouteState state(SampleRoute route) {
      RouteStatus status = route.isDisabled() ? RouteStatus.DISABLED : RouteStatus.ACTIVE;
      return RouteState.active("GET:" + route.template()).toBuilder().status(status).build();
    }

    private void check(SampleRoute route) {
      String path = scenario.path(route);
      Endpoint found = bound.find(path, HttpMethod.GET, 0);
      String template = found == null ? null : found.template();
      boolean refused = decide(path) instanceof Decision.Disabled;
      boolean right =
          scenario.isKnown()
              ? route.template().equals(template) && refused == route.isDisabled()
              : template == null && !refused;
      if (!right) {
        throw new IllegalStateException(
            path + " was found to be " + template + (refused ? ", refused" : ", open"));
      }
    }

    /** The steps of the router handler, without the request they are taken for. */
    Decision decide(String path) {
      RouteIndex index = index();
      Endpoint endpoint = index.find(path, path, HttpMethod.GET, 0);
      while (endpoint != null) {
        Verdict verdict = gates.verdict(slots[endpoint.ordinal()], HttpMethod.GET);
        if (verdict.hasExemptions()) {
          throw new IllegalStateException(path + " has exemptions");
        }
        Decision decision = verdict.decision();
        if (decision != Decision.ALLOW) {
          return decision;
        }
        endpoint = index.behind(endpoint, path, path, HttpMethod.GET);
      }
      return Decision.ALLOW;
    }

    @SuppressWarnings("ReferenceEquality") // a changed router has a new index
    private RouteIndex index() {
      RouteIndex index = live.get();
      if (index != bound) {
        throw new IllegalStateException("the router was indexed again");
      }
      return index;
    }

    /** Ends the threads of Vert.x. */
    @TearDown(Level.Trial)
    public void close() {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  /** A hash map from path to state, with as many entries as there are routes. */
  public static class BareMap extends Parameters {
    private final Map<String, RouteState> states = new HashMap<>();
    private Scenario scenario;

    /** Fills the map, and checks that it answers rightly. */
    @Setup(Level.Trial)
    public void build() {
      scenario = new Scenario(kind, routes);
      for (SampleRoute route : scenario.api().routes()) {
        states.put(route.request(), RouteState.active("GET:" + route.template()));
      }
      for (SampleRoute route : scenario.asked()) {
        String path = scenario.path(route);
        if (states.containsKey(path) != scenario.isKnown()) {
          throw new IllegalStateException(path + " is in the map: " + !scenario.isKnown());
        }
      }
      settle();
    }

    @Nullable RouteState get(String path) {
      return states.get(path);
    }
  }

  /** Ours. */
  @Benchmark
  public Decision shield(Shielded shielded, Blackhole sink) {
    String path = freshPath(shielded.scenario, sink);
    return shielded.decide(path);
  }

  /** The baseline. */
  @Benchmark
  public @Nullable RouteState map(BareMap map, Blackhole sink) {
    String path = freshPath(map.scenario, sink);
    return map.get(path);
  }

  /** Leaves what was built in the old generation, as in a server that has run for a while. */
  private static void settle() {
    System.gc();
  }

  /** The sink keeps the compiler from doing without the string where it can see all its uses. */
  private static String freshPath(Scenario scenario, Blackhole sink) {
    String path = scenario.nextPath();
    sink.consume(path);
    return path;
  }
}
