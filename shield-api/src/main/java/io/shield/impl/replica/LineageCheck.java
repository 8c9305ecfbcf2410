package io.shield.impl.replica;

import io.shield.model.store.Head;
import io.shield.spi.Lineage.Descent;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;

/** Decides whether what a store holds can have become of what this node knows. */
final class LineageCheck {
  private final ContextInternal context;
  private final StoreLink store;

  LineageCheck(ContextInternal context, StoreLink store) {
    this.context = context;
    this.store = store;
  }

  /**
   * Whether a node that holds one head may follow a store at the other.
   *
   * @param distrusted whether the store was not believed before: one that was set back may go on
   *     from there past the head held, so a later revision alone does not make it believable again
   */
  Future<Boolean> canFollow(Head held, Head found, boolean distrusted) {
    if (held.equals(Head.NONE)) {
      return context.succeededFuture(true);
    }
    if (found.epoch().equals(held.epoch())) {
      if (found.revision() <= held.revision()) {
        return context.succeededFuture(found.equals(held));
      }
      return store
          .descent(held, found)
          .map(descent -> distrusted ? descent == Descent.PROVEN : descent != Descent.DENIED);
    }
    if (found.equals(Head.NONE)) {
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
