package io.shield.admin;

import io.shield.ShieldEngine;
import io.shield.admin.impl.AdminApi;
import io.shield.admin.impl.AdminServer;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Serves the admin API on a port of its own, at the root. Undeploying it closes the port, not the
 * engine.
 */
public class AdminVerticle extends VerticleBase {
  private final ShieldEngine engine;
  private final AdminOptions options;
  private @Nullable AdminServer server;

  /** An API for an engine; the options are copied. */
  public AdminVerticle(ShieldEngine engine, AdminOptions options) {
    this.engine = Objects.requireNonNull(engine, "engine");
    this.options = new AdminOptions(options);
  }

  /**
   * Listens.
   *
   * @return fails if the configuration is bad, a file cannot be read, the port is taken, or if
   *     without credentials the address is not loopback
   */
  @Override
  public Future<?> start() {
    return vertx
        .executeBlocking(() -> new AdminServer(vertx, AdminApi.create(engine, options)))
        .compose(
            started -> {
              server = started;
              return started.listen();
            });
  }

  @Override
  public Future<?> stop() {
    return server == null ? Future.succeededFuture() : server.close();
  }

  /** The port listened on, once deployed; 0 before. */
  public int actualPort() {
    return server == null ? 0 : server.actualPort();
  }
}
