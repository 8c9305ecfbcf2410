package io.shield.internal.limit;

import io.shield.decision.Cidr;
import io.shield.error.InvalidValueException;
import io.shield.internal.limit.counter.ConcurrencyLimit;
import io.shield.internal.limit.counter.Limiter.LimiterContext;
import io.shield.internal.limit.key.LimitKeys;
import io.shield.internal.limit.key.LimitKeys.LimitCaller;
import io.shield.internal.limit.time.LimitClock;
import io.shield.model.KeyStrategy;
import io.shield.model.RateLimitPolicy.LimitScope;
import io.shield.model.RateLimitPolicy.RateLimitTier;
import io.shield.spi.limit.KeptCounters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A policy with its counters. Immutable but for the counters; thread-safe. */
final class PolicyLimit {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyLimit.class);

  /** What callers of one tier are charged. */
  record Tier(@Nullable String name, List<Bucket> buckets) {}

  /**
   * What one request is to a policy.
   *
   * @param key null if the request has none and must be refused for it
   * @param caller whose request it is
   */
  record Counters(PolicyLimit policy, Tier tier, @Nullable String key, LimitCaller caller) {}

  private final String key;
  private final LimitScope scope;
  private final @Nullable String routeKey;
  private final Terms terms;
  private final Tier standard;
  private final Map<String, Tier> tiers = new HashMap<>();
  private final List<Cidr> exemptIps;
  private final ConcurrencyLimit concurrency;

  /**
   * Makes all rules before it takes counters over, since those cannot be given back.
   *
   * @param key the policy's
   * @param scope what it limits
   * @param route the path it is for; null if it is wide
   * @param earlier the policy whose counters go on, or null
   * @throws io.shield.error.InvalidValueException if a limit cannot be counted by its algorithm;
   *     the earlier policy goes on then
   */
  PolicyLimit(
      String key,
      LimitScope scope,
      @Nullable String route,
      Terms terms,
      @Nullable PolicyLimit earlier,
      LimiterContext context,
      long nowMicros) {
    terms.check();
    // Counters of users mean nothing to a limit by address.
    PolicyLimit alike =
        earlier != null && earlier.terms.keyStrategy() == terms.keyStrategy() ? earlier : null;
    this.key = key;
    this.scope = scope;
    this.routeKey = route == null ? null : LimitKeys.ofRoute(route);
    this.terms = terms;
    List<Bucket> before = alike == null ? List.of() : alike.standard.buckets();
    standard =
        new Tier(
            null, Bucket.of(key, scope, null, terms.limit(), terms, before, context, nowMicros));
    for (RateLimitTier tier : terms.tiers()) {
      Tier old = alike == null ? null : alike.tiers.get(tier.name());
      List<Bucket> counting = old == null ? List.of() : old.buckets();
      List<Bucket> buckets =
          Bucket.of(key, scope, tier.name(), tier.limit(), terms, counting, context, nowMicros);
      tiers.put(tier.name(), new Tier(tier.name(), buckets));
    }
    exemptIps = blocks(terms.exemptIps());
    concurrency = alike == null ? new ConcurrencyLimit() : alike.concurrency;
  }

  /** Blocks that cannot be read exempt nobody. */
  private static List<Cidr> blocks(List<String> texts) {
    List<Cidr> blocks = new ArrayList<>(texts.size());
    for (String text : texts) {
      try {
        blocks.add(Cidr.parse("exempt_ips", text));
      } catch (InvalidValueException unreadable) {
        LOG.warn("A rate limit exempts nobody by it: {}", unreadable.getMessage());
      }
    }
    return List.copyOf(blocks);
  }

  /** Tells policies apart, also when one was replaced. */
  String key() {
    return key;
  }

  LimitScope scope() {
    return scope;
  }

  Terms terms() {
    return terms;
  }

  ConcurrencyLimit concurrency() {
    return concurrency;
  }

  /** Whether it counts all callers alike, each by its own key, and refuses what is too much. */
  boolean isPlain() {
    return tiers.isEmpty()
        && exemptIps.isEmpty()
        && terms.exemptRoles().isEmpty()
        && !terms.shadow()
        && terms.maxConcurrent() == 0
        && terms.keyStrategy() != KeyStrategy.GLOBAL;
  }

  /** What callers are charged who are in no tier. */
  List<Bucket> standardBuckets() {
    return standard.buckets();
  }

  /** The most counters that a request is charged to. */
  int mostBuckets() {
    int most = standard.buckets().size();
    for (Tier tier : tiers.values()) {
      most = Math.max(most, tier.buckets().size());
    }
    return most;
  }

  /** What a caller is charged, or null if it is not limited. */
  @Nullable Tier tierOf(LimitCaller caller) {
    if (isExempt(caller)) {
      return null;
    }
    String plan = tiers.isEmpty() ? null : caller.plan(terms.tierResolver());
    Tier tier = plan == null ? standard : tiers.getOrDefault(plan, standard);
    return tier.buckets().isEmpty() && terms.maxConcurrent() == 0 ? null : tier;
  }

  /** The one counter of its route; null if it is wide. */
  @Nullable String routeKey() {
    return routeKey;
  }

  private boolean isExempt(LimitCaller caller) {
    return isExemptByAddress(caller) || isExemptByRole(caller);
  }

  private boolean isExemptByAddress(LimitCaller caller) {
    String address = exemptIps.isEmpty() ? null : caller.address();
    return address != null && exemptIps.stream().anyMatch(block -> block.contains(address));
  }

  /** An error while judging an exemption means not exempt. */
  private boolean isExemptByRole(LimitCaller caller) {
    for (String role : terms.exemptRoles()) {
      try {
        if (caller.hasRole(role)) {
          return true;
        }
      } catch (RuntimeException notKnown) {
        return false;
      }
    }
    return false;
  }

  /** Shows each limit of each tier. */
  void forEachLimit(Consumer<Bucket> consumer) {
    standard.buckets().forEach(consumer);
    tiers.values().forEach(tier -> tier.buckets().forEach(consumer));
  }

  /** Adds what was kept of a limit, by the wall clock, if there is still the same one. */
  void restore(KeptCounters kept, LimitClock clock) {
    forEachLimit(
        bucket -> {
          if (bucket.limit().equals(kept.limit())) {
            long now = clock.exact();
            long offset = clock.wallOffset();
            kept.counters()
                .forEach(one -> bucket.limiter().restore(one.counter().shifted(-offset), now));
          }
        });
  }

  /** Forgets what was counted in the process, for one key or for all. */
  void reset(@Nullable String key) {
    forEachLimit(bucket -> bucket.reset(key));
  }
}
