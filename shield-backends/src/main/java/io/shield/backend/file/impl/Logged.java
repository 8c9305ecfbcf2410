package io.shield.backend.file.impl;

import io.shield.json.ShieldJson;
import io.shield.model.audit.AuditEntry;

/**
 * An audit entry as it stands in the log.
 *
 * @param entry what happened
 * @param digest of its JSON
 */
record Logged(AuditEntry entry, String digest) {
  static Logged of(AuditEntry entry) {
    return new Logged(entry, Canonical.digest(ShieldJson.write(entry)));
  }
}
