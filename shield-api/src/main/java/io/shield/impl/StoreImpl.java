package io.shield.impl;

import io.shield.Store;
import io.shield.model.audit.Actor;
import io.vertx.core.Future;
import java.util.Objects;

/** The store of an engine. Thread-safe. */
final class StoreImpl implements Store {
  private final EngineCore core;

  StoreImpl(EngineCore core) {
    this.core = core;
  }

  @Override
  public Store.Status status() {
    return core.status();
  }

  @Override
  public Future<Store.Status> adopt(Actor actor, String reason) {
    return renew(actor, reason, false);
  }

  @Override
  public Future<Store.Status> reseed(Actor actor, String reason) {
    return renew(actor, reason, true);
  }

  private Future<Store.Status> renew(Actor actor, String reason, boolean reseed) {
    Objects.requireNonNull(actor, "actor");
    Objects.requireNonNull(reason, "reason");
    return core.renew(actor, reason, reseed);
  }
}
