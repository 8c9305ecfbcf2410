package io.shield.bench.backend;

import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One change of one route, from asked for to acknowledged and in force, one after the other. Beside
 * it the same with ten routes in the store.
 */
public class CommitBenchmark {
  private static final Actor ACTOR = Actor.of("bench", "cli");
  private static final int FEW = 10;

  /** A store. */
  @State(Scope.Benchmark)
  public abstract static class Store {
    private Engine engine;
    private int changes;

    abstract String backend();

    abstract int routes();

    /** Starts an engine. */
    @Setup(Level.Trial)
    public void open() throws IOException {
      engine = new Engine(backend(), routes());
    }

    RouteState change() {
      int number = changes++;
      // Disabled and enabled in turn, so that every change is one.
      String route = Engine.route(number / 2 % routes());
      return Engine.get(
          number % 2 == 0
              ? engine.shield().routes().disable(route, ACTOR, "bench")
              : engine.shield().routes().enable(route, ACTOR, "bench"));
    }

    /** Closes it. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
      engine.close();
    }
  }

  /** In memory. */
  public static class FewRoutes extends Store {
    @Param("memory")
    public String backend;

    @Override
    String backend() {
      return backend;
    }

    @Override
    int routes() {
      return FEW;
    }
  }

  /** With as many routes as a service may have, and as a fleet. */
  public static class ManyRoutes extends FewRoutes {
    @Param({"10", "1000", "10000", "100000"})
    public int routes;

    @Override
    int routes() {
      return routes;
    }
  }

  /** In what others keep. */
  public static class FewStoredRoutes extends Store {
    @Param({"file", "redis", "cluster"})
    public String backend;

    @Override
    String backend() {
      return backend;
    }

    @Override
    int routes() {
      return FEW;
    }
  }

  /** With as many routes as a service may have. */
  public static class ManyStoredRoutes extends FewStoredRoutes {
    @Param({"10", "1000", "10000"})
    public int routes;

    @Override
    int routes() {
      return routes;
    }
  }

  /** Where it takes a minute to store a fleet's; a file of this size takes seconds to write. */
  @State(Scope.Benchmark)
  public static class StoredFleet extends Store {
    @Param({"redis", "cluster"})
    public String backend;

    @Param("100000")
    public int routes;

    @Override
    String backend() {
      return backend;
    }

    @Override
    int routes() {
      return routes;
    }
  }

  /** A commit. */
  @Benchmark
  public RouteState many(ManyRoutes store) {
    return store.change();
  }

  /** The baseline. */
  @Benchmark
  public RouteState few(FewRoutes store) {
    return store.change();
  }

  /** A commit where others store what is changed. */
  @Benchmark
  public RouteState manyStored(ManyStoredRoutes store) {
    return store.change();
  }

  /** The same beside the routes of a whole fleet. */
  @Benchmark
  public RouteState fleetStored(StoredFleet store) {
    return store.change();
  }

  /** The baseline of both. */
  @Benchmark
  public RouteState fewStored(FewStoredRoutes store) {
    return store.change();
  }
}
