package io.shield.admin.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.shield.error.InvalidValueException;
import io.shield.json.ShieldJson;

/**
 * JSON as waygate reads it: reserved states have its names, and the algorithm that it does not know
 * is called by the one that comes nearest; else it would drop the policy.
 */
final class WaygateNames {
  private static final String RESERVED = "__shield:";
  private static final String ITS_RESERVED = "__waygate:";
  private static final String UNKNOWN = "token_bucket";
  private static final String NEAREST = "moving_window";

  private WaygateNames() {}

  /** An answer in its names. */
  static Answer of(Answer answer) {
    String body = answer.body();
    boolean concerned = body.contains(RESERVED) || body.contains(UNKNOWN);
    return concerned && answer.isJson()
        ? answer.withBody(ShieldJson.text(of(ShieldJson.parse("answer", body))))
        : answer;
  }

  /** The same in its names; what is given may be changed. */
  static JsonNode of(JsonNode json) {
    if (json instanceof ObjectNode object) {
      object(object);
    } else if (json instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, of(array.get(i)));
      }
    } else if (json.isTextual() && json.textValue().startsWith(RESERVED)) {
      return TextNode.valueOf(ITS_RESERVED + json.textValue().substring(RESERVED.length()));
    }
    return json;
  }

  private static void object(ObjectNode object) {
    boolean reserved = object.path("path").asText().startsWith(RESERVED);
    object.properties().forEach(field -> field.setValue(of(field.getValue())));
    if (object.path("algorithm").asText().equals(UNKNOWN)) {
      object.put("base_algorithm", UNKNOWN).put("algorithm", NEAREST);
    }
    if (reserved) {
      object.put("reason", reason(object.path("reason").asText()));
    }
  }

  /** Of a reserved state the reason holds what it is about, as JSON. */
  private static String reason(String text) {
    try {
      return text.startsWith("{") ? ShieldJson.text(of(ShieldJson.parse("reason", text))) : text;
    } catch (InvalidValueException freeText) {
      return text;
    }
  }
}
