package io.shield.admin.dashboard.impl;

import io.shield.error.InvalidValueException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The fields of a form that was sent, or of an address. Immutable. */
final class Form {
  private static final int MAX_FIELDS = 2000;

  private final Map<String, List<String>> fields;

  private Form(Map<String, List<String>> fields) {
    this.fields = fields;
  }

  /**
   * Reads {@code application/x-www-form-urlencoded}.
   *
   * @throws InvalidValueException if it cannot be read
   */
  static Form parse(String text) {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    if (text.isEmpty()) {
      return new Form(fields);
    }
    String[] pairs = text.split("&", -1);
    if (pairs.length > MAX_FIELDS) {
      throw new InvalidValueException("form", pairs.length + " fields", "at most " + MAX_FIELDS);
    }
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      fields.computeIfAbsent(decoded(name), n -> new ArrayList<>()).add(decoded(value));
    }
    return new Form(fields);
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException("form", text, "encoded with two hex digits after '%'");
    }
  }

  /** The first value of a field without blanks at its ends, or an empty text. */
  String value(String name) {
    return all(name).stream().findFirst().orElse("").strip();
  }

  /** The first value of a field as it was typed, or an empty text. */
  String raw(String name) {
    return all(name).stream().findFirst().orElse("");
  }

  /** The values of a field. */
  List<String> all(String name) {
    return fields.getOrDefault(name, List.of());
  }

  /** Every field with its first value. */
  Map<String, String> firsts() {
    Map<String, String> firsts = new LinkedHashMap<>();
    fields.forEach((name, values) -> firsts.put(name, values.get(0)));
    return firsts;
  }
}
