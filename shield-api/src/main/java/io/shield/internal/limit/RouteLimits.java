package io.shield.internal.limit;

import io.shield.internal.limit.key.LimitKeys;
import io.shield.model.KeyStrategy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The policies that apply to a request, in the order in which they are charged. Thread-safe. */
public final class RouteLimits {
  /** No limit at all. */
  public static final RouteLimits NONE = new RouteLimits("", List.of(), List.of());

  private final String template;
  private final String templateKey;
  private final List<PolicyLimit> wide;
  private final List<PolicyLimit> own;
  private final List<PolicyLimit> all;
  private final int mostBuckets;
  private final KeyStrategy strategy;
  private final Bucket @Nullable [] plain;
  private final boolean needsCustomKey;

  /** The latest answer of {@link #behind}: a route is nearly always behind the same ones. */
  private volatile @Nullable Behind behind;

  private record Behind(RouteLimits onTheWay, RouteLimits all) {}

  /**
   * @param template of the route that a request ends in
   * @param wide what is not the route's own
   */
  RouteLimits(String template, List<PolicyLimit> wide, List<PolicyLimit> own) {
    this.template = template;
    this.templateKey = LimitKeys.ofRoute(template);
    this.wide = List.copyOf(wide);
    this.own = List.copyOf(own);
    this.all = Stream.concat(wide.stream(), own.stream()).toList();
    this.mostBuckets = all.stream().mapToInt(PolicyLimit::mostBuckets).sum();
    this.strategy = all.isEmpty() ? KeyStrategy.GLOBAL : all.get(0).terms().keyStrategy();
    this.plain = all.stream().allMatch(this::isPlain) ? standardBuckets() : null;
    this.needsCustomKey = all.stream().anyMatch(RouteLimits::isCustom);
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return all.isEmpty();
  }

  /**
   * Whether the application's own key is asked for.
   *
   * @param earlier what the request was charged before, or null
   */
  public boolean needsCustomKey(@Nullable Charge earlier) {
    if (!needsCustomKey || earlier == null) {
      return needsCustomKey;
    }
    return needsCustomKey(all, earlier);
  }

  /** The same of the policies that are the route's own. */
  public boolean ownNeedCustomKey(@Nullable Charge earlier) {
    return needsCustomKey(own, earlier);
  }

  private static boolean needsCustomKey(List<PolicyLimit> policies, @Nullable Charge earlier) {
    return policies.stream()
        .anyMatch(policy -> isCustom(policy) && (earlier == null || !earlier.counts(policy)));
  }

  /** Whether a policy is the route's own. */
  boolean owns(String policyKey) {
    return own.stream().anyMatch(policy -> policy.key().equals(policyKey));
  }

  private static boolean isCustom(PolicyLimit policy) {
    return policy.terms().keyStrategy() == KeyStrategy.CUSTOM;
  }

  /**
   * With what a route on the way limits itself, to be charged before this one's own. A policy of
   * both, where a template stands twice on the way, is charged once.
   */
  public RouteLimits behind(RouteLimits onTheWay) {
    if (onTheWay.own.isEmpty()) {
      return this;
    }
    Behind latest = behind;
    if (latest == null || latest.onTheWay != onTheWay) {
      latest = new Behind(onTheWay, new RouteLimits(template, wide, union(onTheWay.own, own)));
      behind = latest;
    }
    return latest.all;
  }

  List<PolicyLimit> all() {
    return all;
  }

  /** The one counter of the route. */
  String templateKey() {
    return templateKey;
  }

  /** The most limits that a request is charged to. */
  int mostBuckets() {
    return mostBuckets;
  }

  /** How the first policy counts callers. */
  KeyStrategy strategy() {
    return strategy;
  }

  /**
   * The limits of everybody who has a key, where that is the same for all policies and nobody is
   * told apart otherwise; null where a request has to be looked at. Not to be changed.
   */
  Bucket @Nullable [] plain() {
    return plain;
  }

  private boolean isPlain(PolicyLimit policy) {
    return policy.isPlain() && policy.terms().keyStrategy() == strategy;
  }

  private Bucket @Nullable [] standardBuckets() {
    Bucket[] standard =
        all.stream().flatMap(policy -> policy.standardBuckets().stream()).toArray(Bucket[]::new);
    return standard.length == 0 ? null : standard;
  }

  private static List<PolicyLimit> union(List<PolicyLimit> first, List<PolicyLimit> second) {
    List<PolicyLimit> all = new ArrayList<>(first);
    for (PolicyLimit policy : second) {
      // By its key: it may have been replaced since the first was looked up.
      if (first.stream().noneMatch(known -> known.key().equals(policy.key()))) {
        all.add(policy);
      }
    }
    return List.copyOf(all);
  }
}
