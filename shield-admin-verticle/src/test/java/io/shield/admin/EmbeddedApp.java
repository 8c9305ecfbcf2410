package io.shield.admin;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.memory.MemoryBackend;
import io.vertx.core.Vertx;

/** An application with the admin verticle on a free port, which it prints. Ends with its input. */
final class EmbeddedApp {
  private EmbeddedApp() {}

  public static void main(String[] args) throws Exception {
    Vertx vertx = Vertx.vertx();
    ShieldOptions options = new ShieldOptions().setBackend(MemoryBackend.create());
    ShieldEngine engine = ShieldEngine.create(vertx, options);
    AdminVerticle verticle = new AdminVerticle(engine, new AdminOptions().setPort(0));
    engine
        .start()
        .compose(v -> vertx.deployVerticle(verticle))
        .toCompletionStage()
        .toCompletableFuture()
        .join();
    System.out.println(verticle.actualPort());
    while (System.in.read() >= 0) {
      // Until the test closes it.
    }
    Runtime.getRuntime().halt(0);
  }
}
