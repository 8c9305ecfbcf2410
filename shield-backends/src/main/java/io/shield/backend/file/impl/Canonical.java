package io.shield.backend.file.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.json.ShieldJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Digests of values, the same in every format: the order of names and what is null do not count,
 * because not every format keeps them.
 */
final class Canonical {
  private static final int DIGEST_BYTES = 8;
  private static final double LARGEST_EXACT = 1L << 53;

  private Canonical() {}

  /** Tells two values apart that differ by accident; no defence against who wants to deceive. */
  static String digest(JsonNode value) {
    StringBuilder text = new StringBuilder();
    append(text, value);
    return digest(text.toString());
  }

  /** The digest of a text. */
  static String digest(String text) {
    return digest(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The digest of some bytes: the first of their SHA-256, in hexadecimal. */
  static String digest(byte[] bytes) {
    try {
      byte[] all = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(all, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static void append(StringBuilder out, JsonNode value) {
    if (value.isObject()) {
      Map<String, JsonNode> sorted = new TreeMap<>();
      value
          .properties()
          .forEach(
              field -> {
                if (!field.getValue().isNull()) {
                  sorted.put(field.getKey(), field.getValue());
                }
              });
      out.append('{');
      sorted.forEach(
          (name, field) -> {
            out.append(ShieldJson.text(JsonNodeFactory.instance.textNode(name))).append(':');
            append(out, field);
            out.append(',');
          });
      out.append('}');
    } else if (value.isArray()) {
      out.append('[');
      value.forEach(
          element -> {
            if (!element.isNull()) {
              append(out, element);
              out.append(',');
            }
          });
      out.append(']');
    } else if (value.isFloatingPointNumber() && isWhole(value.doubleValue())) {
      out.append((long) value.doubleValue()); // TOML reads 1.0 back as 1.
    } else {
      out.append(ShieldJson.text(value));
    }
  }

  private static boolean isWhole(double number) {
    return number == Math.rint(number) && Math.abs(number) < LARGEST_EXACT;
  }

  /** A copy without what is null, in objects and lists. */
  static ObjectNode withoutNulls(ObjectNode tree) {
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    tree.properties()
        .forEach(
            field -> {
              if (!field.getValue().isNull()) {
                out.set(field.getKey(), pruned(field.getValue()));
              }
            });
    return out;
  }

  private static JsonNode pruned(JsonNode value) {
    if (value instanceof ObjectNode object) {
      return withoutNulls(object);
    }
    if (value instanceof ArrayNode array) {
      ArrayNode out = JsonNodeFactory.instance.arrayNode(array.size());
      array.forEach(
          element -> {
            if (!element.isNull()) {
              out.add(pruned(element));
            }
          });
      return out;
    }
    return value;
  }
}
