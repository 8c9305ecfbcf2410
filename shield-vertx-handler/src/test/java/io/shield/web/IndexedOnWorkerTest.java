package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.memory.MemoryBackend;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A router is read before the first request, and on no event loop: it may be large. */
class IndexedOnWorkerTest {
  private final Vertx vertx = Vertx.vertx();
  private final Router router = Router.router(vertx);
  private final List<Boolean> onEventLoop = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    TestApp.await(vertx.close());
  }

  /** Whoever reads the router reads the text of its handlers. */
  private final class Noting implements Handler<RoutingContext> {
    @Override
    public void handle(RoutingContext ctx) {
      ctx.end();
    }

    @Override
    public String toString() {
      onEventLoop.add(Context.isOnEventLoopThread());
      return "noting";
    }
  }

  private Future<Void> start() {
    ShieldEngine engine =
        ShieldEngine.create(vertx, new ShieldOptions().setBackend(MemoryBackend.create()));
    router.route().handler(ShieldHandler.create(engine, router));
    router.get("/x").handler(new Noting());
    return engine.start();
  }

  private void assertReadElsewhere() {
    assertThat(onEventLoop).isNotEmpty().containsOnly(false);
  }

  @Test
  void whoSetsItUpOnAContext() {
    Promise<Void> started = Promise.promise();
    vertx.runOnContext(v -> start().onComplete(started));
    TestApp.await(started.future());
    assertReadElsewhere();
  }

  @Test
  void whoSetsItUpOnNone() {
    TestApp.await(start());
    assertReadElsewhere();
  }

  /**
   * Vert.x tells of no change to a route that is there. The first handler's verticle ends before.
   */
  @Test
  void whoChangesARouteLater() {
    ShieldEngine engine =
        ShieldEngine.create(vertx, new ShieldOptions().setBackend(MemoryBackend.create()));
    Router other = Router.router(vertx);
    VerticleBase first =
        new VerticleBase() {
          @Override
          public Future<?> start() {
            other.route().handler(ShieldHandler.create(engine, other));
            return Future.succeededFuture();
          }
        };
    TestApp.await(vertx.undeploy(TestApp.await(vertx.deployVerticle(first))));
    TestApp.await(start());
    // The first may be read by the one look that follows a set-up.
    for (HttpMethod method : List.of(HttpMethod.PUT, HttpMethod.PATCH)) {
      onEventLoop.clear();
      router.getRoutes().get(1).method(method);
      await().atMost(Duration.ofMinutes(2)).until(() -> !onEventLoop.isEmpty());
      assertReadElsewhere();
    }
  }
}
