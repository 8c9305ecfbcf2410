package io.shield.admin.impl;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.admin.AdminOptions;
import io.shield.admin.ShieldServer;
import io.shield.internal.EngineInternals;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import org.jspecify.annotations.Nullable;

/** The engine and the API that several deployments of one Shield Server have in common. */
public final class SharedServer implements Shareable {
  private static final String MAP = "io.shield.servers";

  private final String name;
  private final ShieldEngine engine;
  private final AdminApi api;
  private int deployments;

  private SharedServer(String name, ShieldEngine engine, AdminApi api) {
    this.name = name;
    this.engine = engine;
    this.api = api;
  }

  /** The server of a name, started by the first who asks for it. */
  public static Future<SharedServer> join(
      Vertx vertx, String name, ShieldOptions options, AdminOptions admin) {
    return vertx
        .sharedData()
        .getLocalLock(MAP + "." + name)
        .compose(lock -> started(vertx, name, options, admin).onComplete(v -> lock.release()));
  }

  private static Future<SharedServer> started(
      Vertx vertx, String name, ShieldOptions options, AdminOptions admin) {
    LocalMap<String, SharedServer> servers = vertx.sharedData().getLocalMap(MAP);
    SharedServer running = servers.get(name);
    if (running != null) {
      running.deployments++;
      return Future.succeededFuture(running);
    }
    ShieldEngine engine = ShieldEngine.create(vertx, new ShieldOptions(options).setName(name));
    return vertx
        .executeBlocking(() -> AdminApi.create(engine, withPort(engine, admin)))
        .compose(api -> engine.start().map(v -> new SharedServer(name, engine, api)))
        .onSuccess(
            server -> {
              server.deployments = 1;
              servers.put(name, server);
            })
        .onFailure(failure -> engine.close());
  }

  private static AdminOptions withPort(ShieldEngine engine, AdminOptions admin) {
    String configured = EngineInternals.of(engine).setting("SHIELD_ADMIN_PORT");
    boolean given = admin.getPort() != null || configured != null;
    return given ? admin : new AdminOptions(admin).setPort(ShieldServer.DEFAULT_PORT);
  }

  /** The engine; it is closed with the last deployment. */
  public ShieldEngine engine() {
    return engine;
  }

  /** One more port, or a share of the same. Not for an event loop: reads the files for TLS. */
  public AdminServer server(Vertx vertx) {
    return new AdminServer(vertx, api);
  }

  /** Ends a deployment; the last one cuts all streams and closes the engine. */
  public Future<Void> leave(Vertx vertx) {
    return vertx
        .sharedData()
        .getLocalLock(MAP + "." + name)
        .compose(lock -> left(vertx).onComplete(v -> lock.release()));
  }

  private Future<@Nullable Void> left(Vertx vertx) {
    if (--deployments > 0) {
      return Future.succeededFuture();
    }
    vertx.sharedData().getLocalMap(MAP).remove(name);
    return engine.close();
  }
}
