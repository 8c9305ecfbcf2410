package io.shield;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import org.jspecify.annotations.Nullable;

/**
 * Starts an engine when it is deployed and closes it when it is undeployed. Other verticles find
 * the engine by {@link ShieldEngine#get}.
 */
public class ShieldVerticle extends VerticleBase {
  private final @Nullable ShieldOptions options;
  private @Nullable ShieldEngine engine;

  /** Takes its options from the deployment's configuration, see {@link ShieldOptions#toJson}. */
  public ShieldVerticle() {
    this.options = null;
  }

  /** Takes the given options. */
  public ShieldVerticle(ShieldOptions options) {
    this.options = new ShieldOptions(options);
  }

  @Override
  public Future<?> start() {
    ShieldOptions chosen = options == null ? new ShieldOptions(config()) : options;
    engine = ShieldEngine.create(vertx, chosen);
    return engine.start();
  }

  @Override
  public Future<?> stop() {
    return engine == null ? Future.succeededFuture() : engine.close();
  }
}
