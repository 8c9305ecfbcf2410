package io.shield.admin.impl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.ShieldChange;
import io.shield.internal.ReservedStates;
import io.shield.internal.gate.Gates;
import io.shield.internal.gate.InForce;
import io.shield.json.ShieldJson;
import io.shield.model.DocumentValue;
import io.shield.model.RouteState;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Head;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What streams tell of changes: the events of the original, with what is in force, and beside each
 * the audit entry that tells who made the change.
 */
final class ChangeEvents {
  /** The paths by which audit entries name what is the fleet's; all else has its own key. */
  private static final Map<String, String> AUDIT_PATHS =
      Map.of("__shield:global__", "__global__", "__shield:global_rl__", "__global_rl__");

  private ChangeEvents() {}

  static ObjectNode hello(Head head, boolean resumed) {
    return event("hello")
        .put("epoch", head.epoch())
        .put("revision", head.revision())
        .put("resumed", resumed);
  }

  /** The events of a change, those of what is concerned in the order of its keys. */
  static List<ObjectNode> of(ShieldChange change, Gates gates, Instant now) {
    List<ObjectNode> events = new ArrayList<>();
    for (String route : new TreeSet<>(change.routes())) {
      events.add(route(change, route, gates, now));
    }
    change.changed().stream()
        .sorted(Comparator.comparing(DocumentKey::key))
        .flatMap(key -> Stream.ofNullable(other(change, key)))
        .forEach(events::add);
    return events;
  }

  private static ObjectNode route(ShieldChange change, String route, Gates gates, Instant now) {
    RouteState state = change.after().state(route);
    ObjectNode event;
    if (state == null) {
      event = event("state_deleted").put("path", route);
    } else {
      event = event("state");
      event.set("payload", InForce.shown(gates, state, now));
    }
    return withAudit(event, change, route);
  }

  /** Maintenance and rate limits; null for anything else. */
  private static @Nullable ObjectNode other(ShieldChange change, DocumentKey key) {
    DocumentValue after = change.after().value(key);
    if (ReservedStates.holds(key)) {
      ObjectNode event = event("state_deleted").put("path", key.key());
      if (after != null) {
        event = event("state");
        event.set("payload", ShieldJson.write(ReservedStates.write(key, after)));
      }
      return withAudit(event, change, AUDIT_PATHS.getOrDefault(key.key(), key.key()));
    }
    if (key.kind() != DocumentKind.POLICY) {
      return null;
    }
    ObjectNode event = event("rl_policy").put("action", after == null ? "delete" : "set");
    event.put("key", key.key());
    if (after != null) {
      event.set("policy", ShieldJson.writeValue(after));
    }
    return withAudit(event, change, key.key());
  }

  private static ObjectNode withAudit(ObjectNode event, ShieldChange change, String path) {
    for (AuditEntry entry : change.audit()) {
      if (entry.path().equals(path)) {
        event.set("audit", ShieldJson.write(entry));
      }
    }
    return event;
  }

  /** Says that what changed is too large, or too much, to be told: read it again. */
  static ObjectNode reload(Head head) {
    return event("reload")
        .put("epoch", head.epoch())
        .put("revision", head.revision())
        .put("commit_id", head.commitId());
  }

  static ObjectNode event(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }
}
