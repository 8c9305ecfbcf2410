package io.shield.web.impl;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The media types a client says it takes (RFC 9110, section 12.5.1). */
final class AcceptedTypes {
  private final Map<String, Double> qualities = new HashMap<>();

  /**
   * Reads the values of all {@code Accept} headers of a request; what cannot be read is harmless.
   */
  AcceptedTypes(List<String> headers) {
    for (String header : headers) {
      for (String range : header.split(",", -1)) {
        add(range.split(";", -1));
      }
    }
  }

  private void add(String[] parts) {
    double quality = 1;
    for (int i = 1; i < parts.length; i++) {
      String[] parameter = parts[i].split("=", 2);
      if (parameter.length == 2 && parameter[0].strip().equalsIgnoreCase("q")) {
        quality = quality(parameter[1].strip());
      }
    }
    qualities.merge(parts[0].strip().toLowerCase(Locale.ROOT), quality, Math::max);
  }

  private static double quality(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException unreadable) {
      return 1;
    }
  }

  /** The weight of a type, that of the most specific range that has it; 0 if it is not taken. */
  double quality(String type, String subtype) {
    Double quality = qualities.get(type + "/" + subtype);
    if (quality == null) {
      quality = qualities.get(type + "/*");
    }
    if (quality == null) {
      quality = qualities.get("*/*");
    }
    return quality == null ? 0 : quality;
  }
}
