package io.shield.impl.replica;

import io.shield.Store;
import io.shield.Store.Status.Condition;
import io.shield.error.ShieldException;
import io.shield.internal.StoreText;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditAction;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Snapshot;
import io.shield.spi.Renewal;
import io.shield.spi.StoreDamagedException;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** Carries out what an operator decides about a store that is not believed. */
public final class Renewer {
  private final ContextInternal context;
  private final StoreLink store;
  private final Replica replica;

  /** For the store that a replica follows. */
  public Renewer(ContextInternal context, StoreLink store, Replica replica) {
    this.context = context;
    this.store = store;
    this.replica = replica;
  }

  /**
   * Begins a new epoch and follows it.
   *
   * @param reseed whether the store shall hold what this node holds; else it keeps what it holds
   */
  public Future<Store.Status> renew(Actor actor, String reason, boolean reseed, Instant now) {
    Condition condition = replica.status().condition();
    if (!store.isRenewable()) {
      return refused("this store knows no epochs that could be renewed");
    }
    if (condition != Condition.DISTRUSTED) {
      return refused(
          "the store is "
              + condition.name().toLowerCase(Locale.ROOT)
              + ": only one that is not believed can be adopted or reseeded");
    }
    Snapshot held = replica.snapshot();
    String action = reseed ? AuditAction.STORE_RESEED : AuditAction.STORE_ADOPT;
    AuditEntry entry = entry(actor, action, reason, now);
    return store
        .head()
        .recover(
            failure ->
                failure instanceof StoreDamagedException damaged
                    ? context.succeededFuture(damaged.found())
                    : context.failedFuture(failure))
        .compose(found -> store.renew(new Renewal(held.head(), found, reseed ? held : null, entry)))
        .compose(head -> replica.caughtUp(head))
        .map(v -> replica.status());
  }

  private static AuditEntry entry(Actor actor, String action, String reason, Instant now) {
    return new AuditEntry(
        UUID.randomUUID().toString(),
        now,
        StoreText.AUDIT_PATH,
        null,
        action,
        actor.name(),
        actor.platform().wireName(),
        reason,
        null,
        null,
        0,
        List.of(),
        actor.onBehalfOf(),
        false);
  }

  private <T> Future<T> refused(String problem) {
    return context.failedFuture(new ShieldException(problem));
  }
}
