package io.shield.web;

import io.shield.ShieldEngine;
import io.shield.web.impl.GuardHandler;
import io.shield.web.impl.LimitsHandler;
import io.shield.web.impl.RouterHandler;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.PlatformHandler;

/**
 * Enforces the state of routes: lets a request pass, or answers it.
 *
 * <p>A request that passes without waiting goes on synchronously, and nothing is allocated for it
 * unless it is limited. A request is charged to its rate limits once, also after a reroute. An
 * error inside Shield lets the request pass and is counted, see {@link ShieldEngine#errors}; an
 * error while judging an exemption means not exempt. Paths that match no route pass, and so do CORS
 * preflights that a {@code CorsHandler} on their way answers. Handlers may be shared by any number
 * of requests and threads.
 *
 * <p>A closed route refuses every request that matches it, also one that an open route before it
 * may answer, since Vert.x may pass that one over and its handlers may go on. {@link
 * ShieldRoute#terminal} says that they do not.
 *
 * <pre>{@code
 * router.route().handler(ShieldHandler.create(engine, router));
 * router.get("/reports").handler(this::reports);
 * }</pre>
 */
public interface ShieldHandler extends PlatformHandler {
  /**
   * A handler for a whole router, to be installed first: {@code
   * router.route().handler(ShieldHandler.create(engine, router))}. It indexes the router and its
   * sub-routers, registers their routes with the engine, and notices changes of the router.
   *
   * <p>A router that is mounted in another may have its own handler; its mount point is learnt from
   * its first request, or told by {@link ShieldHandlerOptions#setMountPoint}. Where it cannot be
   * told, below a mount with parameters, requests are refused that a stored or declared state
   * closes; log and health say so.
   *
   * <p>It runs before authentication, so that without the {@code identity} option nobody is known
   * and {@code allowed_roles} exempts no one.
   */
  static ShieldHandler create(ShieldEngine engine, Router router) {
    return create(engine, router, new ShieldHandlerOptions());
  }

  /** As {@link #create(ShieldEngine, Router)}, with options. */
  static ShieldHandler create(ShieldEngine engine, Router router, ShieldHandlerOptions options) {
    return new RouterHandler(engine, router, options);
  }

  /**
   * A handler for single routes: {@code router.get("/x").handler(ShieldHandler.guard(engine))}. It
   * judges the route that it is part of, and it may stand after authentication. The route becomes
   * known to the engine with its first request. Below a mount with path parameters its template
   * cannot be told: use {@link #create} in the root router there.
   */
  static Handler<RoutingContext> guard(ShieldEngine engine) {
    return guard(engine, new ShieldHandlerOptions());
  }

  /** As {@link #guard(ShieldEngine)}, with options. */
  static Handler<RoutingContext> guard(ShieldEngine engine, ShieldHandlerOptions options) {
    return new GuardHandler(engine, options);
  }

  /**
   * A handler that charges requests to all their rate limits, where limits need to know what
   * handlers before it find out: {@code router.route().handler(ShieldHandler.limits(engine))} after
   * authentication, for limits by user. It stands behind {@link #create} or {@link #guard} with the
   * option {@code limits: LATER}, see {@link ShieldHandlerOptions#setLimits}; those decide by their
   * options who is charged and how refusals look. Behind a {@link #create} that charges already it
   * has nothing to do, and the router is reported as wrong when it is indexed.
   */
  static Handler<RoutingContext> limits(ShieldEngine engine) {
    return new LimitsHandler(engine);
  }
}
