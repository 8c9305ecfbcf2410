package io.shield.spi;

import io.shield.error.InvalidValueException;
import io.shield.model.audit.AuditEntry;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which audit entries to read. Filters apply before {@code offset} and {@code limit}.
 *
 * @param path only entries of this route key, or null
 * @param service only entries of this service, or null
 * @param actor only entries by this actor, or null
 * @param action only entries of this action, or null
 * @param since only entries at or after this moment, or null
 * @param offset how many of the newest to skip, at least 0
 * @param limit how many to return, 1 to {@link #MAX_LIMIT}
 */
public record AuditQuery(
    @Nullable String path,
    @Nullable String service,
    @Nullable String actor,
    @Nullable String action,
    @Nullable Instant since,
    int offset,
    int limit) {
  /** The most entries one query returns. */
  public static final int MAX_LIMIT = 10_000;

  /** How many entries a query returns unless it says otherwise. */
  public static final int DEFAULT_LIMIT = 50;

  public AuditQuery {
    if (offset < 0) {
      throw new InvalidValueException("offset", offset, "at least 0");
    }
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new InvalidValueException("limit", limit, "between 1 and " + MAX_LIMIT);
    }
  }

  /** The newest entries of any kind. */
  public static AuditQuery newest(int limit) {
    return new AuditQuery(null, null, null, null, null, 0, limit);
  }

  /** The newest entries of one route key. */
  public static AuditQuery ofPath(String path, int limit) {
    return new AuditQuery(path, null, null, null, null, 0, limit);
  }

  /** All entries that pass the filters, without offset. */
  public AuditQuery whole() {
    return new AuditQuery(path, service, actor, action, since, 0, MAX_LIMIT);
  }

  /** Whether every entry passes, but for those of other paths. */
  public boolean isUnfiltered() {
    return service == null && actor == null && action == null && since == null;
  }

  /** Whether an entry passes all filters. */
  public boolean matches(AuditEntry entry) {
    return (path == null || path.equals(entry.path()))
        && (service == null || service.equals(entry.service()))
        && (actor == null || actor.equals(entry.actor()))
        && (action == null || action.equals(entry.action()))
        && (since == null || !entry.timestamp().isBefore(since));
  }
}
