package io.shield.web.impl;

import io.shield.ShieldEngine;
import io.shield.internal.EngineInternals;
import io.vertx.core.Handler;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;

/** Charges what a handler before it left for later. */
public final class LimitsHandler implements Handler<RoutingContext> {
  private static final String TEXT = LimitsHandler.class.getName() + "@";

  private final EngineInternals engine;

  /** See {@link io.shield.web.ShieldHandler#limits}. */
  public LimitsHandler(ShieldEngine engine) {
    this.engine = Gate.internals(Objects.requireNonNull(engine, "engine"));
  }

  @Override
  public void handle(RoutingContext ctx) {
    boolean admitted;
    try {
      admitted = engine.limits().isIdle() || LimitGate.isAdmittedLater(ctx);
    } catch (Throwable error) {
      Gate.letPass(engine, error);
      admitted = true;
    }
    if (admitted) {
      ctx.next();
    }
  }

  /** Whether a route has such a handler, which only its text tells. */
  static boolean isOn(Route route) {
    try {
      return route.toString().contains(TEXT);
    } catch (RuntimeException | StackOverflowError e) {
      // The text contains the application's handlers and metadata, whose own text may fail.
      return false;
    }
  }
}
