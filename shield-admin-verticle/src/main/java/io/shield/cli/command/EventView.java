package io.shield.cli.command;

import static io.shield.cli.terminal.View.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.cli.terminal.Style;
import io.shield.cli.terminal.View;
import io.shield.cli.terminal.View.Column;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** How a change that comes over a stream is shown. */
final class EventView {
  static final View EVENT =
      new View(
          EventView::key,
          List.of(
              new Column("TIME", EventView::time, event -> Style.DIM),
              Column.of("ROUTE", event -> Views.place(place(event))),
              new Column("STATUS", EventView::status, e -> Views.statusStyle(e.path("payload"))),
              Column.of("ACTOR", event -> text(event.path("audit"), "actor")),
              Column.of("REASON", EventView::reason)),
          "");

  private EventView() {}

  /** The route key, or what else the change is about. */
  static String key(JsonNode event) {
    JsonNode payload = event.path("payload");
    String path = payload.isObject() ? text(payload, "path") : text(event, "path");
    return path.isEmpty() ? text(event, "key") : path;
  }

  private static String time(JsonNode event) {
    String told = text(event.path("audit"), "timestamp");
    return Views.seconds(
        told.isEmpty() ? Instant.now().truncatedTo(ChronoUnit.SECONDS).toString() : told);
  }

  private static String place(JsonNode event) {
    String told = text(event.path("audit"), "path");
    return told.isEmpty() ? key(event) : told;
  }

  private static String status(JsonNode event) {
    return switch (text(event, "type")) {
      case "state" ->
          key(event).startsWith("__")
              ? text(event.path("audit"), "action")
              : text(event.path("payload"), "status");
      case "state_deleted" -> "deleted";
      case "rl_policy" ->
          text(event, "action").equals("delete")
              ? "limit deleted"
              : "limit " + text(event.path("policy"), "limit");
      default -> text(event, "type");
    };
  }

  private static String reason(JsonNode event) {
    String told = text(event.path("audit"), "reason");
    boolean state = text(event, "type").equals("state") && !key(event).startsWith("__");
    return told.isEmpty() && state ? text(event.path("payload"), "reason") : told;
  }
}
