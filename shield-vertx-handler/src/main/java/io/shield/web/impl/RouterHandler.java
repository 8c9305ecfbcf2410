package io.shield.web.impl;

import io.shield.ShieldEngine;
import io.shield.internal.EngineInternals;
import io.shield.internal.EngineInternals.RouteSource;
import io.shield.internal.limit.RouteLimits;
import io.shield.web.ShieldHandler;
import io.shield.web.ShieldHandlerOptions;
import io.shield.web.index.Endpoint;
import io.shield.web.index.LiveRouteIndex;
import io.shield.web.index.RouteIndex;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handler for a whole router. It finds the endpoints a request will be routed to and judges
 * each: those that only stand on the way (a method's middleware, a catch-all) and the one it ends
 * in.
 */
public final class RouterHandler implements ShieldHandler, RouteSource {
  private static final Logger LOG = LoggerFactory.getLogger(RouterHandler.class);

  /** How long a thread without context may take to set up its router before it is looked at. */
  private static final long SET_UP_MILLIS = 100;

  private final Gate gate;
  private final LiveRouteIndex live;
  private final AtomicBoolean warned = new AtomicBoolean();
  private volatile @Nullable BoundIndex bound;

  /** See {@link ShieldHandler#create(ShieldEngine, Router, ShieldHandlerOptions)}. */
  public RouterHandler(ShieldEngine engine, Router router, ShieldHandlerOptions options) {
    this.gate = new Gate(engine, options, true);
    this.live = new LiveRouteIndex(router, Declaration.KEY);
    gate.engine().addRouteSource(this);
    indexSoon(gate.engine());
  }

  /**
   * After the caller has set up its router, so that the routes are known before the first request.
   */
  private void indexSoon(EngineInternals engine) {
    Context current = Vertx.currentContext();
    if (current != null) {
      current.runOnContext(v -> refreshQuietly());
    } else {
      engine.vertx().setTimer(SET_UP_MILLIS, timer -> refreshQuietly());
    }
  }

  private void refreshQuietly() {
    try {
      refresh();
    } catch (RuntimeException e) {
      LOG.error("The router cannot be indexed", e);
    }
  }

  @Override
  public void refresh() {
    live.refresh();
    current();
    checkCharging();
  }

  /** Two that charge would charge twice what is meant to be charged once; none charges nothing. */
  private void checkCharging() {
    boolean charged = live.get().hasHandler(LimitsHandler.class);
    if (charged && !gate.limits().isLater()) {
      throw new IllegalStateException(
          "ShieldHandler.limits stands behind ShieldHandler.create, which charges already: give"
              + " create the option limits: LATER (new"
              + " ShieldHandlerOptions().setLimits(LimitTiming.LATER)), or take"
              + " ShieldHandler.limits away. Meanwhile create charges");
    }
    if (!charged && gate.limits().isLater() && warned.compareAndSet(false, true)) {
      LOG.warn(
          "ShieldHandler.create leaves rate limits to ShieldHandler.limits (limits: LATER), and no"
              + " route has that handler: nothing is limited where it does not run");
    }
  }

  private BoundIndex current() {
    RouteIndex index = live.get();
    BoundIndex last = bound;
    if (last != null && last.isOf(index)) {
      return last;
    }
    BoundIndex fresh = BoundIndex.bind(index, gate.engine(), this);
    bound = fresh;
    return fresh;
  }

  @Override
  public void handle(RoutingContext ctx) {
    boolean served;
    try {
      served = isServed(ctx);
    } catch (Throwable error) {
      gate.letPass(error);
      served = true;
    }
    if (served) {
      ctx.next();
    }
  }

  /** Judges a request; false if it was refused and is being answered. */
  private boolean isServed(RoutingContext ctx) {
    HttpServerRequest request = ctx.request();
    checkMountPoint(ctx);
    HttpMethod method = request.method();
    String rawPath = request.path() == null ? "/" : request.path();
    String path = path(ctx, rawPath);
    BoundIndex index = current();
    int end = Integer.MAX_VALUE;
    if (Gate.isPreflight(request)) {
      end = gate.answersPreflights() ? 0 : index.preflightEnd(path, rawPath, method);
    }
    return index.isOutside(path, rawPath, method)
        ? isOpenOutside(ctx, index, path, rawPath, method)
        : isServed(ctx, index, path, rawPath, method, end);
  }

  /**
   * Judges every endpoint that a request may run, whether it is passed over or reached because a
   * handler before it goes on; so a closed one never runs. The request is charged for the one that
   * it is sure to run, and on the way for the wildcards before it.
   *
   * @param end the ordinal of the endpoint that the request does not come to
   */
  private boolean isServed(
      RoutingContext ctx,
      BoundIndex index,
      String path,
      String rawPath,
      HttpMethod method,
      int end) {
    RouteLimits onTheWay = RouteLimits.NONE;
    Endpoint meant = null;
    boolean settled = false;
    Endpoint next = index.first(path, rawPath, method);
    while (next != null && !next.outside()) {
      if (next.ordinal() >= end) {
        return true;
      }
      int slot = index.slot(next);
      if (settled) {
        if (!gate.isNotClosed(ctx, slot, next, method)) {
          return false;
        }
      } else {
        if (!gate.isServed(ctx, slot, next, method)) {
          return false;
        }
        Endpoint passed = meant == null || meant.wildcard() ? meant : next;
        if (meant == null || meant.wildcard() || BoundIndex.isEnd(next)) {
          meant = next;
        }
        if (passed != null && passed != meant && passed.wildcard() && passed.certain()) {
          onTheWay = gate.limits().onTheWay(onTheWay, passed.template(), method);
        }
        settled = BoundIndex.isEnd(next);
      }
      next =
          Declaration.of(next.metadata()).terminal()
              ? null
              : index.behind(next, path, rawPath, method);
    }
    return meant == null || gate.limits().isAdmitted(ctx, meant, onTheWay);
  }

  /**
   * Judges what a request may run before it comes to a router outside Shield. No maintenance and no
   * limit stands in its way.
   */
  private boolean isOpenOutside(
      RoutingContext ctx, BoundIndex index, String path, String rawPath, HttpMethod method) {
    Endpoint next = index.first(path, rawPath, method);
    while (next != null && !next.outside()) {
      if (!next.wildcard() && !gate.isNotClosed(ctx, index.slot(next), next, method)) {
        return false;
      }
      next = index.behind(next, path, rawPath, method);
    }
    return true;
  }

  private static void checkMountPoint(RoutingContext ctx) {
    String mount = ctx.mountPoint();
    if (mount != null && !mount.equals("/")) {
      throw new IllegalStateException(
          "ShieldHandler.create stands in the router mounted on "
              + mount
              + " and cannot know its routes' paths: install it in the root router, it looks into"
              + " mounted ones by itself");
    }
  }

  /**
   * A path with an escape that cannot be read has no normalized form. Vert.x refuses it, but only
   * once it comes to a route with a path; those before it are judged by the path as it was sent.
   */
  private static String path(RoutingContext ctx, String rawPath) {
    try {
      return ctx.normalizedPath();
    } catch (IllegalArgumentException unreadable) {
      return rawPath;
    }
  }
}
