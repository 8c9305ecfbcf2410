package io.shield.internal.limit;

import io.shield.decision.Decider;
import io.shield.decision.Site;
import io.shield.error.UnknownRouteException;
import io.shield.internal.limit.counter.Leases;
import io.shield.internal.limit.counter.Limiter.LimiterContext;
import io.shield.internal.limit.key.LimitKeys;
import io.shield.internal.limit.time.LimitClock;
import io.shield.internal.value.Parameters;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RateLimitPolicy.LimitScope;
import io.shield.model.RouteKey;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.limit.KeptCounters;
import io.shield.spi.limit.SharedCounters;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rate limits of an engine: the policies in force with their counters. Requests are charged on
 * any thread without a lock of this object; policies change under its monitor.
 */
public final class RateLimiting {
  private static final Logger LOG = LoggerFactory.getLogger(RateLimiting.class);

  private static final AtomicLong NUMBERS = new AtomicLong();

  private final long number = NUMBERS.incrementAndGet();
  private final Site site;
  private final LimitClock clock;
  private final HitSink hits;
  private final LongAdder uncounted = new LongAdder();
  private final LongAdder keyless = new LongAdder();
  private final LongAdder storeFailures = new LongAdder();
  private final Map<String, Kept> kept = new HashMap<>();

  /** What was kept of policies that are not known yet, by policy key. */
  private final Map<String, List<KeptCounters>> waiting = new HashMap<>();

  /** Counters that are shared with other processes; null if this process counts for itself. */
  private volatile @Nullable SharedCounters shared;

  private LimitTable policies = LimitTable.NONE;
  private boolean bypassed;
  private volatile LimitTable table = LimitTable.NONE;

  /** Why policies of the store are not in force, by policy key. */
  private volatile Map<String, String> problems = Map.of();

  /** Whether counters may have changed since somebody asked. */
  private volatile boolean charged;

  /** A policy's limit and what it was made of. */
  private record Kept(Object value, PolicyLimit limit) {}

  /** The limits of an engine that knows no policy yet. */
  public RateLimiting(Site site, LimitClock clock, HitSink hits) {
    this.site = site;
    this.clock = clock;
    this.hits = hits;
  }

  /** Tells it from those of other engines of this process. */
  public long number() {
    return number;
  }

  /**
   * Checks that a route's policy can be enforced.
   *
   * @throws io.shield.error.InvalidValueException if a limit cannot be counted by its algorithm
   */
  public static void check(RateLimitPolicy policy) {
    Terms.of(policy).check();
  }

  /**
   * Checks that a policy limits a route: one that nobody knows is a mistake in its name.
   *
   * @throws UnknownRouteException if there is no such route
   */
  public static void checkKnown(Snapshot snapshot, RateLimitPolicy policy) {
    RouteKey wanted = RouteKey.parse(policy.path());
    boolean known =
        Decider.stateOf(snapshot, policy.path()) != null
            || snapshot.states().keySet().stream()
                .map(RouteKey::parse)
                .anyMatch(route -> isMeant(wanted, policy.method(), route));
    if (!known) {
      // With the method: what resembles it is a route of that method.
      String method = policy.method().equals(RateLimitPolicy.ALL_METHODS) ? null : policy.method();
      String route = new RouteKey(wanted.service(), method, wanted.path()).toString();
      throw new UnknownRouteException(route, List.of());
    }
  }

  private static boolean isMeant(RouteKey wanted, String method, RouteKey route) {
    boolean sameService = wanted.service() == null || wanted.service().equals(route.service());
    boolean sameMethod =
        route.method() == null
            || method.equals(RateLimitPolicy.ALL_METHODS)
            || method.equals(route.method())
            || (method.equals("HEAD") && "GET".equals(route.method()));
    return sameService
        && sameMethod
        && Parameters.colons(wanted.path()).equals(Parameters.colons(route.path()));
  }

  /** As {@link #check(RateLimitPolicy)}, for a wide policy. */
  public static void check(GlobalRateLimitPolicy policy) {
    Terms.of(policy).check();
  }

  /**
   * The counters that somebody means: by a name as hits show it, or with the address or name that
   * it is made of. What may be either names two.
   *
   * @throws io.shield.error.InvalidValueException if no counter can have the name
   */
  public static List<String> counterKeys(String text) {
    return LimitKeys.read(text);
  }

  /** Of what a store holds of each route's policy, in whatever spelling, what is in force. */
  public static List<RateLimitPolicy> inForce(Snapshot snapshot) {
    return LimitTable.newest(snapshot);
  }

  /**
   * The keys of the policies that a request is charged to when it passes, in order, whoever sends
   * it.
   */
  public static List<String> policiesOf(
      Snapshot snapshot, Site site, String template, String method) {
    return new LimitTable(snapshot, site, Map.of()).keys(template, method);
  }

