package io.shield.backend.server.impl;

import io.shield.model.audit.AuditEntry;
import io.shield.spi.AuditQuery;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server for audit entries.
 *
 * @param service the service whose entries these are, under the names its code uses; null for all
 */
record AuditPath(@Nullable String service) {
  String of(AuditQuery query) {
    String path = query.path();
    boolean route = path != null && service != null && !path.startsWith("__");
    return "/api/audit?limit="
        + query.limit()
        + "&offset="
        + query.offset()
        + parameter("route", route ? service + ":" + path : path)
        + parameter("service", query.service() == null ? service : query.service())
        + parameter("actor", query.actor())
        + parameter("action", query.action())
        + parameter("since", query.since());
  }

  private static String parameter(String name, @Nullable Object value) {
    return value == null
        ? ""
        : "&" + name + "=" + URLEncoder.encode(value.toString(), StandardCharsets.UTF_8);
  }

  AuditEntry local(AuditEntry entry) {
    String prefix = service + ":";
    if (service == null || !entry.path().startsWith(prefix)) {
      return entry;
    }
    return entry.withPath(entry.path().substring(prefix.length()));
  }
}
