package io.shield.web.impl;

import io.shield.ShieldEngine;
import io.shield.internal.EngineInternals;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;

/** Charges what a handler before it left for later. */
public final class LimitsHandler implements Handler<RoutingContext> {
  private final EngineInternals engine;
  private final String pendingKey;

  /** See {@link io.shield.web.ShieldHandler#limits}. */
  public LimitsHandler(ShieldEngine engine) {
    this.engine = EngineInternals.of(Objects.requireNonNull(engine, "engine"));
    this.pendingKey = LimitGate.pendingKey(this.engine);
  }

  @Override
  public void handle(RoutingContext ctx) {
    boolean admitted;
    try {
      admitted = engine.limits().isIdle() || LimitGate.isAdmittedLater(ctx, pendingKey);
    } catch (Throwable error) {
      Gate.letPass(engine, error);
      admitted = true;
    }
    if (admitted) {
      ctx.next();
    }
  }
}
