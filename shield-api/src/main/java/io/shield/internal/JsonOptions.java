package io.shield.internal;

import io.shield.error.InvalidValueException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the values of options from JSON; a value of a wrong type is reported with its field. */
public final class JsonOptions {
  /** By how many characters a field may differ from the one that is meant. */
  private static final int NEAR = 2;

  private final JsonObject json;

  /** Reads from this object. */
  public JsonOptions(JsonObject json) {
    this.json = json;
  }

  /**
   * Itself, if it has no other fields than these.
   *
   * @throws InvalidValueException names one that nobody knows, and which may be meant
   */
  public JsonOptions only(List<String> known) {
    for (String field : json.fieldNames()) {
      if (!known.contains(field)) {
        List<String> near = NearNames.of(field, known, NEAR);
        String meant = near.isEmpty() ? "" : " (did you mean " + String.join(", ", near) + "?)";
        throw new InvalidValueException(
            "options", field, "one of " + String.join(", ", known) + meant);
      }
    }
    return this;
  }

  /** A string. */
  public String text(String field) {
    return typed(field, json.getValue(field), String.class, "a string");
  }

  /** A string that must not be shown, whatever stands there instead. */
  public String secret(String field) {
    if (json.getValue(field) instanceof String secret) {
      return secret;
    }
    throw new InvalidValueException(field, "another value", "a string");
  }

  /** A boolean. */
  public boolean flag(String field) {
    return typed(field, json.getValue(field), Boolean.class, "true or false");
  }

  /** An object. */
  public JsonObject object(String field) {
    return typed(field, json.getValue(field), JsonObject.class, "an object");
  }

  /** A whole number. */
  public int number(String field) {
    return typed(field, json.getValue(field), Integer.class, "a whole number");
  }

  /** A list of strings. */
  public List<String> list(String field) {
    List<String> items = new ArrayList<>();
    typed(field, json.getValue(field), JsonArray.class, "a list of strings")
        .forEach(item -> items.add(typed(field, item, String.class, "a list of strings")));
    return items;
  }

  /** A list of objects. */
  public List<JsonObject> objects(String field) {
    List<JsonObject> items = new ArrayList<>();
    JsonArray all = typed(field, json.getValue(field), JsonArray.class, "a list of objects");
    for (int i = 0; i < all.size(); i++) {
      items.add(typed(field, all.getValue(i), JsonObject.class, "a list of objects"));
    }
    return items;
  }

  /** A duration in milliseconds. */
  public Duration millis(String field) {
    String allowed = "a whole number of milliseconds";
    Number number = typed(field, json.getValue(field), Number.class, allowed);
    if (number.doubleValue() != number.longValue()) {
      throw new InvalidValueException(field, number, allowed);
    }
    return Duration.ofMillis(number.longValue());
  }

  /** An object of strings. */
  public Map<String, String> texts(String field) {
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
