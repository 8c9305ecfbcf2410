package io.shield.admin;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.admin.impl.AdminServer;
import io.shield.admin.impl.SharedServer;
import io.shield.error.InvalidValueException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One control plane for many services: the REST API and the streams of changes on a port of its
 * own, with the prefix {@code /}, over an engine of its own.
 *
 * <p>It may be deployed several times, to use several event loops: deployments of one engine's name
 * on one Vert.x instance share the engine and the port. Servers on several machines that share a
 * store, Redis for instance, are one control plane too; a client may be connected to any of them.
 *
 * <p>Without credentials it listens on this machine only, unless the options, or {@code
 * SHIELD_ADMIN_OPEN_TO_NETWORK}, let everybody in.
 */
public class ShieldServer extends VerticleBase {
  /** The port listened on unless said otherwise. */
  public static final int DEFAULT_PORT = 9000;

  /** The name of the engine unless said otherwise. */
  public static final String DEFAULT_NAME = "shield-server";

  private final @Nullable ShieldOptions options;
  private final @Nullable AdminOptions admin;
  private @Nullable SharedServer shared;
  private @Nullable AdminServer server;

  /**
   * Takes what is said there from the deployment's configuration: {@code engine} is an object as of
   * {@link ShieldOptions#toJson}, {@code admin} one as of {@link AdminOptions#toJson}. The rest is
   * as the environment says, with the API's defaults.
   */
  public ShieldServer() {
    this.options = null;
    this.admin = null;
  }

  /**
   * A server; the options are copied.
   *
   * @param options of the engine, which says where the store is
   * @param admin how it listens, and who may sign in
   */
  public ShieldServer(ShieldOptions options, AdminOptions admin) {
    this.options = new ShieldOptions(Objects.requireNonNull(options, "options"));
    this.admin = new AdminOptions(Objects.requireNonNull(admin, "admin"));
  }

  /**
   * Opens the store and listens.
   *
   * @return fails if the configuration is bad, a file cannot be read, the port is taken, or if
   *     without credentials the address is not loopback
   */
  @Override
  public Future<?> start() {
    if (options != null && admin != null) {
      return start(options, admin);
    }
    VerticleConfig config = VerticleConfig.of(config());
    if (config.engineName() != null) {
      throw new InvalidValueException(
          "engine", config.engineName(), "an object: a server has an engine of its own");
    }
    return start(config.engine() == null ? new ShieldOptions() : config.engine(), config.admin());
  }

  private Future<?> start(ShieldOptions engine, AdminOptions api) {
    String name = engine.getName() == null ? DEFAULT_NAME : engine.getName();
    return SharedServer.join(vertx, name, engine, api)
        .compose(
            joined -> {
              shared = joined;
              return vertx.executeBlocking(() -> joined.server(vertx));
            })
        .compose(
            made -> {
              server = made;
              return made.listen();
            })
        .recover(failure -> leave().transform(v -> Future.failedFuture(failure)));
  }

  @Override
  public Future<?> stop() {
    AdminServer open = server;
    Future<Void> closed = open == null ? Future.succeededFuture() : open.close();
    return closed.eventually(this::leave);
  }

  private Future<Void> leave() {
    SharedServer joined = shared;
    shared = null;
    return joined == null ? Future.succeededFuture() : joined.leave(vertx);
  }

  /** The port listened on, once deployed; 0 before. */
  public int actualPort() {
    return server == null ? 0 : server.actualPort();
  }

  /**
   * The engine, once deployed.
   *
   * @throws IllegalStateException before
   */
  public ShieldEngine engine() {
    if (shared == null) {
      throw new IllegalStateException("the server is not deployed");
    }
    return shared.engine();
  }
}
