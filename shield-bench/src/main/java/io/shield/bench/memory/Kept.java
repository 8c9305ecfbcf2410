package io.shield.bench.memory;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.bench.limits.AddressRequest;
import io.shield.decision.Site;
import io.shield.internal.limit.RateLimiting;
import io.shield.internal.limit.time.LimitClock;
import io.shield.memory.MemoryBackend;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Keeps many of one kind and says what one of them takes of the heap, in bytes. Arguments: {@code
 * route}, {@code policy} or {@code key}, and how many.
 */
public final class Kept {
  /** So many are made before anything counts, so that what is there only once is there. */
  private static final int FIRST = 100;

  /** So many routes are stored by one commit. */
  private static final int PORTION = 2_000;

  private static final String PATH = "/payments";
  private static final String PLENTY = "1000000000/hour";

  private Kept() {}

  /** Measures. */
  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[1]);
    double bytes =
        switch (arguments[0]) {
          case "route" -> route(count);
          case "policy" -> policy(count);
          default -> key(count);
        };
    System.out.println("bytes " + bytes);
    Runtime.getRuntime().halt(0);
  }

  /** A registered route in a started engine and its store, all strings included. */
  private static double route(int count) throws Exception {
    Vertx vertx = Vertx.vertx();
    ShieldOptions options =
        new ShieldOptions()
            .setBackend(MemoryBackend.create())
            .putSetting("SHIELD_CACHE_DIR", "off")
            .putSetting("SHIELD_ENV", "production");
    ShieldEngine engine = ShieldEngine.create(vertx, options);
    get(engine.start());
    register(engine, 0, FIRST);
    try {
      long before = heap();
      for (int from = FIRST; from < FIRST + count; from += PORTION) {
        register(engine, from, Math.min(FIRST + count, from + PORTION));
      }
      return (heap() - before) / (double) count;
    } finally {
      Reference.reachabilityFence(engine);
    }
  }

  private static void register(ShieldEngine engine, int from, int to) throws Exception {
    List<RouteState> routes = new ArrayList<>();
    for (int i = from; i < to; i++) {
      routes.add(RouteState.active("GET:" + path(i)));
    }
    get(engine.register(routes));
  }

  private static String path(int number) {
    return "/v1/resource" + number + "/items";
  }

  /** A policy of a route, as it is stored and as it is enforced, all strings included. */
  private static double policy(int count) throws InterruptedException {
    LimitClock clock = LimitClock.of(InstantSource.system());
    enforced(clock, FIRST);
    long before = heap();
    RateLimiting limits = enforced(clock, count);
    try {
      return (heap() - before) / (double) count;
    } finally {
      Reference.reachabilityFence(limits);
    }
  }

  private static RateLimiting enforced(LimitClock clock, int count) {
    Map<DocumentKey, Versioned<?>> policies = new HashMap<>();
    for (int i = 0; i < count; i++) {
      RateLimitPolicy policy = RateLimitPolicy.of("GET", path(i), PLENTY);
      policies.put(DocumentKey.policy(policy.key()), new Versioned<>(policy, 1));
    }
    RateLimiting limits =
        new RateLimiting(new Site("bench", "billing"), clock, (refused, resetAt) -> {});
    limits.prepare(Snapshot.of(new Head("bench", 1, "bench"), policies)).run();
    return limits;
  }

  /** The counter of an address beside the string that is its name. */
  private static double key(int count) throws InterruptedException {
    RateLimiting limits =
        new RateLimiting(
            new Site("bench", "billing"),
            LimitClock.of(InstantSource.system()),
            (refused, resetAt) -> {});
    RateLimitPolicy policy = RateLimitPolicy.of("GET", PATH, PLENTY);
    limits
        .prepare(
            Snapshot.of(
                new Head("bench", 1, "bench"),
                Map.of(DocumentKey.policy(policy.key()), new Versioned<>(policy, 1))))
        .run();
    charge(limits, 0, FIRST);
    String[] names = new String[count];
    try {
      long empty = heap();
      for (int i = 0; i < count; i++) {
        names[i] = "ip:" + address(FIRST + i);
      }
      long named = heap();
      charge(limits, FIRST, FIRST + count);
      return ((heap() - named) - (named - empty)) / (double) count;
    } finally {
      Reference.reachabilityFence(names);
      Reference.reachabilityFence(limits);
    }
  }

  private static void charge(RateLimiting limits, int from, int to) {
    for (int i = from; i < to; i++) {
      limits.charge(new AddressRequest(PATH, limits, address(i)));
    }
  }

  private static String address(int number) {
    return "10." + (number >> 16) + "." + ((number >> 8) & 255) + "." + (number & 255);
  }

  /** In use after a collection, when nothing is made meanwhile. */
  private static long heap() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(100);
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static void get(Future<?> future) throws Exception {
    future.toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);
  }
}