  LimitClock clock() {
    return clock;
  }

  HitSink hits() {
    return hits;
  }

  /** Whether no request is limited. One read. */
  @SuppressWarnings("ReferenceEquality") // there is one empty table
  public boolean isIdle() {
    return table == LimitTable.NONE;
  }

  /** What applies to a method of a route's template. */
  public RouteLimits of(String template, HttpMethod method) {
    return table.of(template, method);
  }

  /** Charges a request. It is over when {@link Charge#release} is called, if it is held. */
  public Charge charge(LimitedRequest request) {
    LocalCharging charging = new LocalCharging(request, this, false);
    Charge charge = charging.charge();
    countKeyless(charging);
    if (!charged) {
      charged = true; // Written once for many requests: all processors share it.
    }
    return charge;
  }

  private void countKeyless(Charging charging) {
    if (charging.keyless() != null) {
      keyless.increment();
    }
  }

  /** Whether counters are shared with other processes: {@link #chargeShared} is to be used. */
  public boolean isShared() {
    return shared != null;
  }

  /**
   * Charges a request to counters that are shared, see {@link #charge}. Complete at once where no
   * store has to be asked; else within milliseconds, on the caller's context.
   */
  public Future<Charge> chargeShared(LimitedRequest request) {
    SharedCounters counters = shared;
    if (counters == null) {
      return Future.succeededFuture(charge(request));
    }
    SharedCharging charging = new SharedCharging(request, this, counters, storeFailures);
    Future<Charge> charge = charging.charge();
    countKeyless(charging);
    return charge;
  }

  /** Counts with these counters from now on; with null in this process. */
  public void share(@Nullable SharedCounters counters) {
    shared = counters;
  }

  /**
   * Gives back what counters lent and was not used.
   *
   * @param counters where it came from
   * @param all whether also what may be used still: nothing counts with them any more
   * @return completes when that is done, or failed
   */
  public Future<Void> giveBackLent(SharedCounters counters, boolean all) {
    List<PolicyLimit> limits = new ArrayList<>();
    synchronized (this) {
      kept.values().forEach(known -> limits.add(known.limit));
    }
    long now = clock.exact();
    List<Future<Void>> returns = new ArrayList<>();
    for (PolicyLimit limit : limits) {
      limit.forEachLimit(
          bucket -> {
            Leases leases = bucket.leases();
            if (leases != null) {
              leases.giveBack(
                  now,
                  all,
                  (key, lease, units) ->
                      returns.add(counters.giveBack(bucket.limit(), key, lease, units)));
            }
          });
    }
    return Future.join(returns).mapEmpty();
  }

  /** What keeps shared counters from being asked; null if nothing does or none are used. */
  public @Nullable String storeProblem() {
    SharedCounters counters = shared;
    return counters == null ? null : counters.problem();
  }

  /** How many requests got no answer of shared counters in time. */
  public long storeFailures() {
    return storeFailures.sum();
  }

  /** How many charges passed uncounted because a limit has as many keys as it can have. */
  public long uncounted() {
    return uncounted.sum();
  }

  /** How many requests were refused because they had no key and a policy says {@code block}. */
  public long keyless() {
    return keyless.sum();
  }

  /**
   * Makes the limits of a snapshot; those of policies that were known go on counting. May be called
   * on a worker.
   *
   * @return what puts them into force
   */
  public synchronized Runnable prepare(Snapshot snapshot) {
    kept.keySet().retainAll(snapshot.policies().keySet());
    Map<String, PolicyLimit> limits = new HashMap<>();
    Map<String, String> unenforced = new TreeMap<>();
    snapshot
        .policies()
        .forEach(
            (key, stored) -> {
              try {
                limits.put(key, limit(key, stored.value()));
              } catch (RuntimeException e) {
                unenforced.put(key, String.valueOf(e.getMessage()));
                // What was in force before stays: a limit does not go by mistake.
                Kept known = kept.get(key);
                if (known != null) {
                  limits.put(key, known.limit);
                }
              }
            });
    LimitTable made = new LimitTable(snapshot, site, limits);
    LimitTable next = made.isEmpty() ? LimitTable.NONE : made;
    return () -> install(next, unenforced);
  }

  /** The same for a snapshot with the policies in force: what applies to a route may differ. */
  public synchronized Runnable prepareSame(Snapshot snapshot) {
    LimitTable next = policies.isEmpty() ? LimitTable.NONE : policies.with(snapshot);
    Map<String, String> unenforced = problems;
    return () -> install(next, unenforced);
  }

  private synchronized void install(LimitTable next, Map<String, String> unenforced) {
    unenforced.forEach(
        (key, problem) -> {
          if (!problem.equals(problems.get(key))) {
            LOG.error("The rate limit {} cannot be enforced: {}", key, problem);
          }
        });
    problems = Collections.unmodifiableMap(unenforced);
    policies = next;
    table = bypassed ? LimitTable.NONE : next;
  }

