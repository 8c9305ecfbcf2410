package io.shield.admin.dashboard.impl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.ShieldEngine;
import io.shield.WideRateLimit;
import io.shield.admin.dashboard.AdminAccess;
import io.shield.admin.dashboard.ApiCall;
import io.shield.json.ShieldJson;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.store.Versioned;
import io.vertx.core.http.HttpMethod;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sets, pauses, resets and deletes the limit of the fleet, or of a service. */
final class WideLimitDialogs extends CallDialogs {
  WideLimitDialogs(ShieldEngine engine, AdminAccess api) {
    super(engine, api, LimitDialogs.verbs("wide-", "exempt_routes"));
  }

  @Override
  String name(String key) {
    return key.equals(ModeDialogs.FLEET) ? "whole fleet" : "service " + key;
  }

  private WideRateLimit limit(String key) {
    return key.equals(ModeDialogs.FLEET)
        ? engine.rateLimits().global()
        : engine.rateLimits().service(key);
  }

  private Optional<GlobalRateLimitPolicy> policy(String key) {
    return limit(key).get().map(Versioned::value);
  }

  @Override
  long version(Verb verb, String key) {
    boolean reset = LimitDialogs.what(verb).equals("reset");
    return reset ? 0 : limit(key).get().map(Versioned::version).orElse(0L);
  }

  @Override
  String state(Verb verb, String key) {
    return policy(key).map(p -> p.limit() + (p.enabled() ? "" : ", paused")).orElse("No limit");
  }

  @Override
  Map<String, String> values(Verb verb, String key) {
    Map<String, String> values = new HashMap<>();
    policy(key)
        .ifPresent(
            p -> {
              values.put("limit", p.limit());
              values.put("algorithm", p.algorithm().wireName());
              values.put("key_strategy", p.keyStrategy().wireName());
              values.put("burst", String.valueOf(p.burst()));
              values.put("exempt_routes", String.join("\n", p.exemptRoutes()));
            });
    return values;
  }

  @Override
  String impact(Verb verb, String key) {
    return "";
  }

  private static ApiCall to(HttpMethod method, String key, String suffix) {
    return key.equals(ModeDialogs.FLEET)
        ? ApiCall.of(method, "/api/global-rate-limit" + suffix)
        : ApiCall.of(method, "/api/services/:service/rate-limit" + suffix).with("service", key);
  }

  @Override
  ApiCall call(Verb verb, String key, Form form) {
    return switch (LimitDialogs.what(verb)) {
      case "set" -> {
        ObjectNode body =
            policy(key).map(ShieldJson::write).orElseGet(JsonNodeFactory.instance::objectNode);
        yield to(HttpMethod.POST, key, "").withBody(LimitDialogs.put(body, form));
      }
      case "delete" -> to(HttpMethod.DELETE, key, "");
      case "reset" -> to(HttpMethod.DELETE, key, "/reset");
      case "pause" -> to(HttpMethod.POST, key, "/disable");
      default -> to(HttpMethod.POST, key, "/enable");
    };
  }

  @Override
  @Nullable ApiCall inverse(Verb verb, String key) {
    return switch (LimitDialogs.what(verb)) {
      case "set", "delete" ->
          policy(key)
              .map(p -> to(HttpMethod.POST, key, "").withBody(ShieldJson.write(p)))
              .orElseGet(() -> to(HttpMethod.DELETE, key, ""));
      case "pause" -> to(HttpMethod.POST, key, "/enable");
      case "resume" -> to(HttpMethod.POST, key, "/disable");
      default -> null;
    };
  }
}
