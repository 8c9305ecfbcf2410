package io.shield.admin.dashboard.impl;

import io.shield.ShieldEngine;
import io.shield.admin.dashboard.AdminAccess;
import io.shield.admin.dashboard.ApiCall;
import io.shield.admin.dashboard.Reply;
import io.shield.admin.dashboard.view.LimitsPage;
import io.shield.admin.dashboard.view.Pager;
import io.shield.admin.dashboard.view.Status;
import io.shield.json.ShieldJson;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RateLimitPolicy.LimitScope;
import io.shield.model.RouteKey;
import io.shield.model.store.Versioned;
import io.shield.spi.limit.RateLimitHit;
import io.shield.spi.limit.RateLimitStore;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The page of rate limits. */
final class LimitPages {
  private static final int MOST_UNPROTECTED = 100;
  private static final int HITS = 50;

  private final ShieldEngine engine;
  private final AdminAccess api;
  private final RouteTable table;

  LimitPages(ShieldEngine engine, AdminAccess api, RouteTable table) {
    this.engine = engine;
    this.api = api;
    this.table = table;
  }

  Future<LimitsPage> page(RoutingContext ctx, Form query, Instant now) {
    List<RateLimitPolicy> all = engine.rateLimits().list().stream().map(Versioned::value).toList();
    String service = query.value("service");
    List<RateLimitPolicy> policies =
        all.stream().filter(policy -> isOf(service, policy.path())).toList();
    List<String> unprotected =
        unprotected(all).stream().filter(route -> isOf(service, route)).toList();
    int from = query.value("hits").matches("\\d{1,6}") ? Integer.parseInt(query.value("hits")) : 0;
    ApiCall hits =
        ApiCall.get("/api/rate-limits/hits").with("limit", String.valueOf(RateLimitStore.MAX_HITS));
    return api.call(ctx, hits)
        .map(
            reply -> {
              List<RateLimitHit> shown =
                  hits(reply).stream().filter(hit -> isOf(service, hit.path())).toList();
              return new LimitsPage(
                  Services.names(engine),
                  service,
                  wide(service),
                  policies.stream().map(LimitPages::policy).toList(),
                  unprotected.stream().limit(MOST_UNPROTECTED).map(this::unprotected).toList(),
                  unprotected.size(),
                  shown.stream().skip(from).limit(HITS).map(hit -> hit(hit, now)).toList(),
                  pager(service, shown.size(), from));
            });
  }

  /** Everything is of no service in particular. */
  private static boolean isOf(String service, String key) {
    return service.isEmpty() || service.equals(RouteKey.parse(key).service());
  }

  private List<LimitsPage.Wide> wide(String only) {
    List<LimitsPage.Wide> wide = new ArrayList<>();
    wide.add(
        wide(
            ModeDialogs.FLEET,
            "Whole fleet",
            engine.rateLimits().global().get().map(Versioned::value).orElse(null)));
    for (String service : Services.names(engine)) {
      if (!only.isEmpty() && !only.equals(service)) {
        continue;
      }
      wide.add(
          wide(
              service,
              "Service " + service,
              engine.rateLimits().service(service).get().map(Versioned::value).orElse(null)));
    }
    return wide;
  }

  private static LimitsPage.Wide wide(
      String key, String name, @Nullable GlobalRateLimitPolicy policy) {
    if (policy == null) {
      return new LimitsPage.Wide(Texts.id("w-", key), key, name, new Status("", ""), "", "");
    }
    String details = details(policy.algorithm().wireName(), policy.keyStrategy().wireName());
    if (policy.burst() > 0) {
      details += ", burst " + policy.burst();
    }
    if (!policy.exemptRoutes().isEmpty()) {
      details += ", not for " + String.join(", ", policy.exemptRoutes());
    }
    return new LimitsPage.Wide(
        Texts.id("w-", key),
        key,
        name,
        status(policy.enabled(), policy.shadow()),
        policy.limit(),
        details);
  }

