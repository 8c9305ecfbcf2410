package io.shield.cli.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.RouteAction;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the REST API is asked for things. */
final class Requests {
  private Requests() {}

  /**
   * A change of a route.
   *
   * @param method the HTTP method
   * @param operation the last part of the path
   * @param body the body, or null
   * @param needs the option without which it means something else, and that a server of api-shield
   *     does not know; or null
   */
  record Change(
      String method, String operation, @Nullable ObjectNode body, @Nullable String needs) {
    Change(String method, String operation, @Nullable ObjectNode body) {
      this(method, operation, body, null);
    }
  }

  static String route(String route) {
    return "/api/routes/" + encoded(route);
  }

  /** A key as a segment of a path: base64url without padding (RFC 4648, section 5). */
  static String encoded(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  static String query(String name, @Nullable Object value) {
    return value == null
        ? ""
        : "&" + name + "=" + URLEncoder.encode(value.toString(), StandardCharsets.UTF_8);
  }

  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static ObjectNode empty() {
    return JsonNodeFactory.instance.objectNode();
  }

  static Change change(RouteAction action) {
    ObjectNode body = empty();
    if (action instanceof RouteAction.Enable enable) {
      body.put("reason", enable.reason());
      return new Change("POST", "enable", body);
    }
    if (action instanceof RouteAction.Disable disable) {
      body.put("reason", disable.reason());
      return new Change("POST", "disable", body, needs(body, disable.until(), disable.allow()));
    }
    if (action instanceof RouteAction.Maintenance maintenance) {
      body.put("reason", maintenance.reason());
      return new Change(
          "POST", "maintenance", body, needs(body, maintenance.until(), maintenance.allow()));
    }
    if (action instanceof RouteAction.Schedule schedule) {
      body.put("start", schedule.window().start().toString());
      body.put("end", schedule.window().end().toString());
      body.put("reason", schedule.window().reason());
      if (schedule.add()) {
        body.put("add", true);
      }
      return new Change("POST", "schedule", body, needs(body, null, schedule.allow()));
    }
    if (action instanceof RouteAction.EnvGate gate) {
      gate.envs().forEach(body.putArray("envs")::add);
      if (gate.reason() != null) {
        body.put("reason", gate.reason());
      }
      return new Change("POST", "env", body, needs(body, gate.until(), gate.allow()));
    }
    if (action instanceof RouteAction.Deprecate deprecate) {
      body.put("sunset_date", deprecate.sunsetDate());
      body.put("successor_path", deprecate.successorPath());
      body.put("reason", deprecate.reason());
      return new Change(
          "POST", "deprecate", body, needs(body, deprecate.until(), RouteAction.Allow.AS_BEFORE));
    }
    if (action instanceof RouteAction.Canary canary) {
      body.put("percentage", canary.percentage()).put("reason", canary.reason());
      return new Change("POST", "canary", body);
    }
    RouteAction.CancelSchedule cancel = (RouteAction.CancelSchedule) action;
    boolean why = !cancel.reason().isEmpty();
    return new Change("DELETE", "schedule", why ? body.put("reason", cancel.reason()) : null);
  }

  private static @Nullable String needs(
      ObjectNode body, @Nullable Instant until, RouteAction.Allow allow) {
    boolean allows = put(body, "allowed_ips", allow.ips());
    boolean allowsRoles = put(body, "allowed_roles", allow.roles());
    if (until != null) {
      body.put("until", until.toString());
      return "--until";
    }
    return allows ? "--allow-ip" : allowsRoles ? "--allow-role" : null;
  }

  private static boolean put(ObjectNode body, String field, @Nullable List<String> values) {
    if (values != null) {
      values.forEach(body.putArray(field)::add);
    }
    return values != null;
  }
}
