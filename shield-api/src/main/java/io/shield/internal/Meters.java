package io.shield.internal;

import io.shield.decision.Decision;
import io.vertx.core.http.HttpMethod;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts what an engine does, for whoever shows it. Decisions and charges are on the request path
 * and are counted only once somebody watches. Thread-safe.
 */
public final class Meters {
  /** What became of a request. */
  public enum Outcome {
    /** It passed. */
    ALLOW,
    /** Refused by maintenance. */
    MAINTENANCE,
    /** Refused by a route that is switched off. */
    DISABLED,
    /** Refused by a route that is not open in this environment. */
    ENV_GATED,
    /** Refused by a rate limit. */
    RATE_LIMITED;

    static Outcome of(Decision decision) {
      if (decision instanceof Decision.Allow) {
        return ALLOW;
      } else if (decision instanceof Decision.Maintenance) {
        return MAINTENANCE;
      } else if (decision instanceof Decision.Disabled) {
        return DISABLED;
      } else if (decision instanceof Decision.EnvGated) {
        return ENV_GATED;
      }
      return RATE_LIMITED;
    }
  }

  /** Hears of the routes that decisions are counted for; must be quick. */
  @FunctionalInterface
  public interface Watcher {
    /**
     * A route is counted from now on.
     *
     * @param method its method, or {@code *} for all that are not usual
     * @param template its template
     * @param counts the decisions, one counter for each {@link Outcome}
     */
    void counted(String method, String template, Map<Outcome, LongAdder> counts);
  }

  /** Clients can send any method, and not everybody shall make a row. */
  private static final Set<HttpMethod> USUAL =
      Set.of(
          HttpMethod.GET,
          HttpMethod.HEAD,
          HttpMethod.POST,
          HttpMethod.PUT,
          HttpMethod.PATCH,
          HttpMethod.DELETE,
          HttpMethod.OPTIONS);

  private static final HttpMethod OTHERS = HttpMethod.valueOf("*");

  private final Map<String, Map<HttpMethod, Map<Outcome, LongAdder>>> decisions =
      new ConcurrentHashMap<>();
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
  private final LongAdder loads = new LongAdder();
  private final LongAdder storeErrors = new LongAdder();
  private final LongAdder charges = new LongAdder();
  private final LongAdder chargeNanos = new LongAdder();
  private final LongAdder webhooksDelivered = new LongAdder();
  private final LongAdder webhooksFailed = new LongAdder();
  private volatile boolean watched;
  private volatile long answeredNanos = System.nanoTime();

  /** Counts decisions and charges from now on, and tells of each route. */
  public synchronized void watch(Watcher watcher) {
    watchers.add(watcher);
    decisions.forEach(
        (template, methods) ->
            methods.forEach((method, counts) -> watcher.counted(method.name(), template, counts)));
    watched = true;
  }

  /** Whether decisions and charges are counted. */
  public boolean isWatched() {
    return watched;
  }

  /** Counts what became of a request to a route. */
  public void decided(String template, HttpMethod method, Decision decision) {
    if (watched) {
      Map<Outcome, LongAdder> row = row(template, USUAL.contains(method) ? method : OTHERS);
      Objects.requireNonNull(row.get(Outcome.of(decision))).increment();
    }
  }

  /**
   * Counts what becomes of requests to a route from now on, from 0: who looks at an increase sees
   * none where the first request makes the counter.
   *
   * @param method the one method, or null for all that are usual
   */
  public void expect(String template, @Nullable String method) {
    if (method == null) {
      USUAL.forEach(each -> row(template, each));
    } else {
      HttpMethod asked = HttpMethod.valueOf(method);
      row(template, USUAL.contains(asked) ? asked : OTHERS);
    }
  }

  /** How many counters {@link #expect} makes at most. */
  public static int counters(@Nullable String method) {
    return (method == null ? USUAL.size() : 1) * Outcome.values().length;
  }

  private Map<Outcome, LongAdder> row(String template, HttpMethod method) {
    Map<HttpMethod, Map<Outcome, LongAdder>> methods = decisions.get(template);
    Map<Outcome, LongAdder> row = methods == null ? null : methods.get(method);
    return row == null ? newRow(template, method) : row;
  }

  private synchronized Map<Outcome, LongAdder> newRow(String template, HttpMethod method) {
    Map<HttpMethod, Map<Outcome, LongAdder>> methods =
        decisions.computeIfAbsent(template, t -> new ConcurrentHashMap<>());
    Map<Outcome, LongAdder> known = methods.get(method);
    if (known != null) {
      return known;
    }
    Map<Outcome, LongAdder> row = new EnumMap<>(Outcome.class);
    for (Outcome outcome : Outcome.values()) {
      row.put(outcome, new LongAdder());
    }
    methods.put(method, row);
    watchers.forEach(watcher -> watcher.counted(method.name(), template, row));
    return row;
  }

  /** Counts one charging of a request to its rate limits. */
  public void charged(long nanos) {
    charges.increment();
    chargeNanos.add(nanos);
  }

  /** The store was asked for all it holds. */
  public void loading() {
    loads.increment();
  }

  /** The store answered. */
  public void storeAnswered() {
    answeredNanos = System.nanoTime();
  }

  /** The store could not be asked, or failed. */
  public void storeFailed() {
    storeErrors.increment();
  }

  /** A webhook was called. */
  public void webhookTried(boolean taken) {
    (taken ? webhooksDelivered : webhooksFailed).increment();
  }

  /** How many calls of webhooks were taken. */
  public long webhooksDelivered() {
    return webhooksDelivered.sum();
  }

  /** How many calls of webhooks were not taken. */
  public long webhooksFailed() {
    return webhooksFailed.sum();
  }

  /** How often the store was asked for all it holds. */
  public long loads() {
    return loads.sum();
  }

  /** How often the store failed. */
  public long storeErrors() {
    return storeErrors.sum();
  }

  /** How many requests were charged to rate limits. */
  public long charges() {
    return charges.sum();
  }

  /** How long charging took, all in all. */
  public long chargeNanos() {
    return chargeNanos.sum();
  }

  /** How long ago the store answered last. */
  public long nanosSinceAnswer() {
    return System.nanoTime() - answeredNanos;
  }
}
