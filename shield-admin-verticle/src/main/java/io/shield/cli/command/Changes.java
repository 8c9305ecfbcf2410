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
      lines.add(line(change));
    }
    return lines;
  }

  /** One that changed. */
  static String line(JsonNode change) {
    String field = text(change, "field").replace('_', ' ');
    String before = of(change, "before", false);
    String after = of(change, "after", false);
    if (before.equals(after)) { // windows whose reason alone changed
      before = of(change, "before", true);
      after = of(change, "after", true);
    }
    return field + ": " + before + " > " + after;
  }

  private static String of(JsonNode change, String side, boolean reasons) {
    String text = shown(change.path(side), reasons);
    return text.isEmpty() ? "none" : text;
  }

  /**
   * A window as its times, a tier as its name and limit; never as JSON.
   *
   * @param reasons whether windows have their reasons too
   */
  private static String shown(JsonNode value, boolean reasons) {
    if (value.has("start")) {
      String times = text(value, "start") + " to " + text(value, "end");
      String reason = reasons ? text(value, "reason") : "";
      return reason.isEmpty() ? times : times + " (" + reason + ")";
    }
    if (value.has("name") && value.has("limit")) {
      return text(value, "name") + " " + text(value, "limit");
    }
    if (value.isArray()) {
      List<String> items = new ArrayList<>();
      value.forEach(item -> items.add(shown(item, reasons)));
      return String.join(", ", items);
    }
    return View.text(value);
  }
}
