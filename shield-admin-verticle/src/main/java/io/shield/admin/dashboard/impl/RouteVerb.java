package io.shield.admin.dashboard.impl;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be done with routes, in the words of dialogs. */
enum RouteVerb {
  ENABLE("enable", "Enable", "Opens it again and removes a planned window.", false, "reason"),
  MAINTENANCE(
      "maintenance",
      "Maintenance",
      "Requests are answered 503, with Retry-After when an end is known.",
      true,
      "when",
      "window",
      "reason"),
  DISABLE("disable", "Disable", "Requests are answered 503.", true, "when", "reason"),
  ENV(
      "env",
      "Environments",
      "Open in the environments named, answered 403 in all others.",
      true,
      "envs",
      "when",
      "reason"),
  DEPRECATE(
      "deprecate",
      "Deprecate",
      "Goes on answering, with the headers Deprecation, Sunset and Link.",
      false,
      "sunset_date",
      "successor_path",
      "reason"),
  CANARY(
      "canary",
      "Canary",
      "Lets a share of callers through while the route's own gate is closed.",
      false,
      "percentage",
      "reason"),
  UNSCHEDULE(
      "unschedule",
      "Cancel the window",
      "Removes the planned window; in one that has begun the route opens.",
      false,
      "reason");

  private final String action;
  private final String label;
  private final String text;
  private final boolean danger;

  @SuppressWarnings("ImmutableEnumChecker") // List.of
  private final List<String> fields;

  RouteVerb(String action, String label, String text, boolean danger, String... fields) {
    this.action = action;
    this.label = label;
    this.text = text;
    this.danger = danger;
    this.fields = List.of(fields);
  }

  /** The API's action of that name, or null. */
  static @Nullable RouteVerb of(String action) {
    return Arrays.stream(values()).filter(v -> v.action.equals(action)).findFirst().orElse(null);
  }

  String action() {
    return action;
  }

  String label() {
    return label;
  }

  String text() {
    return text;
  }

  /** Whether callers can be hurt. */
  boolean danger() {
    return danger;
  }

  List<String> fields() {
    return fields;
  }
}
