package io.shield.model.audit;

import io.shield.internal.value.Checks;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of the audit log.
 *
 * @param id unique, a UUID by custom
 * @param timestamp when the change was made
 * @param path the route key, or the name of what is not a route, such as {@code __global__}
 * @param service the service concerned, or null
 * @param action see {@link AuditAction}
 * @param actor who made the change
 * @param platform the tool it came through
 * @param reason why
 * @param previousStatus the status before, or null where there is none
 * @param nextStatus the status after ({@code new_status} in JSON), or null where there is none
 * @param revision the revision of the commit that carried it; 0 before its commit
 * @param changes the fields that changed
 * @param onBehalfOf for whom the actor acted, or null
 * @param reported whether a client reported it rather than Shield recording its own commit
 * @param previousEffective the status in force just before, which a window or {@code until} may
 *     make another than the stored one; null where there is none
 * @param nextEffective the status in force from this entry on, or null where there is none
 * @param reportedAt when it happened, by the clock of the client that reported it; null for what
 *     Shield recorded itself
 */
public record AuditEntry(
    String id,
    Instant timestamp,
    String path,
    @Nullable String service,
    String action,
    String actor,
    String platform,
    String reason,
    @Nullable RouteStatus previousStatus,
    @Nullable RouteStatus nextStatus,
    long revision,
    List<FieldChange> changes,
    @Nullable String onBehalfOf,
    boolean reported,
    @Nullable RouteStatus previousEffective,
    @Nullable RouteStatus nextEffective,
    @Nullable Instant reportedAt) {
  public AuditEntry {
    Checks.nonEmptyLine("id", id, 100);
    Checks.time("timestamp", timestamp);
    Checks.nonEmptyLine("path", path, RouteKey.MAX_LENGTH);
    Checks.optionalLine("service", service, 200);
    Checks.nonEmptyLine("action", action, 100);
    Checks.nonEmptyLine("actor", actor, 200);
    Checks.nonEmptyLine("platform", platform, 100);
    Checks.text("reason", reason, RouteState.MAX_REASON_LENGTH);
    Checks.atLeast("revision", revision, 0);
    changes = List.copyOf(changes);
    Checks.optionalLine("on_behalf_of", onBehalfOf, 200);
    Checks.optionalTime("reported_at", reportedAt);
  }

  /** An entry that tells nothing about what was in force. */
  public AuditEntry(
      String id,
      Instant timestamp,
      String path,
      @Nullable String service,
      String action,
      String actor,
      String platform,
      String reason,
      @Nullable RouteStatus previousStatus,
      @Nullable RouteStatus nextStatus,
      long revision,
      List<FieldChange> changes,
      @Nullable String onBehalfOf,
      boolean reported) {
    this(
        id,
        timestamp,
        path,
        service,
        action,
        actor,
        platform,
        reason,
        previousStatus,
        nextStatus,
        revision,
        changes,
        onBehalfOf,
        reported,
        null,
        null,
        null);
  }

  /** The same entry with the statuses in force before and after it. */
  public AuditEntry withEffective(@Nullable RouteStatus previous, @Nullable RouteStatus next) {
    return copy(path, revision, previous, next, reportedAt);
  }

  /** The same entry with the time that the client gave it. */
  public AuditEntry withReportedAt(Instant time) {
    return copy(path, revision, previousEffective, nextEffective, time);
  }

  /** The same entry as the commit of the given revision carries it. */
  public AuditEntry withRevision(long value) {
    return copy(path, value, previousEffective, nextEffective, reportedAt);
  }

  /** The same entry about the same thing, called by another name. */
  public AuditEntry withPath(String value) {
    return copy(value, revision, previousEffective, nextEffective, reportedAt);
  }

  private AuditEntry copy(
      String ofPath,
      long ofRevision,
      @Nullable RouteStatus previous,
      @Nullable RouteStatus next,
      @Nullable Instant at) {
    return new AuditEntry(
        id,
        timestamp,
        ofPath,
        service,
        action,
        actor,
        platform,
        reason,
        previousStatus,
        nextStatus,
        ofRevision,
        changes,
        onBehalfOf,
        reported,
        previous,
        next,
        at);
  }
}
