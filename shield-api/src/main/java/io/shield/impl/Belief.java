package io.shield.impl;

import io.shield.model.Head;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;

/** Decides whether what a store holds can have become of what this node knows. */
final class Belief {
  private final ContextInternal context;
  private final StoreLink store;

  Belief(ContextInternal context, StoreLink store) {
    this.context = context;
    this.store = store;
  }

  /** Whether a node that holds one head believes a store at the other. */
  Future<Boolean> holds(Head held, Head found) {
    if (held.equals(Head.NONE)) {
      return context.succeededFuture(true);
    }
    if (found.epoch().equals(held.epoch())) {
      boolean later = found.revision() > held.revision() || found.equals(held);
      return context.succeededFuture(later);
    }
    if (found.equals(Head.NONE) || !store.isRenewable()) {
      return context.succeededFuture(false);
    }
    return store
        .lineage()
        .map(
            lineage ->
                lineage.epoch().equals(found.epoch())
                    && lineage.ancestors().contains(held.epoch()));
  }
}
