package io.shield.admin;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.admin.impl.AdminApi;
import io.shield.admin.impl.AdminServer;
import io.shield.error.InvalidValueException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Serves the admin API on a port of its own, at the root. Undeploying it closes the port, and the
 * engine only if the deployment started it.
 *
 * <p>Deployed by its name it takes from the deployment's configuration what {@link
 * #AdminVerticle()} tells. Several instances share the port; if people sign in there, all need one
 * secret key.
 */
public class AdminVerticle extends VerticleBase {
  private final @Nullable ShieldEngine given;
  private final @Nullable AdminOptions options;
  private @Nullable ShieldEngine opened;
  private @Nullable AdminServer server;

  /**
   * Takes everything from the deployment's configuration. Its field {@code engine} is the name of
   * an engine that is started already on this Vert.x, {@value ShieldOptions#DEFAULT_NAME} if there
   * is none; or an object, see {@link ShieldOptions#toJson}, of an engine to start and to close
   * with this verticle. Its field {@code admin} is an object as of {@link AdminOptions#toJson}.
   */
  public AdminVerticle() {
    this.given = null;
    this.options = null;
  }

  /** An API for an engine; the options are copied. */
  public AdminVerticle(ShieldEngine engine, AdminOptions options) {
    this.given = Objects.requireNonNull(engine, "engine");
    this.options = new AdminOptions(options);
  }

  /**
   * Listens.
   *
   * @return fails if the configuration is bad, the engine is not there, a file cannot be read, the
   *     port is taken, or if without credentials the address is not loopback
   */
  @Override
  public Future<?> start() {
    VerticleConfig config = given == null ? VerticleConfig.of(config()) : null;
    AdminOptions admin = config == null ? Objects.requireNonNull(options) : config.admin();
    return engine(config)
        .compose(engine -> vertx.executeBlocking(() -> server(engine, admin)))
        .compose(
            made -> {
              server = made;
              return made.listen();
            })
        .recover(failure -> close().transform(v -> Future.failedFuture(failure)));
  }

  private Future<ShieldEngine> engine(@Nullable VerticleConfig config) {
    if (config == null) {
      return Future.succeededFuture(Objects.requireNonNull(given));
    }
    if (config.engine() == null) {
      String name = config.engineName();
      ShieldEngine found =
          ShieldEngine.get(vertx, name == null ? ShieldOptions.DEFAULT_NAME : name);
      opened = found;
      return Future.succeededFuture(found);
    }
    ShieldOptions own = new ShieldOptions(config.engine());
    // With a name a second instance fails, instead of starting an engine of its own.
    ShieldEngine created =
        ShieldEngine.create(
            vertx, own.getName() == null ? own.setName(ShieldOptions.DEFAULT_NAME) : own);
    opened = created;
    return created.start().map(created);
  }

  private AdminServer server(ShieldEngine engine, AdminOptions admin) {
    AdminApi api = AdminApi.create(engine, admin);
    if (api.signsAlone() && context.getInstanceCount() > 1) {
      throw new InvalidValueException(
          "secretKey", "", "set for several instances, so that each knows the tokens of all");
    }
    return new AdminServer(vertx, api);
  }

  @Override
  public Future<?> stop() {
    return close();
  }

  private Future<Void> close() {
    AdminServer listening = server;
    ShieldEngine own = opened;
    opened = null;
    Future<Void> closed = listening == null ? Future.succeededFuture() : listening.close();
    return own == null ? closed : closed.eventually(own::close);
  }

  /** The port listened on, once deployed; 0 before. */
  public int actualPort() {
    return server == null ? 0 : server.actualPort();
  }
}
