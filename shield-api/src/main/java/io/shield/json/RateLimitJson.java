package io.shield.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.KeyStrategy;
import io.shield.model.OnMissingKey;
import io.shield.model.OnStoreFailure;
import io.shield.model.Origin;
import io.shield.model.RateLimitAlgorithm;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RateLimitPolicy.LimitScope;
import io.shield.model.RateLimitPolicy.RateLimitTier;
import io.shield.spi.limit.RateLimitHit;
import org.jspecify.annotations.Nullable;

/** The JSON of rate-limit policies and hits. */
final class RateLimitJson {
  private RateLimitJson() {}

  static ObjectNode write(RateLimitPolicy policy) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("path", policy.path());
    node.put("method", policy.method());
    node.put("limit", policy.limit());
    node.put("algorithm", policy.algorithm().wireName());
    node.put("key_strategy", policy.keyStrategy().wireName());
    node.put("on_missing_key", wireName(policy.onMissingKey()));
    node.put("burst", policy.burst());
    ArrayNode tiers = node.putArray("tiers");
    policy
        .tiers()
        .forEach(tier -> tiers.addObject().put("name", tier.name()).put("limit", tier.limit()));
    node.put("tier_resolver", policy.tierResolver());
    node.set("exempt_ips", ShieldJson.strings(policy.exemptIps()));
    node.set("exempt_roles", ShieldJson.strings(policy.exemptRoles()));
    if (!policy.enabled()) {
      node.put("enabled", false);
    }
    putOwn(node, policy.shadow(), policy.maxConcurrent(), policy.cost(), policy.onStoreFailure());
    putLease(node, policy.lease());
    if (policy.origin() != Origin.RUNTIME) {
      node.put("origin", policy.origin().wireName());
    }
    return node;
  }

  static RateLimitPolicy readPolicy(JsonNode json) {
    Fields in = Fields.of("policy", json);
    return new RateLimitPolicy(
        in.required("path"),
        in.required("method"),
        in.required("limit"),
        in.choice("algorithm", RateLimitAlgorithm::parse, RateLimitAlgorithm.FIXED_WINDOW),
        in.choice("key_strategy", KeyStrategy::parse, KeyStrategy.IP),
        in.choice("on_missing_key", OnMissingKey::parse),
        in.integer("burst", 0),
        in.list("tiers", RateLimitJson::readTier),
        in.string("tier_resolver", RateLimitPolicy.DEFAULT_TIER_RESOLVER),
        in.strings("exempt_ips"),
        in.strings("exempt_roles"),
        in.flag("enabled", true),
        in.flag("shadow", false),
        in.integer("max_concurrent", 0),
        in.integer("cost", 1),
        in.choice("on_store_failure", OnStoreFailure::parse, OnStoreFailure.LOCAL),
        in.flag("lease", false),
        in.choice("origin", Origin::parse, Origin.RUNTIME));
  }

  private static RateLimitTier readTier(JsonNode json) {
    Fields in = Fields.of("tiers", json);
    return new RateLimitTier(in.required("name"), in.required("limit"));
  }

  static ObjectNode write(GlobalRateLimitPolicy policy) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("limit", policy.limit());
    node.put("algorithm", policy.algorithm().wireName());
    node.put("key_strategy", policy.keyStrategy().wireName());
    node.put("on_missing_key", wireName(policy.onMissingKey()));
    node.put("burst", policy.burst());
    node.set("exempt_routes", ShieldJson.strings(policy.exemptRoutes()));
    node.put("enabled", policy.enabled());
    putOwn(node, policy.shadow(), policy.maxConcurrent(), policy.cost(), policy.onStoreFailure());
    putLease(node, policy.lease());
    return node;
  }

  /** What the original does not know of is written only where it says something. */
  private static void putOwn(
      ObjectNode node, boolean shadow, int maxConcurrent, int cost, OnStoreFailure onStoreFailure) {
    if (shadow) {
      node.put("shadow", true);
    }
    if (maxConcurrent > 0) {
      node.put("max_concurrent", maxConcurrent);
    }
    if (cost > 1) {
      node.put("cost", cost);
    }
    if (onStoreFailure != OnStoreFailure.LOCAL) {
      node.put("on_store_failure", onStoreFailure.wireName());
    }
  }

  private static void putLease(ObjectNode node, boolean lease) {
    if (lease) {
      node.put("lease", true);
    }
  }

  static GlobalRateLimitPolicy readGlobalPolicy(JsonNode json) {
    Fields in = Fields.of("policy", json);
    return new GlobalRateLimitPolicy(
        in.required("limit"),
        in.choice("algorithm", RateLimitAlgorithm::parse, RateLimitAlgorithm.FIXED_WINDOW),
        in.choice("key_strategy", KeyStrategy::parse, KeyStrategy.IP),
        in.choice("on_missing_key", OnMissingKey::parse),
        in.integer("burst", 0),
        in.strings("exempt_routes"),
        in.flag("enabled", true),
        in.flag("shadow", false),
        in.integer("max_concurrent", 0),
        in.integer("cost", 1),
        in.choice("on_store_failure", OnStoreFailure::parse, OnStoreFailure.LOCAL),
        in.flag("lease", false));
  }

  static ObjectNode write(RateLimitHit hit) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", hit.id());
    node.put("timestamp", hit.timestamp().toString());
    node.put("path", hit.path());
    node.put("method", hit.method());
    node.put("key", hit.key());
    node.put("limit", hit.limit());
    node.put("tier", hit.tier());
    node.put("reset_at", hit.resetAt().toString());
    node.put("count", hit.count());
    node.put("last_hit_at", ShieldJson.time(hit.lastHitAt()));
    if (hit.shadow()) {
      node.put("shadow", true);
    }
    LimitScope scope = hit.scope();
    if (scope != null) {
      node.put("scope", scope.wireName());
    }
    return node;
  }

  static RateLimitHit readHit(JsonNode json) {
    Fields in = Fields.of("hit", json);
    return new RateLimitHit(
        in.required("id"),
        in.requiredTime("timestamp"),
        in.required("path"),
        in.required("method"),
        in.required("key"),
        in.required("limit"),
        in.string("tier"),
        in.requiredTime("reset_at"),
        in.number("count", 1),
        in.time("last_hit_at"),
        in.flag("shadow", false),
        in.choice("scope", LimitScope::parse));
  }

  private static @Nullable String wireName(@Nullable OnMissingKey choice) {
    return choice == null ? null : choice.wireName();
  }
}
