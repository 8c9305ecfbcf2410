package io.shield.impl;

import io.shield.ShieldChange;
import io.shield.internal.EdgeDocuments;
import io.shield.internal.EngineInternals.AppliedChange;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells what changed: to the listeners, and on the event bus at {@code shield.{name}.changes}, in
 * this process only. The message there is a hint where to look ({@code epoch}, {@code revision},
 * {@code changed}), not the state.
 */
final class ChangeTeller {
  private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

  private final Vertx vertx;
  private final String address;
  private final Listeners listeners;

  ChangeTeller(Vertx vertx, String engineName, Listeners listeners) {
    this.vertx = vertx;
    this.address = "shield." + engineName + ".changes";
    this.listeners = listeners;
  }

  void applied(Snapshot before, Snapshot after, Commit commit) {
    tell(before, after, commit.change().keys(), commit);
  }

  void replaced(Snapshot before, Snapshot after) {
    tell(before, after, difference(before.content(), after.content()), null);
  }

  private static Set<DocumentKey> difference(
      Map<DocumentKey, Versioned<?>> before, Map<DocumentKey, Versioned<?>> after) {
    Set<DocumentKey> changed = new HashSet<>();
    after.forEach(
        (key, value) -> {
          if (!value.equals(before.get(key))) {
            changed.add(key);
          }
        });
    before.keySet().stream().filter(key -> !after.containsKey(key)).forEach(changed::add);
    return changed;
  }

  private void tell(
      Snapshot before, Snapshot after, Set<DocumentKey> changed, @Nullable Commit commit) {
    publish(after.head(), changed);
    List<AuditEntry> audit = commit == null ? List.of() : commit.change().audit();
    ShieldChange change = new ShieldChange(before, after, changed, routes(changed), audit);
    listeners.tell(new AppliedChange(change, commit));
  }

  private void publish(Head head, Set<DocumentKey> changed) {
    JsonArray keys = new JsonArray();
    changed.forEach(
        key -> keys.add(new JsonObject().put("kind", key.kind().wireName()).put("key", key.key())));
    JsonObject hint =
        new JsonObject()
            .put("epoch", head.epoch())
            .put("revision", head.revision())
            .put("changed", keys);
    vertx.eventBus().publish(address, hint, LOCAL);
  }

  /** The routes concerned, those included of which an edge was announced. */
  private static Set<String> routes(Set<DocumentKey> changed) {
    Set<String> routes = new HashSet<>();
    for (DocumentKey key : changed) {
      String edgeOf = EdgeDocuments.routeOf(key);
      if (edgeOf != null) {
        routes.add(edgeOf);
      } else if (key.kind() == DocumentKind.STATE) {
        routes.add(key.key());
      }
    }
    return routes;
  }
}
