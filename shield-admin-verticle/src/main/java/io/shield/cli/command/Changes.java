package io.shield.cli.command;

import static io.shield.cli.terminal.View.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.cli.terminal.View;
import java.util.ArrayList;
import java.util.List;

/** What a change changed, as {@code field: before > after}. */
final class Changes {
  private Changes() {}

  /** One line for each field that changed. */
  static List<String> lines(JsonNode changed) {
    List<String> lines = new ArrayList<>();
    for (JsonNode change : changed.path("changes")) {
      lines.add(text(change, "field") + ": " + of(change, "before") + " > " + of(change, "after"));
    }
    return lines;
  }

  private static String of(JsonNode change, String side) {
    JsonNode value = change.path(side);
    String text = value.isObject() ? View.text(value) : text(value);
    return text.isEmpty() ? "none" : text;
  }
}
