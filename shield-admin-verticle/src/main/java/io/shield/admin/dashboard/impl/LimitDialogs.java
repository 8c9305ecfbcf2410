package io.shield.admin.dashboard.impl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.ShieldEngine;
import io.shield.admin.dashboard.AdminAccess;
import io.shield.admin.dashboard.ApiCall;
import io.shield.json.ShieldJson;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteKey;
import io.shield.model.store.Versioned;
import io.vertx.core.http.HttpMethod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sets, pauses, resets and deletes the limits of routes. A policy is named by its key. */
final class LimitDialogs extends CallDialogs {
  private static final String ONE = "/api/rate-limits/:key";

  LimitDialogs(ShieldEngine engine, AdminAccess api) {
    super(engine, api, verbs("limit-", ""));
  }

  /** The same words go for the limits of routes and the wide ones. */
  static List<Verb> verbs(String prefix, String exempt) {
    List<String> fields =
        exempt.isEmpty()
            ? List.of("limit", "algorithm", "key_strategy", "burst")
            : List.of("limit", "algorithm", "key_strategy", "burst", exempt);
    return List.of(
        new Verb(
            prefix + "set",
            "Set limit",
            "Refuses with 429 what goes beyond it. Counters go on; what was used stays used.",
            false,
            "",
            fields),
        new Verb(
            prefix + "pause",
            "Pause limit",
            "Takes it out of force and keeps it: until it is resumed nothing is refused.",
            false,
            "",
            List.of()),
        new Verb(
            prefix + "resume", "Resume limit", "Puts it into force again.", false, "", List.of()),
        new Verb(
            prefix + "reset",
            "Reset counters",
            "Forgets what was counted, on every node. This cannot be undone.",
            false,
            "",
            List.of()),
        new Verb(
            prefix + "delete",
            "Delete limit",
            "Deletes it and its counters. One that the code declares comes back when the code is"
                + " started again: pause it to be rid of it.",
            true,
            "",
            List.of()));
  }

  static String what(Verb verb) {
    return verb.action().substring(verb.action().lastIndexOf('-') + 1);
  }

  @Override
  String name(String key) {
    return key;
  }

  private Optional<Versioned<RateLimitPolicy>> policy(String key) {
    return engine.rateLimits().get(key);
  }

  @Override
  long version(Verb verb, String key) {
    return what(verb).equals("reset") ? 0 : policy(key).map(Versioned::version).orElse(0L);
  }

  @Override
  String state(Verb verb, String key) {
    return policy(key)
        .map(p -> p.value().limit() + (p.value().enabled() ? "" : ", paused"))
        .orElse("No limit");
  }

  @Override
  Map<String, String> values(Verb verb, String key) {
    Map<String, String> values = new HashMap<>();
    policy(key)
        .map(Versioned::value)
        .ifPresent(
            p -> {
              values.put("limit", p.limit());
              values.put("algorithm", p.algorithm().wireName());
              values.put("key_strategy", p.keyStrategy().wireName());
              values.put("burst", String.valueOf(p.burst()));
            });
    return values;
  }

  @Override
  String impact(Verb verb, String key) {
    return "";
  }

  @Override
  ApiCall call(Verb verb, String key, Form form) {
    return switch (what(verb)) {
      case "set" -> ApiCall.of(HttpMethod.POST, "/api/rate-limits").withBody(body(key, form));
      case "reset" -> reset(key);
      case "delete" -> ApiCall.of(HttpMethod.DELETE, "/api/rate-limits").with("path", key);
      default -> ApiCall.of(HttpMethod.POST, ONE + "/" + what(verb)).with("path", key);
    };
  }

  private ApiCall reset(String key) {
    RateLimitPolicy policy = policy(key).map(Versioned::value).orElse(null);
    ApiCall call = ApiCall.of(HttpMethod.DELETE, ONE + "/reset");
    return policy == null
        ? call.with("path", key)
        : call.with("path", policy.path()).with("method", policy.method());
  }

  /** What the form does not ask for stays what it is. */
  private ObjectNode body(String key, Form form) {
    ObjectNode body =
        policy(key)
            .map(p -> ShieldJson.write(p.value()))
            .orElseGet(
                () -> {
                  RouteKey route = RouteKey.parse(key);
                  String method = route.method();
                  ObjectNode fresh = JsonNodeFactory.instance.objectNode();
                  fresh.put("path", route.service() == null ? route.path() : key);
                  return fresh.put("method", method == null ? "ALL" : method);
                });
    body.remove("origin");
    return put(body, form);
  }

  static ObjectNode put(ObjectNode body, Form form) {
    for (String field : List.of("limit", "algorithm", "key_strategy")) {
      body.put(field, form.value(field));
    }
    String burst = form.value("burst");
    body.put("burst", burst.isEmpty() ? 0 : Lists.number("burst", burst));
    if (!form.all("exempt_routes").isEmpty()) {
      ArrayNode exempt = body.putArray("exempt_routes");
      Lists.split(form.value("exempt_routes")).forEach(exempt::add);
    }
    return body;
  }

  @Override
  @Nullable ApiCall inverse(Verb verb, String key) {
    Optional<Versioned<RateLimitPolicy>> policy = policy(key);
    return switch (what(verb)) {
      case "set", "delete" ->
          policy
              .map(
                  p ->
                      ApiCall.of(HttpMethod.POST, "/api/rate-limits")
                          .withBody(ShieldJson.write(p.value())))
              .orElseGet(() -> ApiCall.of(HttpMethod.DELETE, "/api/rate-limits").with("path", key));
      case "pause" -> ApiCall.of(HttpMethod.POST, ONE + "/resume").with("path", key);
      case "resume" -> ApiCall.of(HttpMethod.POST, ONE + "/pause").with("path", key);
      default -> null;
    };
  }
}
