package io.shield.admin.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.InvalidValueException;
import io.shield.internal.FieldChanges;
import io.shield.json.ShieldJson;
import io.shield.model.DocumentValue;
import io.shield.model.audit.FieldChange;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Changes some fields of a policy (RFC 7396): null gives a field its default. */
final class PolicyPatch {
  static final String DRY_RUN = "dry_run";

  private static final Set<String> NAMES = Set.of("path", "method");
  private static final Set<String> BOOKKEEPING = Set.of("origin");

  private PolicyPatch() {}

  /** The fields of a policy after the change; what it is called by cannot be changed. */
  static ObjectNode apply(ObjectNode policy, JsonNode changes) {
    if (!changes.isObject()) {
      throw new InvalidValueException("body", changes.toString(), "a JSON object");
    }
    ObjectNode after = policy.deepCopy();
    for (Map.Entry<String, JsonNode> field : changes.properties()) {
      String name = field.getKey();
      JsonNode value = field.getValue();
      if (NAMES.contains(name) && !value.equals(policy.get(name))) {
        throw new InvalidValueException(
            name, value.asText(), "left out, or " + policy.path(name).asText("what it is"));
      }
      if (name.equals(DRY_RUN)) {
        continue;
      }
      if (value.isNull()) {
        after.remove(name);
      } else {
        after.set(name, value);
      }
    }
    after.remove("origin");
    return after;
  }

  /** What differs, as the audit log tells it: field, before, after. Of a new one, its limit. */
  static ArrayNode changes(@Nullable DocumentValue before, DocumentValue after) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    if (before == null) {
      JsonNode limit = ShieldJson.writeValue(after).path("limit");
      all.addObject().put("field", "limit").putNull("before").set("after", limit);
      return all;
    }
    for (FieldChange change : FieldChanges.between(before, after, BOOKKEEPING)) {
      ObjectNode node = all.addObject().put("field", change.field());
      node.set("before", ShieldJson.parse("before", change.before()));
      node.set("after", ShieldJson.parse("after", change.after()));
    }
    return all;
  }
}
