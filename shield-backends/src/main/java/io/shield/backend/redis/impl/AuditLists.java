package io.shield.backend.redis.impl;

import io.shield.error.ShieldException;
import io.shield.json.ShieldJson;
import io.shield.model.audit.AuditEntry;
import io.shield.spi.AuditQuery;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The audit log as Redis keeps it: a list of all and one of each path, newest first. */
final class AuditLists {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLists.class);

  private final Link link;
  private final String prefix;

  AuditLists(Link link, String prefix) {
    this.link = link;
    this.prefix = prefix;
  }

  /** What a query asks for; without filters only that is read. */
  Future<List<AuditEntry>> read(AuditQuery query) {
    boolean page =
        query.service() == null
            && query.actor() == null
            && query.action() == null
            && query.since() == null;
    long first = page ? query.offset() : 0;
    long last = page ? first + query.limit() - 1 : -1;
    return range(query.path(), first, last)
        .map(answer -> select(answer, query, page ? 0 : query.offset()));
  }

  /** Some of the entries, of one path or of all, as Redis keeps them. */
  Future<Response> range(@Nullable String path, long first, long last) {
    String list = prefix + "audit" + (path == null ? "" : ":path:" + path);
    return link.send(Request.cmd(Command.LRANGE).arg(list).arg(first).arg(last));
  }

  private static List<AuditEntry> select(Response list, AuditQuery query, int offset) {
    List<AuditEntry> found = new ArrayList<>();
    int skipped = 0;
    for (Response text : list) {
      if (found.size() == query.limit()) {
        break;
      }
      AuditEntry entry = entry(text.toString());
      if (entry != null && query.matches(entry) && skipped++ >= offset) {
        found.add(entry);
      }
    }
    return found;
  }

  /** One entry, or null if it cannot be read. */
  static @Nullable AuditEntry entry(String text) {
    try {
      return ShieldJson.readAuditEntry(ShieldJson.parse("audit entry", text));
    } catch (ShieldException e) {
      LOG.warn("An audit entry in Redis is left out: {}", e.getMessage());
      return null;
    }
  }
}
