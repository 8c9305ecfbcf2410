package io.shield.impl.change;

import io.shield.model.RouteKey;
import io.shield.model.audit.AuditEntry;
import io.shield.spi.AuditQuery;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;

/** Lets a bare path mean all methods of it in the audit log, which backends keep by whole keys. */
public final class BarePaths {
  private BarePaths() {}

  public static Future<List<AuditEntry>> list(
      AuditQuery query, Function<AuditQuery, Future<List<AuditEntry>>> backend) {
    String path = query.path();
    if (path == null || !path.startsWith("/")) {
      return backend.apply(query);
    }
    AuditQuery wider =
        new AuditQuery(
            null,
            query.service(),
            query.actor(),
            query.action(),
            query.since(),
            0,
            AuditQuery.MAX_LIMIT);
    return backend
        .apply(wider)
        .map(
            entries ->
                entries.stream()
                    .filter(entry -> isOf(path, entry.path()))
                    .skip(query.offset())
                    .limit(query.limit())
                    .toList());
  }

  /** What is not of a route has a path that begins with two underscores. */
  private static boolean isOf(String path, String key) {
    return key.equals(path)
        || (!key.startsWith("__")
            && key.endsWith(":" + path)
            && RouteKey.parse(key).path().equals(path));
  }
}
