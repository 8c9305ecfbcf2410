package io.shield.internal.adoption;

import io.shield.model.audit.AuditEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The audit entries that others wrote about what they changed in a store: each is taken in place of
 * the one that Shield would write, so that a change is audited once.
 */
public final class ForeignEntries {
  private static final String DELETED = "deleted";

  private ForeignEntries() {}

  /**
   * The entry of others that tells what Shield's own would tell.
   *
   * @param own what Shield would write
   * @param given entries of others, newest first
   * @return one of the given, or null
   */
  public static @Nullable AuditEntry telling(AuditEntry own, List<AuditEntry> given) {
    return given.stream().filter(entry -> isSame(own, entry)).findFirst().orElse(null);
  }

  private static boolean isSame(AuditEntry own, AuditEntry entry) {
    if (!entry.path().equals(own.path())) {
      return false;
    }
    boolean sameStatus = own.nextStatus() != null && own.nextStatus() == entry.nextStatus();
    // "set" and "updated" depend on what the writer knew.
    boolean sameLimit =
        isOfLimit(own) && family(own).equals(family(entry)) && isDeletion(own) == isDeletion(entry);
    return sameStatus || sameLimit || own.action().equals(entry.action());
  }

  /** Whether an entry is about a rate limit, not about the route of the same name. */
  public static boolean isOfLimit(AuditEntry entry) {
    return entry.action().contains("rl_");
  }

  private static boolean isDeletion(AuditEntry entry) {
    return entry.action().endsWith(DELETED);
  }

  private static String family(AuditEntry entry) {
    return entry.action().substring(0, entry.action().lastIndexOf('_') + 1);
  }

  /** An entry of others, with what only Shield knows of the change. */
  public static AuditEntry taken(AuditEntry theirs, AuditEntry own) {
    return new AuditEntry(
        theirs.id(),
        theirs.timestamp(),
        theirs.path(),
        theirs.service() == null ? own.service() : theirs.service(),
        theirs.action(),
        theirs.actor(),
        theirs.platform(),
        theirs.reason(),
        theirs.previousStatus(),
        theirs.nextStatus(),
        0,
        own.changes(),
        theirs.onBehalfOf(),
        theirs.reported(),
        own.previousEffective(),
        own.nextEffective(),
        theirs.reportedAt());
  }
}
