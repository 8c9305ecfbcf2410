package io.shield.impl.change;

import io.shield.decision.EffectiveStatus;
import io.shield.internal.FieldChanges;
import io.shield.model.DocumentValue;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditAction;
import io.shield.model.audit.AuditEntry;
import io.shield.model.audit.FieldChange;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes audit entries. */
public final class Audits {
  private static final Set<String> BOOKKEEPING = Set.of("version", "since");

  private Audits() {}

  /** The entry of a change of a route's stored state. */
  public static AuditEntry ofRoute(
      RouteState before, RouteState after, String action, String reason, Actor actor, Instant now) {
    return entry(
            after.path(),
            serviceOf(after),
            action,
            reason,
            actor,
            before.status(),
            after.status(),
            changes(before, after),
            now)
        .withEffective(EffectiveStatus.at(before, now), EffectiveStatus.at(after, now));
  }

  /** What a change of a stored state is called: as what else brings the same about. */
  public static String actionOf(RouteState before, RouteState after) {
    if (before.status() == after.status()) {
      if (!before.windows().equals(after.windows())) {
        return after.window() == null ? AuditAction.SCHEDULE_CANCELLED : AuditAction.SCHEDULE_SET;
      }
      if (before.canaryPercentage() != after.canaryPercentage()) {
        return AuditAction.CANARY_SET;
      }
    }
    return AuditAction.ofStatusChange(before.status(), after.status());
  }

  /** The service of a state, or the one its key names. */
  public static @Nullable String serviceOf(RouteState state) {
    String own = state.service();
    return own == null ? RouteKey.parse(state.path()).service() : own;
  }

  public static AuditEntry entry(
      String path,
      @Nullable String service,
      String action,
      String reason,
      Actor actor,
      @Nullable RouteStatus previous,
      @Nullable RouteStatus next,
      List<FieldChange> changes,
      Instant now) {
    return new AuditEntry(
        UUID.randomUUID().toString(),
        now,
        path,
        service,
        action,
        actor.name(),
        actor.platform().wireName(),
        reason,
        previous,
        next,
        0,
        changes,
        actor.onBehalfOf(),
        false);
  }

  /** The fields in which two values differ, bookkeeping aside. */
  public static List<FieldChange> changes(DocumentValue before, DocumentValue after) {
    return FieldChanges.between(before, after, BOOKKEEPING);
  }
}
