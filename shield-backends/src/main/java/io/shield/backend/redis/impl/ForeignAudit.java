package io.shield.backend.redis.impl;

import io.shield.internal.adoption.ForeignEntries;
import io.shield.model.audit.AuditAction;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the audit entries that others wrote about what is taken over. They write the value first
 * and the entry a moment later, so that it is waited for, but never long: what they closed stays
 * open meanwhile. Used on one event loop.
 */
final class ForeignAudit {
  private static final long PAUSE_MILLIS = 25;
  private static final int LOOKS = 10;

  /** So many of a path are looked at. */
  private static final int NEWEST = 10;

  /** Of more changes at once, each is logged as Shield's own finding. */
  private static final int MAX_SOUGHT = 100;

  private final Vertx vertx;
  private final AuditLists lists;

  ForeignAudit(Vertx vertx, AuditLists lists) {
    this.vertx = vertx;
    this.lists = lists;
  }

  /**
   * A change with entries of others in place of Shield's own.
   *
   * @param change the change
   * @param replaced of an entry's id the text that stands in the log already
   */
  record Told(Change change, Map<String, String> replaced) {}

  /** Looks until all is told or the time is up. */
  Future<Told> of(Change change) {
    return change.audit().isEmpty() || change.audit().size() > MAX_SOUGHT
        ? Future.succeededFuture(new Told(change, Map.of()))
        : look(change, 1);
  }

  private Future<Told> look(Change change, int turn) {
    List<Future<@Nullable Found>> looks = change.audit().stream().map(this::find).toList();
    return Future.all(looks)
        .compose(
            all -> {
              List<AuditEntry> entries = new ArrayList<>();
              Map<String, String> replaced = new LinkedHashMap<>();
              boolean waiting = false;
              for (int i = 0; i < looks.size(); i++) {
                AuditEntry own = change.audit().get(i);
                Found found = looks.get(i).result();
                if (found == null) {
                  // They log no deletion of a route.
                  waiting |= !own.action().equals(AuditAction.FORGET);
                  entries.add(own);
                } else {
                  entries.add(ForeignEntries.taken(found.entry(), own));
                  replaced.put(found.entry().id(), found.text());
                }
              }
              return waiting && turn < LOOKS
                  ? pause().compose(v -> look(change, turn + 1))
                  : Future.succeededFuture(
                      new Told(new Change(change.requestId(), change.edits(), entries), replaced));
            });
  }

  private Future<Void> pause() {
    Promise<Void> done = Promise.promise();
    vertx.setTimer(PAUSE_MILLIS, id -> done.complete());
    return done.future();
  }

  private record Found(AuditEntry entry, String text) {}

  /** Of the entries above Shield's last one about the same, which has a revision. */
  private Future<@Nullable Found> find(AuditEntry own) {
    return lists.range(own.path(), 0, NEWEST - 1).map(list -> find(own, list));
  }

  private @Nullable Found find(AuditEntry own, Response list) {
    for (Response raw : list) {
      String text = raw.toString();
      AuditEntry entry = lists.entry(text);
      if (entry == null || ForeignEntries.isOfLimit(own) != ForeignEntries.isOfLimit(entry)) {
        continue;
      }
      if (entry.revision() > 0) {
        return null;
      }
      if (ForeignEntries.telling(own, List.of(entry)) != null) {
        return new Found(entry, text);
      }
    }
    return null;
  }
}
