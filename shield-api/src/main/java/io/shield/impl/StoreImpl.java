package io.shield.impl;

import io.shield.Store;
import io.shield.impl.change.Audits;
import io.shield.impl.change.Plan;
import io.shield.internal.MemberCount;
import io.shield.internal.StoreText;
import io.shield.model.OpaqueDocument;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditAction;
import io.shield.model.audit.AuditEntry;
import io.shield.model.audit.FieldChange;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
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

  @Override
  public Future<Store.Status> members(int count, Actor actor, String reason) {
    Objects.requireNonNull(actor, "actor");
    Objects.requireNonNull(reason, "reason");
    OpaqueDocument value = new OpaqueDocument(Integer.toString(MemberCount.check(count)));
    return core.change(
        () -> {
          Instant now = core.now();
          return snapshot -> members(snapshot, value, actor, reason, now);
        },
        results -> core.status());
  }

  private static Plan members(
      Snapshot snapshot, OpaqueDocument value, Actor actor, String reason, Instant now) {
    Versioned<OpaqueDocument> before = snapshot.documents().get(MemberCount.KEY.key());
    FieldChange change =
        new FieldChange(
            "members", before == null ? "null" : before.value().content(), value.content());
    AuditEntry entry =
        Audits.entry(
            StoreText.AUDIT_PATH,
            null,
            AuditAction.STORE_MEMBERS,
            reason,
            actor,
            null,
            null,
            List.of(change),
            now);
    Edit edit = new Edit(MemberCount.KEY, before == null ? 0 : before.version(), value);
    return new Plan(List.of(edit), List.of(entry), List.of());
  }

  private Future<Store.Status> renew(Actor actor, String reason, boolean reseed) {
    Objects.requireNonNull(actor, "actor");
    Objects.requireNonNull(reason, "reason");
    return core.renew(actor, reason, reseed);
  }
}
