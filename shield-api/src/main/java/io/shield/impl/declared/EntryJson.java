package io.shield.impl.declared;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.InvalidValueException;
import io.shield.impl.webhook.WebhookDocuments;
import io.shield.json.Fields;
import io.shield.json.ShieldJson;
import io.shield.json.Times;
import io.shield.json.WebhookJson;
import io.shield.model.DocumentValue;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.MaintenanceMode;
import io.shield.model.OpaqueDocument;
import io.shield.model.Origin;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.webhook.Webhook;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it stands in a document: what it is about is its name, bookkeeping is left out, and
 * so is a field that has its default.
 */
final class EntryJson {
  private static final String WINDOW = "window";
  private static final String WINDOWS = "windows";

  /** What the name says, what only code decides, and what Shield notes for itself. */
  private static final Set<String> UNDECLARED =
      Set.of(
          "path",
          "method",
          "service",
          "declared_allowed",
          "force_active",
          "since",
          "version",
          "origin",
          "name",
          "problem");

  /** Fields that are always written, so that a document says what there is. */
  private static final Set<String> ALWAYS = Set.of("status", "enabled", "limit");

  private static final List<String> OF_POLICIES =
      List.of("enabled", "shadow", "max_concurrent", "cost", "on_store_failure");

  private static final ObjectNode ROUTE = ShieldJson.write(RouteState.active("/"));
  private static final ObjectNode WEBHOOK =
      WebhookJson.write(Webhook.of("name", "http://localhost")).putNull("url");

  private static final ObjectNode MODE = ShieldJson.write(MaintenanceMode.OFF);
  private static final ObjectNode POLICY =
      ShieldJson.write(RateLimitPolicy.of("GET", "/", "unlimited"));
  private static final ObjectNode WIDE_POLICY =
      ShieldJson.write(GlobalRateLimitPolicy.of("unlimited"));

  private EntryJson() {}

  static ObjectNode write(DocumentKey key, DocumentValue value) {
    ObjectNode stored = stored(key, value);
    ObjectNode defaults = defaults(key);
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> field : stored.properties()) {
      String name = field.getKey();
      boolean said = ALWAYS.contains(name) || !field.getValue().equals(defaults.get(name));
      // All but a maintenance is in force unless it says otherwise.
      boolean plain =
          name.equals("enabled")
              && key.kind() != DocumentKind.MAINTENANCE
              && field.getValue().asBoolean();
      if (UNDECLARED.contains(name) || !said || plain) {
        continue;
      }
      if (name.equals(WINDOW)) {
        JsonNode several = stored.get(WINDOWS);
        node.set(WINDOWS, several == null ? node.arrayNode().add(field.getValue()) : several);
      } else if (!name.equals(WINDOWS)) {
        node.set(name, field.getValue());
      }
    }
    return node;
  }

  private static ObjectNode stored(DocumentKey key, DocumentValue value) {
    JsonNode json =
        value instanceof OpaqueDocument webhook
            ? ShieldJson.parse(key.key(), webhook.content())
            : ShieldJson.writeValue(value);
    return (ObjectNode) json;
  }

  private static ObjectNode defaults(DocumentKey key) {
    return switch (key.kind()) {
      case STATE -> ROUTE;
      case MAINTENANCE -> MODE;
      case DOCUMENT -> WEBHOOK;
      case POLICY -> key.isReserved() ? WIDE_POLICY : POLICY;
    };
  }

  /**
   * Reads an entry; a field that is absent has its default.
   *
   * @throws InvalidValueException if a field is unknown, or its value is not allowed
   */
  static DocumentValue read(DocumentKey key, JsonNode given) {
    String name = Section.nameOf(key);
    Fields.of(name, given);
    ObjectNode fields = ((ObjectNode) given).deepCopy();
    checkNames(key, fields);
    try {
      return switch (key.kind()) {
        case STATE -> route(key, fields);
        case MAINTENANCE -> ShieldJson.readMaintenanceMode(fields);
        case DOCUMENT -> webhook(key, fields);
        case POLICY ->
            key.isReserved() ? ShieldJson.readGlobalRateLimitPolicy(fields) : policy(key, fields);
      };
    } catch (InvalidValueException e) {
      throw e.within(name);
    }
  }

  private static void checkNames(DocumentKey key, ObjectNode fields) {
    Set<String> known = new TreeSet<>();
    defaults(key).fieldNames().forEachRemaining(known::add);
    known.removeAll(UNDECLARED);
    if (known.remove(WINDOW)) {
      known.add(WINDOWS);
    }
    if (known.contains("limit")) {
      known.addAll(OF_POLICIES);
    }
    fields
        .fieldNames()
        .forEachRemaining(
            field -> {
              if (!known.contains(field)) {
                throw new InvalidValueException(
                        "field", field, "one of " + String.join(", ", known))
                    .within(Section.nameOf(key));
              }
            });
  }

  private static OpaqueDocument webhook(DocumentKey key, ObjectNode fields) {
    fields.put("name", WebhookDocuments.nameOf(key));
    return new OpaqueDocument(ShieldJson.text(WebhookJson.write(WebhookJson.read(fields))));
  }

  private static RouteState route(DocumentKey key, ObjectNode fields) {
    Fields.of("route", fields).required("status");
    RouteState state = ShieldJson.readRouteState(fields.put("path", key.key()));
    return state.toBuilder().sunsetDate(inOneForm(state.sunsetDate())).build();
  }

  /** As a change of the route would store it. What is no date is refused when it is written. */
  private static @Nullable String inOneForm(@Nullable String sunset) {
    try {
      return sunset == null ? null : Times.httpDate(Times.parseDate("sunset_date", sunset));
    } catch (InvalidValueException noDate) {
      return sunset;
    }
  }

  private static RateLimitPolicy policy(DocumentKey key, ObjectNode fields) {
    int colon = key.key().indexOf(':');
    if (colon < 0) {
      throw new InvalidValueException("name", key.key(), "a method and a path: GET:/payments");
    }
    fields.put("method", key.key().substring(0, colon)).put("path", key.key().substring(colon + 1));
    fields.put("origin", Origin.RUNTIME.wireName());
    RateLimitPolicy policy = ShieldJson.readRateLimitPolicy(fields).normalized();
    if (!policy.key().equals(key.key())) {
      throw new InvalidValueException("name", key.key(), policy.key());
    }
    return policy;
  }

  /** Whether two values say the same in a document. */
  static boolean same(DocumentKey key, @Nullable DocumentValue before, DocumentValue after) {
    return before != null && write(key, before).equals(write(key, after));
  }
}
