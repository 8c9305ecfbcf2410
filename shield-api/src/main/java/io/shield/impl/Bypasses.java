package io.shield.impl;

import io.shield.Bypass;
import io.shield.internal.gate.Gates;
import io.shield.internal.limit.RateLimiting;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** The scopes in which something is not enforced. Thread-safe. */
final class Bypasses {
  private final Gates gates;
  private final RateLimiting limits;
  private final Map<Bypass.Kind, Integer> open = new EnumMap<>(Bypass.Kind.class);

  Bypasses(Gates gates, RateLimiting limits) {
    this.gates = gates;
    this.limits = limits;
  }

  Bypass open(Bypass.Kind... kinds) {
    if (kinds.length == 0) {
      throw new IllegalArgumentException("name at least one kind of bypass");
    }
    Set<Bypass.Kind> own = EnumSet.copyOf(List.of(kinds));
    own.forEach(kind -> count(kind, 1));
    AtomicBoolean isOpen = new AtomicBoolean(true);
    return () -> {
      if (isOpen.compareAndSet(true, false)) {
        own.forEach(kind -> count(kind, -1));
      }
    };
  }

  private synchronized void count(Bypass.Kind kind, int step) {
    int scopes = open.merge(kind, step, Integer::sum);
    switch (kind) {
      case LIFECYCLE -> gates.bypass(scopes > 0);
      case RATE_LIMITS -> limits.bypass(scopes > 0);
    }
  }
}
