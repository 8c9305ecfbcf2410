package io.shield.admin.impl;

import io.shield.RouteAction;
import io.shield.error.InvalidValueException;
import io.shield.json.Fields;
import io.shield.model.MaintenanceWindow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what is to be done with a route. */
final class RouteActions {
  /** The names of the actions, as they stand in paths and in bulk changes. */
  static final List<String> NAMES =
      List.of(
          "enable",
          "disable",
          "maintenance",
          "env",
          "schedule",
          "unschedule",
          "deprecate",
          "canary");

  private RouteActions() {}

  static RouteAction read(String name, Call call, Instant now) {
    Fields in = call.body();
    return switch (name) {
      case "enable" -> new RouteAction.Enable(call.reason());
      case "disable" ->
          new RouteAction.Disable(call.reason(), Until.read(in, "until", now), allow(in));
      case "maintenance" -> maintenance(call, now);
      case "env" -> envGate(call, now);
      case "schedule" ->
          new RouteAction.Schedule(window(call, now), allow(in), in.flag("add", false));
      case "unschedule" -> new RouteAction.CancelSchedule(call.reason());
      case "deprecate" ->
          new RouteAction.Deprecate(
              sunset(in, now),
              in.string("successor_path"),
              call.reason(),
              Until.read(in, "until", now));
      case "canary" -> canary(call);
      default ->
          throw new InvalidValueException("action", name, "one of " + String.join(", ", NAMES));
    };
  }

  private static RouteAction maintenance(Call call, Instant now) {
    Fields in = call.body();
    boolean planned = Stream.of("start", "end", "for").anyMatch(field -> in.node(field) != null);
    Instant until = Until.read(in, "until", now);
    if (!planned) {
      return new RouteAction.Maintenance(call.reason(), until, allow(in));
    }
    if (until != null) {
      throw new InvalidValueException("until", until, "left out when start and end are given");
    }
    return new RouteAction.Schedule(window(call, now), allow(in));
  }

  /** Whom the closed route lets pass; an empty list is nobody. */
  private static RouteAction.Allow allow(Fields in) {
    return new RouteAction.Allow(
        in.node("allowed_ips") == null ? null : in.strings("allowed_ips"),
        in.node("allowed_roles") == null ? null : in.strings("allowed_roles"));
  }

  /** From {@code start} to {@code end}, or {@code for} so long. */
  private static MaintenanceWindow window(Call call, Instant now) {
    Fields in = call.body();
    Instant start = Until.required(in, "start", now);
    Duration length = Until.readDuration(in, "for");
    if (length == null) {
      return new MaintenanceWindow(start, Until.required(in, "end", now), call.reason());
    }
    if (in.node("end") != null) {
      throw new InvalidValueException("for", in.required("for"), "left out when end is given");
    }
    return new MaintenanceWindow(start, start.plus(length), call.reason());
  }

  private static @Nullable String sunset(Fields in, Instant now) {
    Instant sunset = Until.read(in, "sunset_date", now);
    return sunset == null ? null : sunset.toString();
  }

  private static RouteAction envGate(Call call, Instant now) {
    Fields in = call.body();
    if (in.node("envs") == null) {
      throw new InvalidValueException("envs", "null", "a list of strings");
    }
    return new RouteAction.EnvGate(
        in.strings("envs"), call.optionalReason(), Until.read(in, "until", now), allow(in));
  }

  private static RouteAction canary(Call call) {
    Fields in = call.body();
    if (in.node("percentage") == null) {
      throw new InvalidValueException("percentage", "null", "between 0 and 100");
    }
    return new RouteAction.Canary(in.integer("percentage", 0), call.reason());
  }
}
