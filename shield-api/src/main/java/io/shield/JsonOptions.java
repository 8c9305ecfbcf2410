package io.shield;

import io.shield.model.InvalidValueException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the values of options from JSON; a value of a wrong type is reported with its field. */
final class JsonOptions {
  private final JsonObject json;

  JsonOptions(JsonObject json) {
    this.json = json;
  }

  String text(String field) {
    return typed(field, json.getValue(field), String.class, "a string");
  }

  boolean flag(String field) {
    return typed(field, json.getValue(field), Boolean.class, "true or false");
  }

  Duration millis(String field) {
    String allowed = "a whole number of milliseconds";
    Number number = typed(field, json.getValue(field), Number.class, allowed);
    if (number.doubleValue() != number.longValue()) {
      throw new InvalidValueException(field, number, allowed);
    }
    return Duration.ofMillis(number.longValue());
  }

  Map<String, String> texts(String field) {
    JsonObject object =
        typed(field, json.getValue(field), JsonObject.class, "an object of strings");
    Map<String, String> texts = new LinkedHashMap<>();
    object.forEach(
        entry ->
            texts.put(
                entry.getKey(), typed(entry.getKey(), entry.getValue(), String.class, "a string")));
    return texts;
  }

  private static <T> T typed(String field, Object value, Class<T> type, String allowed) {
    if (!type.isInstance(value)) {
      throw new InvalidValueException(field, String.valueOf(value), allowed);
    }
    return type.cast(value);
  }
}