  private static Status status(boolean enabled, boolean shadow) {
    if (!enabled) {
      return new Status("paused", "Paused");
    }
    return shadow ? new Status("deprecated", "Only counts") : new Status("active", "In force");
  }

  private static String details(String algorithm, String key) {
    return algorithm.replace('_', ' ')
        + ", "
        + ("ip".equals(key) ? "per address" : "per " + key.replace('_', ' '));
  }

  private static LimitsPage.Policy policy(RateLimitPolicy policy) {
    String details = details(policy.algorithm().wireName(), policy.keyStrategy().wireName());
    if (policy.burst() > 0) {
      details += ", burst " + policy.burst();
    }
    if (policy.maxConcurrent() > 0) {
      details += ", at most " + policy.maxConcurrent() + " at once";
    }
    return new LimitsPage.Policy(
        Texts.id("p-", policy.key()),
        policy.key(),
        status(policy.enabled(), policy.shadow()),
        policy.limit(),
        details,
        policy.tiers().stream()
            .map(tier -> tier.name() + " " + tier.limit())
            .collect(Collectors.joining(", ")),
        !policy.enabled());
  }

  /** Routes that no policy of their own counts. */
  private List<String> unprotected(List<RateLimitPolicy> policies) {
    Set<String> keys = new HashSet<>();
    Set<String> paths = new HashSet<>();
    for (RateLimitPolicy policy : policies) {
      if (policy.method().equals(RateLimitPolicy.ALL_METHODS)) {
        paths.add(policy.path());
      } else {
        // A service's code names the path alone, people the key of its route.
        keys.add(policyKey(RouteKey.parse(policy.path()).withMethod(policy.method()).toString()));
      }
    }
    return engine.snapshot().states().keySet().stream()
        .filter(key -> !keys.contains(policyKey(key)))
        .filter(key -> !paths.contains(key) && !paths.contains(RouteKey.parse(key).path()))
        .sorted()
        .toList();
  }

  private LimitsPage.Unprotected unprotected(String route) {
    RouteTable.Entry entry = table.entry(engine.snapshot(), engine.routes().get(route));
    return new LimitsPage.Unprotected(
        Texts.id("u-", route), route, policyKey(route), Texts.status(entry.status()));
  }

  /** The key that a policy of a route has. */
  static String policyKey(String route) {
    RouteKey key = RouteKey.parse(route);
    String method = key.method() == null ? RateLimitPolicy.ALL_METHODS : key.method();
    return method + ":" + (key.service() == null ? key.path() : route);
  }

  private static Pager pager(String service, int total, int from) {
    int to = Math.min(total, from + HITS);
    return new Pager(
        Math.min(total, from + 1),
        to,
        total,
        from == 0 ? "" : address(service, Math.max(0, from - HITS)),
        to >= total ? "" : address(service, to));
  }

  private static String address(String service, int from) {
    String encoded = URLEncoder.encode(service, StandardCharsets.UTF_8);
    return "limits?service=" + encoded + "&hits=" + from + "#hits";
  }

  private static List<RateLimitHit> hits(Reply reply) {
    return reply.isOk()
        ? StreamSupport.stream(reply.json().spliterator(), false)
            .map(ShieldJson::readRateLimitHit)
            .toList()
        : List.of();
  }

  private static LimitsPage.Hit hit(RateLimitHit hit, Instant now) {
    return new LimitsPage.Hit(
        Texts.when(hit.lastHitAt() == null ? hit.timestamp() : hit.lastHitAt(), now),
        hit.method() + ":" + hit.path(),
        hit.key(),
        hit.limit(),
        scope(hit),
        hit.count(),
        hit.shadow());
  }

  private static String scope(RateLimitHit hit) {
    LimitScope scope = hit.scope();
    String whose =
        scope == null
            ? ""
            : switch (scope) {
              case ROUTE -> "of the route";
              case SERVICE -> "of its service";
              case GLOBAL -> "of the whole fleet";
            };
    return hit.tier() == null ? whose : (whose + ", tier " + hit.tier()).replaceFirst("^, ", "");
  }
}
