package io.shield.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.json.ShieldJson;
import io.shield.model.Actor;
import io.shield.model.AuditEntry;
import io.shield.model.DocumentValue;
import io.shield.model.FieldChange;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes audit entries. */
final class Audits {
  private Audits() {}

  /** The entry of a change of a route's stored state. */
  static AuditEntry ofRoute(
      RouteState before, RouteState after, String action, String reason, Actor actor, Instant now) {
    return entry(
        after.path(),
        serviceOf(after),
        action,
        reason,
        actor,
        before.status(),
        after.status(),
        changes(before, after),
        now);
  }

  /** A service that the key names already is not repeated. */
  static @Nullable String serviceOf(RouteState state) {
    return RouteKey.parse(state.path()).service() == null ? state.service() : null;
  }

  static AuditEntry entry(
      String path,
      @Nullable String service,
      String action,
      String reason,
      Actor actor,
      @Nullable RouteStatus previous,
      @Nullable RouteStatus next,
      List<FieldChange> changes,
      Instant now) {
    return new AuditEntry(
        UUID.randomUUID().toString(),
        now,
        path,
        service,
        action,
        actor.name(),
        actor.platform().wireName(),
        reason,
        previous,
        next,
        0,
        changes,
        actor.onBehalfOf(),
        false);
  }

  /** The fields in which two values differ, bookkeeping aside. */
  static List<FieldChange> changes(DocumentValue before, DocumentValue after) {
    ObjectNode old = (ObjectNode) ShieldJson.writeValue(before);
    ObjectNode now = (ObjectNode) ShieldJson.writeValue(after);
    List<FieldChange> changes = new ArrayList<>();
    now.fieldNames()
        .forEachRemaining(
            field -> {
              JsonNode was = old.path(field);
              JsonNode is = now.path(field);
              if (!was.equals(is) && !field.equals("version") && !field.equals("since")) {
                changes.add(new FieldChange(field, was.toString(), is.toString()));
              }
            });
    return changes;
  }
}
