package io.shield.admin.impl;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.error.InvalidValueException;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for fields of bodies that nobody reads. One that is nearly a field of the call, or one of
 * another call, was meant to do something: it is refused. Others are told in the answer. What
 * services and sign-ins send is not looked at: others write those clients.
 */
final class BodyFields {
  /** Whom a closed route lets pass. */
  private static final Set<String> ALLOW = Set.of("allowed_ips", "allowed_roles");

  private static final Map<String, Set<String>> ACTIONS =
      Map.of(
          "enable", Set.of("reason"),
          "disable", both(ALLOW, Set.of("reason", "until")),
          "maintenance", both(ALLOW, Set.of("reason", "until", "start", "end", "for")),
          "env", both(ALLOW, Set.of("envs", "reason", "until")),
          "schedule", both(ALLOW, Set.of("start", "end", "for", "reason", "add")),
          "unschedule", Set.of("reason"),
          "deprecate", Set.of("sunset_date", "successor_path", "reason", "until"),
          "canary", Set.of("percentage", "reason"));

  private static final Set<String> BULK = Set.of("action", "keys", "glob", "dry_run");
  private static final Set<String> MAINTENANCE =
      Set.of("enabled", "reason", "exempt_paths", "include_force_active");
  private static final Set<String> LIMIT =
      Set.of(
          "limit",
          "algorithm",
          "key_strategy",
          "on_missing_key",
          "burst",
          "enabled",
          "shadow",
          "max_concurrent",
          "cost",
          "dry_run",
          "version");
  private static final Set<String> ROUTE_LIMIT =
      Set.of("path", "method", "tiers", "tier_resolver", "exempt_ips", "exempt_roles", "origin");
  private static final Set<String> WIDE_LIMIT = Set.of("exempt_routes");
  private static final Set<String> TOKEN =
      Set.of("name", "role", "service", "expires_in", "description");

  private static final Set<String> WEBHOOK =
      Set.of("name", "url", "format", "events", "secret", "secret_env", "enabled");

  /** What states have beside: it is declared by code. */
  private static final Set<String> DECLARED = Set.of("allowed_envs", "force_active", "window");

  private BodyFields() {}

  /**
   * What is to be told of the fields of a body that this call does not read.
   *
   * @throws InvalidValueException if one of them was meant to do something
   */
  static List<String> unread(Endpoint endpoint, Call call) {
    boolean ofServices = endpoint.access() == Access.SDK;
    // A document names its own fields, and may be YAML.
    boolean document = endpoint.path().equals(DeclaredApi.APPLY);
    boolean read = ofServices || document || !call.hasBody();
    if (endpoint.method().equals(HttpMethod.GET) || read) {
      return List.of();
    }
    JsonNode body = call.json();
    Set<String> known = body.isObject() ? known(endpoint, body) : null;
    if (known == null) {
      return List.of();
    }
    List<String> unread = new ArrayList<>();
    body.fieldNames()
        .forEachRemaining(
            field -> {
              if (!known.contains(field)) {
                UnreadNames.check("a field of this call", field, known, all());
                unread.add(field + " is not a field of this call");
              }
            });
    return unread;
  }

  private static Set<String> all() {
    Set<String> all = new HashSet<>(DECLARED);
    ACTIONS.values().forEach(all::addAll);
    List.of(MAINTENANCE, LIMIT, ROUTE_LIMIT, WIDE_LIMIT).forEach(all::addAll);
    all.remove("version");
    all.remove("path");
    all.remove("method");
    return all;
  }

  private static @Nullable Set<String> known(Endpoint endpoint, JsonNode body) {
    String path = endpoint.path();
    String last = path.substring(path.lastIndexOf('/') + 1);
    if (path.equals("/api/routes/bulk")) {
      Set<String> action = ACTIONS.get(body.path("action").asText());
      return action == null ? null : both(BULK, action);
    }
    if (path.startsWith("/api/routes")) {
      boolean cancel = endpoint.method().equals(HttpMethod.DELETE);
      return ACTIONS.get(cancel ? "unschedule" : last);
    }
    if (path.startsWith("/api/global/") || path.contains("/maintenance/")) {
      return MAINTENANCE;
    }
    boolean sets =
        endpoint.method().equals(HttpMethod.PATCH)
            || last.equals("rate-limits")
            || last.endsWith("rate-limit");
    if (path.startsWith("/api/rate-limits")) {
      return sets ? both(LIMIT, ROUTE_LIMIT) : null;
    }
    if (path.contains("rate-limit")) {
      return sets ? both(LIMIT, WIDE_LIMIT) : null;
    }
    if (path.equals("/api/webhooks")) {
      return WEBHOOK;
    }
    return path.equals("/api/tokens") ? TOKEN : null;
  }

  private static Set<String> both(Set<String> one, Set<String> other) {
    Set<String> both = new HashSet<>(one);
    both.addAll(other);
    return both;
  }
}
