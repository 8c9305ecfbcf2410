package io.shield.backend.redis;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.model.RouteState;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One of several nodes on a Redis that announce edges and send webhooks, until it is killed. */
final class TellingProcess {
  private TellingProcess() {}

  /** The URL of Redis, and a directory for the cache. */
  public static void main(String[] args) throws Exception {
    PrintStream out = System.out;
    Vertx vertx = Vertx.vertx();
    ShieldEngine engine = ShieldEngine.create(vertx, options(args[0], args[1]));
    engine.start().await(60, TimeUnit.SECONDS);
    engine.register(List.of(RouteState.active("GET:/a"))).await(60, TimeUnit.SECONDS);
    out.println("ready");
    while (System.in.read() >= 0) {
      // Until whoever started it has seen enough.
    }
    Runtime.getRuntime().halt(0);
  }

  static ShieldOptions options(String url, String cache) {
    return new ShieldOptions()
        .setName("telling")
        .setBackend(RedisBackend.create(new RedisBackendOptions().setUrl(url)))
        .putSetting("SHIELD_CACHE_DIR", cache)
        .putSetting("SHIELD_WEBHOOK_ALLOWED_ADDRESSES", "127.0.0.0/8");
  }
}
