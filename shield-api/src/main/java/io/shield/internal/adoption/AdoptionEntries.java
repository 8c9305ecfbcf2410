package io.shield.internal.adoption;

import io.shield.decision.EffectiveStatus;
import io.shield.internal.FieldChanges;
import io.shield.internal.ReservedStates;
import io.shield.model.DocumentValue;
import io.shield.model.MaintenanceMode;
import io.shield.model.OpaqueDocument;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditAction;
import io.shield.model.audit.AuditEntry;
import io.shield.model.audit.FieldChange;
import io.shield.model.store.DocumentKey;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The audit entries of documents that others wrote into a store, and that a backend takes over. */
public final class AdoptionEntries {
  private static final Set<String> BOOKKEEPING = Set.of("version");
  private static final String REASON = "external edit";
  private static final String GLOBAL_MAINTENANCE_PATH = "__global__";
  private static final String GLOBAL_RATE_LIMIT_PATH = "__global_rl__";

  private AdoptionEntries() {}

  /**
   * The entry of one document.
   *
   * @param before what was known of it, or null
   * @param after what was found
   * @return the entry; null for an opaque document, which is not audited
   */
  public static @Nullable AuditEntry of(
      DocumentKey key, @Nullable DocumentValue before, DocumentValue after, Instant now) {
    if (after instanceof OpaqueDocument) {
      return null;
    }
    List<FieldChange> changes =
        before == null ? List.of() : FieldChanges.between(before, after, BOOKKEEPING);
    return entry(key, action(key, before, after), before, after, changes, now);
  }

  /**
   * The entry of a document that others deleted.
   *
   * @param before what was known of it
   * @return the entry; null for an opaque document, which is not audited
   */
  public static @Nullable AuditEntry ofDeletion(
      DocumentKey key, DocumentValue before, Instant now) {
    if (before instanceof OpaqueDocument) {
      return null;
    }
    boolean fleet = ReservedStates.serviceOf(key.key()) == null;
    String action;
    if (before instanceof RouteState) {
      action = AuditAction.FORGET;
    } else if (before instanceof MaintenanceMode) {
      action = maintenance(fleet, false);
    } else {
      action = rateLimit(key, fleet, "deleted");
    }
    return entry(key, action, before, null, List.of(), now);
  }

  private static AuditEntry entry(
      DocumentKey key,
      String action,
      @Nullable DocumentValue before,
      @Nullable DocumentValue after,
      List<FieldChange> changes,
      Instant now) {
    DocumentValue either = after == null ? before : after;
    return new AuditEntry(
            UUID.randomUUID().toString(),
            now,
            path(key),
            either instanceof RouteState state
                ? state.service()
                : ReservedStates.serviceOf(key.key()),
            action,
            Actor.SYSTEM.name(),
            Actor.SYSTEM.platform().wireName(),
            REASON,
            status(before),
            status(after),
            0,
            changes,
            null,
            false)
        .withEffective(effective(before, now), effective(after, now));
  }

  private static @Nullable RouteStatus effective(@Nullable DocumentValue value, Instant now) {
    return value instanceof RouteState state ? EffectiveStatus.at(state, now) : null;
  }

  private static String path(DocumentKey key) {
    if (key.equals(DocumentKey.globalMaintenance())) {
      return GLOBAL_MAINTENANCE_PATH;
    }
    return key.equals(DocumentKey.globalRateLimit()) ? GLOBAL_RATE_LIMIT_PATH : key.key();
  }

  private static @Nullable RouteStatus status(@Nullable DocumentValue value) {
    return value instanceof RouteState state ? state.status() : null;
  }

  private static String action(
      DocumentKey key, @Nullable DocumentValue before, DocumentValue after) {
    boolean fleet = ReservedStates.serviceOf(key.key()) == null;
    if (after instanceof RouteState state) {
      RouteStatus previous = status(before);
      return AuditAction.ofStatusChange(
          previous == null ? RouteStatus.ACTIVE : previous, state.status());
    }
    if (after instanceof MaintenanceMode mode) {
      return maintenance(fleet, mode.enabled());
    }
    return rateLimit(key, fleet, before == null ? "set" : "updated");
  }

  private static String rateLimit(DocumentKey key, boolean fleet, String verb) {
    if (!key.isReserved()) {
      return "rl_policy_" + verb;
    }
    return (fleet ? "global_rl_" : "svc_rl_") + verb;
  }

  private static String maintenance(boolean fleet, boolean on) {
    if (fleet) {
      return on ? AuditAction.GLOBAL_MAINTENANCE_ON : AuditAction.GLOBAL_MAINTENANCE_OFF;
    }
    return on ? AuditAction.SERVICE_MAINTENANCE_ON : AuditAction.SERVICE_MAINTENANCE_OFF;
  }
}
