package io.shield.cli.command;

import static io.shield.cli.terminal.View.text;

import com.fasterxml.jackson.databind.JsonNode;

/** What overrides routes and limits, in words. */
final class Overrides {
  private Overrides() {}

  /** One line about one of them. */
  static String line(JsonNode rule) {
    String reason = text(rule, "reason");
    return what(rule) + (reason.isEmpty() ? "" : ": " + reason);
  }

  private static String what(JsonNode rule) {
    String service = text(rule, "service");
    return switch (text(rule, "kind")) {
      case "global_maintenance" -> "Global maintenance is on";
      case "service_maintenance" -> "Maintenance of the service " + service + " is on";
      case "bypass_lifecycle" ->
          "The server enforces no state (SHIELD_BYPASS_LIFECYCLE): every route is open";
      case "bypass_rate_limits" -> "The server enforces no rate limit (SHIELD_BYPASS_RATE_LIMITS)";
      case "starting" -> "The server has not read its store yet and keeps routes closed";
      case "store_unreachable" -> "The server's store cannot be reached, what is known is in force";
      case "store_distrusted" -> "The server's store is not believed, see 'shield store status'";
      case "unguarded" -> "Not enforced";
      default -> text(rule, "kind");
    };
  }
}
