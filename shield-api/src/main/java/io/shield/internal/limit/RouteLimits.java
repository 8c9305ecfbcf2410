package io.shield.internal.limit;

import io.shield.model.KeyStrategy;
import java.util.ArrayList;
import java.util.List;

/** The policies that apply to a request, in the order in which they are charged. Immutable. */
public final class RouteLimits {
  /** No limit at all. */
  public static final RouteLimits NONE = new RouteLimits(List.of(), List.of());

  private final List<PolicyLimit> wide;
  private final List<PolicyLimit> own;
  private final List<PolicyLimit> all;
  private final boolean needsCustomKey;

  RouteLimits(List<PolicyLimit> wide, List<PolicyLimit> own) {
    this.wide = List.copyOf(wide);
    this.own = List.copyOf(own);
    this.all = joined(this.wide, this.own);
    this.needsCustomKey = all.stream().anyMatch(RouteLimits::isCustom);
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return all.isEmpty();
  }

  /** Whether the application's own key is asked for. */
  public boolean needsCustomKey() {
    return needsCustomKey;
  }

  private static boolean isCustom(PolicyLimit policy) {
    return policy.terms().keyStrategy() == KeyStrategy.CUSTOM;
  }

  /** With what a route on the way limits itself, to be charged before this one's own. */
  public RouteLimits behind(RouteLimits onTheWay) {
    if (onTheWay.own.isEmpty()) {
      return this;
    }
    return new RouteLimits(wide, joined(onTheWay.own, own));
  }

  List<PolicyLimit> all() {
    return all;
  }

  private static List<PolicyLimit> joined(List<PolicyLimit> first, List<PolicyLimit> second) {
    List<PolicyLimit> all = new ArrayList<>(first.size() + second.size());
    all.addAll(first);
    all.addAll(second);
    return List.copyOf(all);
  }
}
