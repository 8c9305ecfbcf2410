package io.shield;

import io.shield.decision.Site;
import io.shield.impl.Engines;
import io.shield.model.RouteState;
import io.shield.model.store.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import java.util.List;

/**
 * Controls how the routes of an application behave while it runs.
 *
 * <p>An engine keeps a {@link Snapshot} of its store, enforces it through the handlers of {@code
 * io.shield.web}, proposes changes to the store and hears of those others make. It works on a
 * Vert.x context of its own, so that it outlives the verticle that made it. All methods may be
 * called from any thread; a returned future completes on the caller's context, or when the caller
 * has none on another one, whose event loop is not the engine's if Vert.x has several: a server
 * that is started then does not wait for the changes that the engine works on.
 *
 * <pre>{@code
 * ShieldEngine engine = ShieldEngine.create(vertx, new ShieldOptions());
 * router.route().handler(ShieldHandler.create(engine, router));
 * engine.start();
 * }</pre>
 */
public interface ShieldEngine {
  /** An engine configured by the environment and a {@code .shield} file. */
  static ShieldEngine create(Vertx vertx) {
    return create(vertx, new ShieldOptions());
  }

  /**
   * An engine configured by {@code options} first, then the environment, then a {@code .shield}
   * file found in the working directory or above it, then defaults. The options are copied. Bad
   * configuration is reported by {@link #start}.
   */
  static ShieldEngine create(Vertx vertx, ShieldOptions options) {
    return Engines.create(vertx, options);
  }

  /**
   * The started engine of a name, from any verticle. The returned handle holds the engine open
   * until it is closed.
   *
   * @throws io.shield.error.ShieldException if no started engine has the name
   */
  static ShieldEngine get(Vertx vertx, String name) {
    return Engines.get(vertx, name);
  }

  /**
   * Opens the store and reads it. Until then, what the code declares is enforced.
   *
   * @return fails if the configuration is bad, a file cannot be read or credentials are wrong. A
   *     store that cannot be reached is no failure: the engine starts cold, see {@link
   *     ShieldOptions.ColdStart}. Starting twice fails.
   */
  Future<Void> start();

  /**
   * Releases this handle; the last one closes the engine and shuts its store down. Changes that
   * still wait for an answer fail. Idempotent.
   */
  Future<Void> close();

  /** The engine's name, unique within its Vert.x instance. */
  String name();

  /** The Vert.x instance it runs on. */
  Vertx vertx();

  /** Where it enforces: environment and service. */
  Site site();

  /** Routes: look at them and change them. */
  Routes routes();

  /** The maintenance of the fleet and of services. */
  Maintenance maintenance();

  /** How often routes may be called. */
  RateLimits rateLimits();

  /** The audit log. */
  AuditLog audit();

  /** Small documents of one's own, kept beside the state. */
  Documents documents();

  /** Who is told of changes. */
  Webhooks webhooks();

  /** All that is configured, as one document. */
  DeclaredState declared();

  /** The store: how it is doing, and what to do when it is not believed. */
  Store store();

  /**
   * The state in force now: the store's content at its head and, with version 0, what the code
   * declares that is not stored yet. Immutable, never blocks.
   */
  Snapshot snapshot();

  /**
   * Calls a handler after every change in force on this node, on the context of the caller of this
   * method. A handler that throws is logged and called again next time.
   */
  Registration onChange(Handler<ShieldChange> handler);

  /**
   * Declares routes and their initial states, in one commit. A route that is known commits nothing,
   * except that a declaration replaces an earlier one, and that {@code force_active} of the code
   * always wins. Repeated after the first load if the store cannot be reached yet.
   *
   * @param declarations states of {@link io.shield.model.Origin#CODE}
   */
  Future<Void> register(List<RouteState> declarations);

  /**
   * Switches enforcement off until the returned scope is closed. For tests; scopes may nest.
   *
   * @throws IllegalArgumentException if no kind is given
   */
  Bypass bypass(Bypass.Kind... kinds);

  /** How many errors inside Shield let a request pass since the engine was made. */
  long errors();

  /** Something registered that can be taken back. */
  interface Registration extends AutoCloseable {
    /** Takes it back. Idempotent. */
    @Override
    void close();
  }
}