  /**
   * Which policies of the store are not in force because they cannot be counted, each with the
   * reason. What was in force before them stays.
   */
  public Map<String, String> problems() {
    return problems;
  }

  private PolicyLimit limit(String key, Object value) {
    Kept known = kept.get(key);
    if (known != null && known.value.equals(value)) {
      return known.limit;
    }
    PolicyLimit limit =
        new PolicyLimit(
            key,
            scopeOf(key),
            value instanceof RateLimitPolicy policy ? RouteKey.parse(policy.path()).path() : null,
            value instanceof RateLimitPolicy policy
                ? Terms.of(policy)
                : Terms.of((GlobalRateLimitPolicy) value),
            known == null ? null : known.limit,
            new LimiterContext(clock::wallOffset, uncounted),
            clock.exact());
    kept.put(key, new Kept(value, limit));
    for (KeptCounters counters : waiting.getOrDefault(key, List.of())) {
      limit.restore(counters, clock);
    }
    waiting.remove(key);
    return limit;
  }

  private static LimitScope scopeOf(String key) {
    if (!RouteKey.isReserved(key)) {
      return LimitScope.ROUTE;
    }
    return key.equals(DocumentKey.globalRateLimit().key()) ? LimitScope.GLOBAL : LimitScope.SERVICE;
  }

  /**
   * Whether something may have been counted or forgotten since the last call. What it is, {@link
   * #counters} tells.
   */
  public boolean takeCharged() {
    boolean was = charged;
    charged = false;
    return was;
  }

  /**
   * What all policies have counted, in the bounds of {@link io.shield.spi.limit.CounterStore}.
   * Takes time in proportion to the number of keys; requests are charged meanwhile.
   *
   * @param head of the snapshot whose resets were carried out
   */
  public List<KeptCounters> counters(Head head) {
    CounterReading reading = new CounterReading(clock);
    List<PolicyLimit> read = new ArrayList<>();
    synchronized (this) {
      kept.values().forEach(known -> read.add(known.limit));
    }
    read.forEach(reading::read);
    return reading.kept(head);
  }

  /**
   * Adds what was kept to the same limits; of policies that are not known yet, when they are. What
   * has passed by then is left out.
   */
  public synchronized void restore(List<KeptCounters> counters) {
    for (KeptCounters one : counters) {
      Kept known = kept.get(one.limit().policy());
      if (known == null) {
        waiting.computeIfAbsent(one.limit().policy(), policy -> new ArrayList<>()).add(one);
      } else {
        known.limit.restore(one, clock);
      }
    }
    charged = true;
  }

  /**
   * Forgets what a policy counted, for one key or for all.
   *
   * @param head of the commit that says so
   */
  public synchronized void reset(String policyKey, @Nullable String key, Head head) {
    charged = true;
    SharedCounters counters = shared;
    if (counters != null && key == null) {
      counters.reset(policyKey, head);
    }
    waiting.computeIfPresent(policyKey, (policy, one) -> without(key, one));
    Kept known = kept.get(policyKey);
    if (known != null) {
      known.limit.reset(key);
      if (counters != null && key != null) {
        known.limit.forEachLimit(bucket -> counters.reset(bucket.limit(), key));
      }
    }
  }

  private static @Nullable List<KeptCounters> without(
      @Nullable String key, List<KeptCounters> counters) {
    return key == null ? null : counters.stream().map(one -> one.without(key)).toList();
  }

  /** Forgets what all policies counted, see {@link #reset}. */
  public synchronized void resetAll(Head head) {
    waiting.clear();
    List.copyOf(kept.keySet()).forEach(policy -> reset(policy, null, head));
  }

  /** Whether nothing is limited although policies may be in force. */
  public synchronized boolean isBypassed() {
    return bypassed;
  }

  /** Limits nothing, or everything again. */
  public synchronized void bypass(boolean on) {
    bypassed = on;
    install(policies, problems);
  }

  /** Hears of every request that a rate limit refused, or would have refused. */
  @FunctionalInterface
  public interface HitSink {
    /**
     * What was refused.
     *
     * @param path the route's template
     * @param method the request's method
     * @param key the counter's key
     * @param limit the limit string that refused
     * @param tier the tier it came from, or null
     * @param shadow whether the request passed nevertheless
     * @param scope whose limit it was
     */
    record Refused(
        String path,
        String method,
        String key,
        String limit,
        @Nullable String tier,
        boolean shadow,
        LimitScope scope) {}

    /** Notes a refusal. Called on the request path: must not block. */
    void refused(Refused refused, Instant resetAt);
  }
}
