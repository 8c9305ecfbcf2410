package io.shield.backend.redis.impl;

import io.shield.error.ShieldException;
import io.shield.internal.Dialect;
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
  private final Dialect dialect;

  AuditLists(Link link, String prefix, Dialect dialect) {
    this.link = link;
    this.prefix = prefix;
    this.dialect = dialect;
  }

  /** What a query asks for; without filters only that is read. */
  Future<List<AuditEntry>> read(AuditQuery query) {
    boolean page = query.isUnfiltered();
    long first = page ? query.offset() : 0;
    long last = page ? first + query.limit() - 1 : -1;
    return range(query.path(), first, last)
        .map(answer -> select(answer, query, page ? 0 : query.offset()));
  }

  /** How many there are; without filters none is read. */
  Future<Integer> count(AuditQuery query) {
    return query.isUnfiltered()
        ? link.send(Request.cmd(Command.LLEN).arg(list(query.path()))).map(Response::toInteger)
        : read(query.whole()).map(List::size);
  }

  private String list(@Nullable String path) {
    return prefix + "audit" + (path == null ? "" : ":path:" + dialect.theirs(path));
  }

  /** Some of the entries, of one path or of all, as Redis keeps them. */
  Future<Response> range(@Nullable String path, long first, long last) {
    return link.send(Request.cmd(Command.LRANGE).arg(list(path)).arg(first).arg(last));
  }

  private List<AuditEntry> select(Response list, AuditQuery query, int offset) {
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
  @Nullable AuditEntry entry(String text) {
    try {
      AuditEntry entry = ShieldJson.readAuditEntry(ShieldJson.parse("audit entry", text));
      String path = dialect.ours(entry.path());
      return path == null ? entry : entry.withPath(path);
    } catch (ShieldException e) {
      LOG.warn("An audit entry in Redis is left out: {}", e.getMessage());
      return null;
    }
  }
}
