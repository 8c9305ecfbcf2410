package io.shield.web.impl;

import io.shield.ShieldEngine;
import io.shield.ShieldEngine.Registration;
import io.shield.ShieldOptions;
import io.shield.internal.EngineInternals;
import io.shield.internal.EngineInternals.Proposal;
import io.shield.web.SdkState;
import io.shield.web.ShieldHandler;
import io.shield.web.ShieldSdk;
import io.shield.web.ShieldSdkOptions;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** See {@link ShieldSdk}. */
public final class ShieldSdkImpl implements ShieldSdk {
  private static final Logger LOG = LoggerFactory.getLogger(ShieldSdkImpl.class);
  private static final String BACKEND = "server";

  /** How soon a listener hears of another state. */
  private static final long LOOK_MILLIS = 200;

  private final Vertx vertx;
  private final ShieldSdkOptions options;
  private final ShieldEngine engine;
  private volatile boolean refused;

  /** For options that nobody changes afterwards. */
  public ShieldSdkImpl(Vertx vertx, ShieldSdkOptions options) {
    this.vertx = vertx;
    this.options = options;
    this.engine =
        ShieldEngine.create(
            vertx, new ShieldOptions(options.getEngineOptions()).setBackend(BACKEND));
  }

  @Override
  public ShieldEngine engine() {
    return engine;
  }

  @Override
  public Future<Void> attach(Router router) {
    router
        .route()
        .order(Integer.MIN_VALUE)
        .handler(ShieldHandler.create(engine, router, options.getHandlerOptions()));
    if (Vertx.currentContext() instanceof ContextInternal context) {
      context.closeFuture().add(completion -> close().onComplete(completion));
    }
    return engine.start().onSuccess(v -> registerRoutes()).onFailure(failure -> refused = true);
  }

  /** Asks the router for its routes, so that they are known before their first request. */
  private void registerRoutes() {
    EngineInternals.of(engine)
        .commit(snapshot -> new Proposal(List.of(), List.of()))
        .onFailure(failure -> LOG.debug("Routes are registered later", failure));
  }

  @Override
  public SdkState state() {
    SdkState state = SdkState.of(engine);
    if (refused) {
      return SdkState.FAILED;
    }
    return state == null ? SdkState.CONNECTING : state;
  }

  @Override
  public Registration onState(Handler<SdkState> handler) {
    Objects.requireNonNull(handler, "handler");
    Context context = vertx.getOrCreateContext();
    SdkState[] last = {state()};
    long timer =
        vertx.setPeriodic(
            LOOK_MILLIS,
            id -> {
              SdkState now = state();
              if (now != last[0]) {
                last[0] = now;
                context.runOnContext(v -> handler.handle(now));
              }
            });
    return () -> vertx.cancelTimer(timer);
  }

  @Override
  public Future<Void> close() {
    return engine.close();
  }
}
