package io.shield;

import io.shield.model.audit.AuditEntry;
import io.shield.spi.AuditQuery;
import io.vertx.core.Future;
import java.util.List;

/** Reads the audit log. It is written by commits only. */
public interface AuditLog {
  /** The entries that match, newest first; a path without method means all methods of it. */
  Future<List<AuditEntry>> list(AuditQuery query);

  /** How many entries pass the filters of a query, whatever its offset and limit. */
  default Future<Integer> count(AuditQuery query) {
    return list(query.whole()).map(List::size);
  }

  /** The newest entries. */
  default Future<List<AuditEntry>> newest(int limit) {
    return list(AuditQuery.newest(limit));
  }
}
