package io.shield.bench.backend;

import io.shield.model.audit.Actor;
import io.shield.web.ShieldHandler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A request through a router whose first handler is Shield's. Beside it the same router without
 * Shield.
 */
public class RequestBenchmark {
  /** With an engine. */
  @State(Scope.Benchmark)
  public static class Shielded {
    @Param({"memory", "file", "redis", "cluster", "server"})
    public String backend;

    private Engine engine;
    private Traffic traffic;

    /** Starts an engine. */
    @Setup(Level.Trial)
    public void open() throws IOException {
      engine = new Engine(backend, Traffic.ROUTES);
      Router router = Router.router(engine.vertx());
      router.route().handler(ShieldHandler.create(engine.shield(), router));
      traffic = new Traffic(engine.vertx(), router);
      checkThatItIsJudged();
    }

    private void checkThatItIsJudged() {
      Actor actor = Actor.of("bench", "cli");
      Engine.get(engine.shield().maintenance().enableGlobal(actor, "is it judged?"));
      int served = traffic.served();
      if (traffic.request() != served) {
        throw new IllegalStateException("a request was served during maintenance");
      }
      Engine.get(engine.shield().maintenance().disableGlobal(actor));
      if (traffic.request() == served) {
        throw new IllegalStateException("a request was refused after maintenance");
      }
    }

    /** Closes it. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
      engine.close();
    }
  }

  /** Without. */
  @State(Scope.Benchmark)
  public static class Bare {
    private final Vertx vertx = Vertx.vertx();
    private final Traffic traffic = new Traffic(vertx, Router.router(vertx));

    /** Ends the threads of Vert.x. */
    @TearDown(Level.Trial)
    public void close() {
      Engine.get(vertx.close());
    }
  }

  /** Ours. */
  @Benchmark
  public int shield(Shielded shielded) {
    return shielded.traffic.request();
  }

  /** The baseline. */
  @Benchmark
  public int bare(Bare bare) {
    return bare.traffic.request();
  }
}
