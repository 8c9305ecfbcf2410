package io.shield.bench.lookup;

import io.shield.bench.limits.AddressCaller;
import io.shield.decision.Caller;
import io.shield.decision.Decision;
import io.shield.internal.gate.Gates;
import io.shield.internal.gate.Verdict;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * A verdict alone, for a request whose route is known: a constant; one with a planned maintenance,
 * for which the clock is read; a closed route's that lets certain addresses pass. Beside it a hash
 * map with as many entries, asked for a path string that is new for each request.
 */
public class VerdictBenchmark {
  private static final int ROUTES = 1000;
  private static final MaintenanceWindow FAR_AWAY =
      new MaintenanceWindow(
          Instant.parse("2999-01-01T00:00:00Z"), Instant.parse("2999-01-02T00:00:00Z"), "");

  /** Random slots, round and round. */
  private static final class Slots {
    private static final int COUNT = 1 << 10;

    private final int[] slots = new Random(42).ints(COUNT, 0, ROUTES).toArray();
    private int next;

    int next() {
      int slot = slots[next];
      next = (next + 1) & (COUNT - 1);
      return slot;
    }
  }

  /** Gates whose verdicts are constants, a few of them refusals. */
  @State(Scope.Benchmark)
  public static class Constants {
    private final Slots slots = new Slots();
    private Gates gates;

    /** Compiles the verdicts. */
    @Setup(Level.Trial)
    public void build() {
      gates = new SampleApi(ROUTES).gates(Constants::state);
      for (int slot = 0; slot < ROUTES; slot++) {
        Verdict verdict = gates.verdict(slot, HttpMethod.GET);
        boolean refused = verdict.decision() instanceof Decision.Disabled;
        check(slot, !verdict.isTimed() && refused == new SampleRoute(slot).isDisabled());
      }
    }

    private static RouteState state(SampleRoute route) {
      RouteStatus status = route.isDisabled() ? RouteStatus.DISABLED : RouteStatus.ACTIVE;
      return stored(route).status(status).build();
    }
  }

  /** Gates whose verdicts have an edge ahead. */
  @State(Scope.Benchmark)
  public static class Timed {
    private final Slots slots = new Slots();
    private Gates gates;

    /** Compiles the verdicts. */
    @Setup(Level.Trial)
    public void build() {
      gates = new SampleApi(ROUTES).gates(route -> stored(route).window(FAR_AWAY).build());
      for (int slot = 0; slot < ROUTES; slot++) {
        Verdict verdict = gates.verdict(slot, HttpMethod.GET);
        check(slot, verdict.isTimed() && verdict.decision() == Decision.ALLOW);
      }
    }
  }

  /** Gates that are closed but for one network, and a caller in it. */
  @State(Scope.Benchmark)
  public static class Exempt {
    private final Slots slots = new Slots();
    private final Caller caller = new AddressCaller("10.20.30.40");
    private Gates gates;

    /** Compiles the verdicts. */
    @Setup(Level.Trial)
    public void build() {
      gates = new SampleApi(ROUTES).gates(Exempt::state);
      for (int slot = 0; slot < ROUTES; slot++) {
        Verdict verdict = gates.verdict(slot, HttpMethod.GET);
        boolean passes = verdict.judge(caller) == Decision.ALLOW;
        check(slot, passes && verdict.judge(Caller.UNKNOWN) instanceof Decision.Disabled);
      }
    }

    private static RouteState state(SampleRoute route) {
      return stored(route).status(RouteStatus.DISABLED).allowedIps(List.of("10.0.0.0/8")).build();
    }
  }

  /** A hash map from path to state. */
  @State(Scope.Benchmark)
  public static class BareMap {
    private final Map<String, RouteState> states = new HashMap<>();
    private Requests requests;

    /** Fills the map. */
    @Setup(Level.Trial)
    public void build() {
      List<SampleRoute> routes = new SampleApi(ROUTES).routes();
      routes.forEach(route -> states.put(route.request(), stored(route).build()));
      requests = new Requests(routes.stream().map(SampleRoute::request).toList());
    }
  }

  private static RouteState.Builder stored(SampleRoute route) {
    return RouteState.active("GET:" + route.template()).toBuilder();
  }

  private static void check(int slot, boolean right) {
    if (!right) {
      throw new IllegalStateException("wrong verdict for " + new SampleRoute(slot).template());
    }
  }

  /** A constant. */
  @Benchmark
  public Decision constant(Constants state) {
    return state.gates.verdict(state.slots.next(), HttpMethod.GET).decision();
  }

  /** One that depends on the time. */
  @Benchmark
  public Decision timed(Timed state) {
    return state.gates.verdict(state.slots.next(), HttpMethod.GET).decision();
  }

  /** One that depends on the caller. */
  @Benchmark
  public Decision exempt(Exempt state) {
    return state.gates.verdict(state.slots.next(), HttpMethod.GET).judge(state.caller);
  }

  /** The baseline. */
  @Benchmark
  public @Nullable RouteState map(BareMap map, Blackhole sink) {
    String path = map.requests.next();
    sink.consume(path);
    return map.states.get(path);
  }
}
