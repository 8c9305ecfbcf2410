package io.shield.web;

import io.shield.ShieldEngine;
import io.shield.ShieldEngine.Registration;
import io.shield.web.impl.ShieldSdkImpl;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.util.Objects;

/**
 * A service that is controlled by a Shield Server. It enforces what the server said last, also
 * while the server is down, and no request waits for the network. It needs the artifact {@code
 * io.shield:shield-backends}.
 *
 * <p>All methods may be called from any thread; futures complete as those of {@link ShieldEngine}.
 */
public interface ShieldSdk {
  /** One that is configured by the environment alone. */
  static ShieldSdk create(Vertx vertx) {
    return create(vertx, new ShieldSdkOptions());
  }

  /** One with these options, which are copied. Bad configuration is reported by {@link #attach}. */
  static ShieldSdk create(Vertx vertx, ShieldSdkOptions options) {
    return new ShieldSdkImpl(
        Objects.requireNonNull(vertx, "vertx"),
        new ShieldSdkOptions(Objects.requireNonNull(options, "options")));
  }

  /**
   * Puts the handler before everything on the router, starts, and registers the router's routes
   * with the server, those included that are added later. It stops with the verticle it is called
   * from, or with Vert.x.
   *
   * @return fails if the configuration is bad or the server refuses the sign-in; a server that
   *     cannot be reached is no failure
   */
  Future<Void> attach(Router router);

  /** The engine, to look at routes and change them: on the server, or not at all. */
  ShieldEngine engine();

  /** How it stands to the server. */
  SdkState state();

  /** Calls a handler when the state has changed, on the context of the caller of this method. */
  Registration onState(Handler<SdkState> handler);

  /** Stops following the server; what is in force stays in force. Idempotent. */
  Future<Void> close();
}
