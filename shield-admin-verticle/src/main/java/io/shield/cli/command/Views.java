package io.shield.cli.command;

import static io.shield.cli.terminal.View.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.cli.terminal.Style;
import io.shield.cli.terminal.View;
import io.shield.cli.terminal.View.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How routes, maintenance, audit entries and limits are shown. */
final class Views {
  /** Fields that have a column of their own, or that nobody asks for. */
  private static final Set<String> TOLD_ELSEWHERE =
      Set.of("status", "reason", "origin", "deprecated_at", "declared_allowed");

  /** The key of a policy whose path is the key of a service's route. */
  private static final Pattern METHOD_TWICE = Pattern.compile("([A-Z]+):([^/:]+:\\1:/.*)");

  /** What decides in place of a route, by the rule's name. */
  private static final Map<String, String> OVERRIDES =
      Map.of(
          "bypass", "nothing is enforced",
          "global_maintenance", "global maintenance",
          "service_maintenance", "service maintenance",
          "starting", "starting");

  static final View ROUTE =
      new View(
          route -> text(route, "path"),
          List.of(
              Column.key("ROUTE", route -> text(route, "path")),
              new Column("STATUS", Views::status, Views::statusStyle),
              Column.of("REASON", route -> isOverridden(route) ? "" : text(route, "reason")),
              Column.times("DETAILS", Views::details)),
          "No routes are registered.");

  static final View SCHEDULE =
      new View(
          item -> text(item, "path"),
          List.of(
              Column.time("NEXT", item -> seconds(text(item, "at"))),
              Column.key("ROUTE", item -> text(item, "path")),
              Column.of("WHAT", item -> item.path("in_force").asBoolean() ? "ends" : "begins"),
              Column.field("STATUS", "status"),
              Column.time("END", item -> seconds(text(item, "end"))),
              Column.field("REASON", "reason"),
              Column.field("OVERLAPS", "overlaps")),
          "Nothing is planned.");

  static final View AUDIT =
      new View(
          entry -> text(entry, "id"),
          List.of(
              new Column(
                  "TIME", entry -> seconds(text(entry, "timestamp")), e -> Style.DIM, true, true),
              Column.key("ROUTE", entry -> place(text(entry, "path"))),
              Column.field("ACTION", "action"),
              Column.field("ACTOR", "actor"),
              Column.times("CHANGE", Views::change),
              Column.field("REASON", "reason"),
              Column.field("PLATFORM", "platform")),
          "The audit log has no such entries.");

  static final View RATE_LIMIT =
      new View(
          Views::limited,
          List.of(
              Column.key("ROUTE", Views::limited),
              Column.of("STATUS", Views::limitStatus),
              Column.field("LIMIT", "limit"),
              Column.field("ALGORITHM", "algorithm"),
              Column.field("KEY", "key_strategy"),
              Column.of("DETAILS", Views::limitDetails)),
          "No rate limits are set.");

