package io.shield.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.error.InvalidValueException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one JSON object; what is absent and what is null are the same. A field of a
 * wrong type or value is an {@link InvalidValueException} that names it. Immutable.
 */
public final class Fields {
  private final JsonNode object;

  private Fields(JsonNode object) {
    this.object = object;
  }

  /**
   * The fields of an object.
   *
   * @param what names it in the message
   * @throws InvalidValueException if it is no object
   */
  public static Fields of(String what, @Nullable JsonNode node) {
    if (node == null || !node.isObject()) {
      throw new InvalidValueException(what, String.valueOf(node), "a JSON object");
    }
    return new Fields(node);
  }

  /** A field of any type, or null. */
  public @Nullable JsonNode node(String field) {
    JsonNode node = object.get(field);
    return node == null || node.isNull() ? null : node;
  }

  /** A string, or null. */
  public @Nullable String string(String field) {
    JsonNode node = node(field);
    if (node == null) {
      return null;
    }
    if (!node.isTextual()) {
      throw new InvalidValueException(field, node.toString(), "a string");
    }
    return node.textValue();
  }

  /** A string, or what stands for it when it is absent. */
  public String string(String field, String absent) {
    String value = string(field);
    return value == null ? absent : value;
  }

  /** A string that must be given. */
  public String required(String field) {
    String value = string(field);
    if (value == null) {
      throw new InvalidValueException(field, "null", "given");
    }
    return value;
  }

  /** A whole number of 64 bits, or what stands for it when it is absent. */
  public long number(String field, long absent) {
    JsonNode node = node(field);
    if (node == null) {
      return absent;
    }
    if (!node.isNumber() || !node.canConvertToExactIntegral() || !node.canConvertToLong()) {
      throw new InvalidValueException(field, node.toString(), "a whole number");
    }
    return node.longValue();
  }

  /** A whole number of 32 bits, or what stands for it when it is absent. */
  public int integer(String field, int absent) {
    long value = number(field, absent);
    if (value != (int) value) {
      throw new InvalidValueException(field, value, "a whole number of at most 32 bits");
    }
    return (int) value;
  }

  /** True or false, or what stands for it when it is absent. */
  public boolean flag(String field, boolean absent) {
    JsonNode node = node(field);
    if (node == null) {
      return absent;
    }
    if (!node.isBoolean()) {
      throw new InvalidValueException(field, node.toString(), "true or false");
    }
    return node.booleanValue();
  }

  /** An ISO-8601 time, see {@link Times#parse}, or null. */
  public @Nullable Instant time(String field) {
    String text = string(field);
    return text == null ? null : Times.parse(field, text);
  }

  /** An ISO-8601 time that must be given. */
  public Instant requiredTime(String field) {
    return Times.parse(field, required(field));
  }

  /** One of the names that {@code parse} knows, or null. */
  public <E> @Nullable E choice(String field, Function<String, E> parse) {
    String name = string(field);
    return name == null ? null : parse.apply(name);
  }

  /** One of the names that {@code parse} knows, or what stands for it when it is absent. */
  public <E> E choice(String field, Function<String, E> parse, E absent) {
    E value = choice(field, parse);
    return value == null ? absent : value;
  }

  /** A list, each element read by {@code read}; empty when it is absent. */
  public <T> List<T> list(String field, Function<JsonNode, T> read) {
    JsonNode node = node(field);
    if (node == null) {
      return List.of();
    }
    if (!node.isArray()) {
      throw new InvalidValueException(field, node.toString(), "a list");
    }
    List<T> values = new ArrayList<>(node.size());
    node.forEach(element -> values.add(read.apply(element)));
    return values;
  }

  /** A list of strings; empty when it is absent. */
  public List<String> strings(String field) {
    return list(
        field,
        element -> {
          if (!element.isTextual()) {
            throw new InvalidValueException(field, element.toString(), "a list of strings");
          }
          return element.textValue();
        });
  }
}
