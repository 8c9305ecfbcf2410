package io.shield.bench.http;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.local.SynchronizationStrategy;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.backend.redis.RedisBackend;
import io.shield.backend.redis.RedisBackendOptions;
import io.shield.memory.MemoryBackend;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.shield.web.ShieldHandler;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Puts what is measured before the routes of a router. */
final class Standing {
  private static final long PLENTY = 1_000_000_000;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int TOO_MANY = 429;

  private final Vertx vertx;
  private final Router router;
  private final String redis;

  /** As an operator would throw it while requests are served. */
  private volatile boolean closed;

  /**
   * @param redis the URL of the Redis that counts, empty if there is none
   */
  Standing(Vertx vertx, Router router, String redis) {
    this.vertx = vertx;
    this.router = router;
    this.redis = redis;
  }

  void putBefore(Variant variant) throws Exception {
    switch (variant) {
      case BARE -> {}
      case NEXT -> router.route().handler(RoutingContext::next);
      case LIFECYCLE, LIMIT, REDIS_LIMIT -> shield(variant);
      case FLAG -> flag();
      case BUCKET4J -> bucket4j();
      case RESILIENCE4J -> resilience4j();
    }
  }

  private void shield(Variant variant) throws Exception {
    ShieldOptions options =
        new ShieldOptions()
            .setBackend(MemoryBackend.create())
            .putSetting("SHIELD_CACHE_DIR", "off")
            .putSetting("SHIELD_ENV", "production");
    if (variant == Variant.REDIS_LIMIT) {
      options.setRateLimitBackend(RedisBackend.create(new RedisBackendOptions().setUrl(redis)));
    }
    ShieldEngine engine = ShieldEngine.create(vertx, options);
    router.route().handler(ShieldHandler.create(engine, router));
    get(engine.start());
    Actor actor = Actor.of("bench", "cli");
    String closedRoute = "GET:" + LoadedServer.closed();
    String askedFor = "GET:" + LoadedServer.askedFor();
    get(engine.register(List.of(RouteState.active(closedRoute), RouteState.active(askedFor))));
    get(engine.routes().disable(closedRoute, actor, "one is closed"));
    if (variant.isLimiting()) {
      RateLimitPolicy policy = RateLimitPolicy.of("GET", LoadedServer.askedFor(), PLENTY + "/hour");
      get(engine.rateLimits().set(policy, actor));
    }
  }

  private void flag() {
    router
        .route()
        .handler(
            ctx -> {
              if (closed) {
                ctx.fail(503);
              } else {
                ctx.next();
              }
            });
  }

  private static String address(RoutingContext ctx) {
    return ctx.request().remoteAddress().hostAddress();
  }

  private void bucket4j() {
    Map<String, Bucket> buckets = new ConcurrentHashMap<>();
    router
        .route()
        .handler(
            ctx -> {
              ConsumptionProbe probe =
                  buckets
                      .computeIfAbsent(address(ctx), address -> bucket())
                      .tryConsumeAndReturnRemaining(1);
              MultiMap headers = ctx.response().headers();
              long reset = System.currentTimeMillis() / 1000;
              reset += TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForReset());
              headers.set("X-RateLimit-Limit", Long.toString(PLENTY));
              headers.set("X-RateLimit-Remaining", Long.toString(probe.getRemainingTokens()));
              headers.set("X-RateLimit-Reset", Long.toString(reset));
              if (probe.isConsumed()) {
                ctx.next();
              } else {
                ctx.fail(TOO_MANY);
              }
            });
  }

  private static Bucket bucket() {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(PLENTY).refillGreedy(PLENTY, HOUR))
        .withMillisecondPrecision()
        .withSynchronizationStrategy(SynchronizationStrategy.SYNCHRONIZED)
        .build();
  }

  private void resilience4j() {
    RateLimiterConfig config =
        RateLimiterConfig.custom()
            .limitForPeriod((int) PLENTY)
            .limitRefreshPeriod(HOUR)
            .timeoutDuration(Duration.ZERO)
            .build();
    Map<String, RateLimiter> limiters = new ConcurrentHashMap<>();
    router
        .route()
        .handler(
            ctx -> {
              RateLimiter limiter =
                  limiters.computeIfAbsent(
                      address(ctx), address -> RateLimiter.of(address, config));
              if (limiter.acquirePermission()) {
                ctx.next();
              } else {
                ctx.fail(TOO_MANY);
              }
            });
  }

  private static void get(Future<?> future) throws Exception {
    future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