  static final View HIT =
      new View(
          hit -> text(hit, "id"),
          List.of(
              Column.time("TIME", hit -> seconds(text(hit, "timestamp"))),
              Column.key("ROUTE", hit -> place(limited(hit))),
              Column.field("KEY", "key"),
              Column.of("LIMIT", Views::hitLimit),
              Column.of("SCOPE", Views::hitScope),
              Column.field("COUNT", "count")),
          "No request was refused by the process that was asked.");

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
            Column.of("DETAILS", limit -> limitDetails(limit.path("policy")))),
        "");
  }

  /** What a request gets now; an older server knows only the route's own status. */
  static String status(JsonNode route) {
    String inForce = text(route, "effective_status");
    return inForce.isEmpty() ? text(route, "status") : inForce;
  }

  /** Whether something else than the route itself decides about it. */
  private static boolean isOverridden(JsonNode route) {
    return OVERRIDES.containsKey(text(route, "decided_by"));
  }

  static Style statusStyle(JsonNode route) {
    return switch (status(route)) {
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
    if (isOverridden(route)) {
      String reason = text(route, "reason");
      details.add(OVERRIDES.get(text(route, "decided_by")));
      details.add("itself " + text(route, "status") + (reason.isEmpty() ? "" : ": " + reason));
    }
    JsonNode window = route.path("window");
    if (window.isObject()) {
      details.add(
          "window " + seconds(text(window, "start")) + " to " + seconds(text(window, "end")));
    }
    if (!text(route, "until").isEmpty() && !text(route, "decided_by").equals("until")) {
      details.add("until " + seconds(text(route, "until")));
    }
    String base = text(route, route.has("base_status") ? "base_status" : "status");
    if (base.equals("env_gated")) {
      add(details, "in ", route, "allowed_envs");
    }
    if (base.equals("deprecated")) {
      add(details, "sunset ", route, "sunset_date");
      add(details, "use ", route, "successor_path");
    }
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

  /** The route whose limit it is, as commands take it. */
  private static String limited(JsonNode policy) {
    String path = text(policy, "path");
    String method = text(policy, "method");
    int start = path.indexOf(":/") + 1; // behind a service and a method, where it has them
    String before = path.substring(0, start);
    boolean whole = !path.startsWith("/", start) || (":" + before).endsWith(":" + method + ":");
    return whole || method.equals("ALL") || method.isEmpty()
        ? path
        : before + method + ":" + path.substring(start);
  }

  private static String limitStatus(JsonNode policy) {
    if (policy.path("enabled").isBoolean() && !policy.path("enabled").asBoolean()) {
      return "paused";
    }
    if (!text(policy, "problem").isEmpty()) {
      return "not in force";
    }
    return policy.path("shadow").asBoolean() ? "shadow" : "in force";
  }

  private static String limitDetails(JsonNode policy) {
    List<String> details = new ArrayList<>();
    add(details, "", policy, "problem");
    addNumber(details, "burst ", policy, "burst", 0);
    addNumber(details, "cost ", policy, "cost", 1);
    addNumber(details, "at once ", policy, "max_concurrent", 0);
    policy.path("tiers").forEach(t -> details.add(text(t, "name") + " " + text(t, "limit")));
    add(details, "without key ", policy, "on_missing_key");
    add(details, "without store ", policy, "on_store_failure");
    if (policy.path("lease").asBoolean()) {
      details.add("lease");
    }
    add(details, "not for ", policy, "exempt_ips");
    add(details, "not for roles ", policy, "exempt_roles");
    add(details, "not for ", policy, "exempt_routes");
    return String.join(", ", details);
  }

  private static void addNumber(
      List<String> details, String label, JsonNode policy, String field, int usual) {
    int value = policy.path(field).asInt(usual);
    if (value != usual) {
      details.add(label + value);
    }
  }

  private static String hitLimit(JsonNode hit) {
    return text(hit, "limit") + (hit.path("shadow").asBoolean() ? " (shadow)" : "");
  }

  /** Whose limit it was: of route, service or fleet, or of a tier. 0.8 tells only tiers. */
  private static String hitScope(JsonNode hit) {
    String tier = text(hit, "tier");
    String of = tier.isEmpty() || tier.equals("null") ? "" : "tier " + tier;
    String scope = text(hit, "scope");
    return scope.isEmpty() || of.isEmpty() ? scope + of : scope + ", " + of;
  }

  /** What was before and what is after: the status, then what else changed. */
  private static String change(JsonNode entry) {
    List<String> changes = new ArrayList<>();
    String before = text(entry, "previous_status");
    String after = text(entry, "new_status");
    boolean ofStatus = !before.equals(after);
    if (ofStatus) {
      changes.add(before + " > " + after);
    }
    for (JsonNode change : entry.path("changes")) {
      String field = text(change, "field");
      if (!TOLD_ELSEWHERE.contains(field) && !(ofStatus && field.equals("enabled"))) {
        changes.add(Changes.line(change));
      }
    }
    return String.join(", ", changes);
  }

  /**
   * The route, as commands take it: the key of a policy of all methods is its path, and one of a
   * service's route has the method once. What is not of a route has a name in brackets.
   */
  static String place(String path) {
    if (path.startsWith("ALL:")) {
      return path.substring("ALL:".length());
    }
    Matcher ofService = METHOD_TWICE.matcher(path);
    if (ofService.matches()) {
      return ofService.group(2);
    }
    if (path.equals("__global__")) {
      return "[global maintenance]";
    }
    if (path.equals("__global_rl__") || path.equals("__shield:global_rl__")) {
      return "[global rate limit]";
    }
    if (path.startsWith("__shield:svc_global:") && path.endsWith("__")) {
      return "[" + between(path, "__shield:svc_global:") + " maintenance]";
    }
    if (path.startsWith("__shield:svc_rl:") && path.endsWith("__")) {
      return "[" + between(path, "__shield:svc_rl:") + " rate limit]";
    }
    if (path.startsWith("__webhook:") && path.endsWith("__")) {
      return "[webhook " + between(path, "__webhook:") + "]";
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
