package io.shield.cli.command;

import static io.shield.cli.terminal.View.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.cli.terminal.Style;
import io.shield.cli.terminal.View;
import io.shield.cli.terminal.View.Column;
import java.util.ArrayList;
import java.util.List;

/** How routes, maintenance, audit entries and limits are shown. */
final class Views {
  static final View ROUTE =
      new View(
          route -> text(route, "path"),
          List.of(
              Column.field("ROUTE", "path"),
              new Column("STATUS", route -> text(route, "status"), Views::statusStyle),
              Column.field("REASON", "reason"),
              Column.of("DETAILS", Views::details)),
          "No routes are registered.");

  static final View AUDIT =
      new View(
          entry -> text(entry, "id"),
          List.of(
              new Column("TIME", entry -> seconds(text(entry, "timestamp")), e -> Style.DIM),
              Column.of("ROUTE", entry -> place(text(entry, "path"))),
              Column.field("ACTION", "action"),
              Column.field("ACTOR", "actor"),
              Column.field("PLATFORM", "platform"),
              Column.of("STATUS", Views::transition),
              Column.field("REASON", "reason")),
          "The audit log has no such entries.");

  static final View RATE_LIMIT =
      new View(
          policy -> text(policy, "method") + ":" + text(policy, "path"),
          List.of(
              Column.field("ROUTE", "path"),
              Column.field("METHOD", "method"),
              Column.field("LIMIT", "limit"),
              Column.field("ALGORITHM", "algorithm"),
              Column.field("KEY", "key_strategy"),
              Column.field("BURST", "burst"),
              Column.of("TIERS", Views::tiers),
              Column.field("NOT IN FORCE", "problem")),
          "No rate limits are set.");

  static final View HIT =
      new View(
          hit -> text(hit, "id"),
          List.of(
              Column.of("TIME", hit -> seconds(text(hit, "timestamp"))),
              Column.of("ROUTE", hit -> text(hit, "method") + ":" + text(hit, "path")),
              Column.field("KEY", "key"),
              Column.field("LIMIT", "limit"),
              Column.field("COUNT", "count")),
          "No request was refused.");

  static final View NAME = new View(View::text, List.of(Column.of("NAME", View::text)), "None.");

  private Views() {}

  /** Maintenance of the fleet or of a service. */
  static View maintenance(String what) {
    return new View(
        mode -> text(mode, "enabled").equals("true") ? "on" : "off",
        List.of(
            Column.of("MAINTENANCE", mode -> what),
            new Column(
                "STATUS",
                mode -> mode.path("enabled").asBoolean() ? "on" : "off",
                mode -> mode.path("enabled").asBoolean() ? Style.YELLOW : Style.GREEN),
            Column.field("REASON", "reason"),
            Column.field("EXEMPT", "exempt_paths"),
            Column.field("INCLUDE FORCE-ACTIVE", "include_force_active")),
        "");
  }

  /** The limit of the fleet or of a service, as {@code {"enabled": ..., "policy": ...}}. */
  static View wideLimit(String what) {
    return new View(
        limit -> text(limit.path("policy"), "limit"),
        List.of(
            Column.of("RATE LIMIT", limit -> what),
            Column.of(
                "STATUS",
                limit ->
                    !limit.path("policy").isObject()
                        ? "none"
                        : limit.path("enabled").asBoolean() ? "enabled" : "disabled"),
            Column.of("LIMIT", limit -> text(limit.path("policy"), "limit")),
            Column.of("ALGORITHM", limit -> text(limit.path("policy"), "algorithm")),
            Column.of("KEY", limit -> text(limit.path("policy"), "key_strategy")),
            Column.of("BURST", limit -> text(limit.path("policy"), "burst")),
            Column.of("EXEMPT", limit -> text(limit.path("policy"), "exempt_routes"))),
        "");
  }

  static Style statusStyle(JsonNode route) {
    return switch (text(route, "status")) {
      case "active" -> Style.GREEN;
      case "maintenance" -> Style.YELLOW;
      case "disabled" -> Style.RED;
      case "env_gated" -> Style.BLUE;
      case "deprecated" -> Style.DIM;
      default -> Style.PLAIN;
    };
  }

  private static String details(JsonNode route) {
    List<String> details = new ArrayList<>();
    JsonNode window = route.path("window");
    if (window.isObject()) {
      details.add(
          "window " + seconds(text(window, "start")) + " to " + seconds(text(window, "end")));
    }
    if (!text(route, "until").isEmpty()) {
      details.add("until " + seconds(text(route, "until")));
    }
    add(details, "in ", route, "allowed_envs");
    add(details, "sunset ", route, "sunset_date");
    add(details, "use ", route, "successor_path");
    add(details, "roles ", route, "allowed_roles");
    add(details, "addresses ", route, "allowed_ips");
    int canary = route.path("canary_percentage").asInt();
    if (canary > 0) {
      details.add("canary " + canary + " %");
    }
    if (route.path("force_active").asBoolean()) {
      details.add("force-active");
    }
    if (route.path("stale").asBoolean()) {
      details.add("stale");
    }
    return String.join(", ", details);
  }

  private static void add(List<String> details, String label, JsonNode route, String field) {
    String value = text(route, field);
    if (!value.isEmpty()) {
      details.add(label + value);
    }
  }

  private static String tiers(JsonNode policy) {
    List<String> tiers = new ArrayList<>();
    policy.path("tiers").forEach(t -> tiers.add(text(t, "name") + " " + text(t, "limit")));
    return String.join(", ", tiers);
  }

  private static String transition(JsonNode entry) {
    String before = text(entry, "previous_status");
    String after = text(entry, "new_status");
    return before.isEmpty() && after.isEmpty() ? "" : before + " > " + after;
  }

  /** Entries that are not of a route have a name in brackets. */
  static String place(String path) {
    if (path.equals("__global__")) {
      return "[global maintenance]";
    }
    if (path.equals("__global_rl__")) {
      return "[global rate limit]";
    }
    if (path.startsWith("__shield:svc_global:") && path.endsWith("__")) {
      return "[" + between(path, "__shield:svc_global:") + " maintenance]";
    }
    if (path.startsWith("__shield:svc_rl:") && path.endsWith("__")) {
      return "[" + between(path, "__shield:svc_rl:") + " rate limit]";
    }
    return path;
  }

  private static String between(String path, String prefix) {
    return path.substring(prefix.length(), path.length() - 2);
  }

  /** A time without its fraction of a second. */
  static String seconds(String time) {
    return time.replaceFirst("\\.\\d+", "");
  }
}
