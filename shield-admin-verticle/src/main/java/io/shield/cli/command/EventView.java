package io.shield.cli.command;

import static io.shield.cli.terminal.View.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.cli.terminal.Style;
import io.shield.cli.terminal.View;
import io.shield.cli.terminal.View.Column;
import io.shield.model.RouteKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a change that comes over a stream is shown. */
final class EventView {
  /** What the keys of a service's maintenance and rate limit begin with. */
  private static final String SERVICE = "__shield:svc_";

  static final View EVENT =
      new View(
          EventView::key,
          List.of(
              new Column("TIME", EventView::time, event -> Style.DIM, true, false),
              Column.key("ROUTE", event -> Views.place(place(event))),
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

  /** Whether it is about a route; a bare path means every method. What closes all routes is. */
  static boolean concernsRoute(JsonNode event, RouteKey wanted) {
    RouteKey key = routeKey(event);
    if (key == null) {
      return concernsService(event, wanted.service());
    }
    return key.path().equals(wanted.path())
        && (wanted.service() == null || wanted.service().equals(key.service()))
        && (wanted.method() == null
            || key.method() == null
            || wanted.method().equals(key.method()));
  }

  /** Whether it is about a service: its own, or the whole fleet; null means every service. */
  static boolean concernsService(JsonNode event, @Nullable String service) {
    if (service == null) {
      return true;
    }
    String key = key(event);
    if (key.startsWith(SERVICE)) {
      return key.endsWith(":" + service + "__");
    }
    RouteKey route = routeKey(event);
    return route == null || service.equals(route.service());
  }

  /** The route it is about, or null if that is none. */
  private static @Nullable RouteKey routeKey(JsonNode event) {
    JsonNode policy = event.path("policy");
    String limited = text(policy, "path").isEmpty() ? limited(event) : text(policy, "path");
    String key = text(event, "type").equals("rl_policy") ? limited : key(event);
    if (key.startsWith("__")) {
      return null;
    }
    RouteKey route = RouteKey.parse(key);
    String method = text(policy, "method");
    boolean every = method.isEmpty() || method.equals("ALL");
    return route.method() != null || every
        ? route
        : new RouteKey(route.service(), method, route.path());
  }

  /** The key of a policy without the method it begins with when a service follows. */
  private static String limited(JsonNode event) {
    String key = text(event, "key");
    String path = key.substring(key.indexOf(':') + 1);
    return path.startsWith("/") && !key.startsWith("ALL:") ? key : path;
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
              : Views.status(event.path("payload"));
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
