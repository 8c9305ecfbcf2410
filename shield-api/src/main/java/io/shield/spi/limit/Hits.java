package io.shield.spi.limit;

import io.shield.model.RateLimitPolicy.LimitScope;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The latest rate-limit hits, those of one key by one limit added up; at most {@link
 * RateLimitStore#MAX_HITS}. For stores that keep hits in memory. Not thread-safe.
 */
public final class Hits {
  private final Map<Group, RateLimitHit> hits = new LinkedHashMap<>();

  /** What hits of one key by one limit have in common. */
  private record Group(
      String path,
      String method,
      String key,
      String limit,
      @Nullable String tier,
      boolean shadow,
      @Nullable LimitScope scope) {
    static Group of(RateLimitHit hit) {
      return new Group(
          hit.path(), hit.method(), hit.key(), hit.limit(), hit.tier(), hit.shadow(), hit.scope());
    }
  }

  /** None yet. */
  public Hits() {}

  /** Adds hits, each to the one of its key and limit if that is known. */
  public void addAll(Collection<RateLimitHit> batch) {
    for (RateLimitHit hit : batch) {
      Group group = Group.of(hit);
      RateLimitHit known = hits.remove(group);
      hits.put(group, known == null ? hit : merged(known, hit));
    }
    Iterator<Group> oldest = hits.keySet().iterator();
    while (hits.size() > RateLimitStore.MAX_HITS) {
      oldest.next();
      oldest.remove();
    }
  }

  private static RateLimitHit merged(RateLimitHit known, RateLimitHit more) {
    return new RateLimitHit(
        known.id(),
        known.timestamp(),
        known.path(),
        known.method(),
        known.key(),
        known.limit(),
        known.tier(),
        later(known.resetAt(), more.resetAt()),
        known.count() + more.count(),
        later(lastOf(known), lastOf(more)),
        known.shadow(),
        known.scope());
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static Instant lastOf(RateLimitHit hit) {
    Instant last = hit.lastHitAt();
    return last == null ? hit.timestamp() : last;
  }

  /** All of them, in the order in which they were last added to. */
  public List<RateLimitHit> all() {
    return List.copyOf(hits.values());
  }

  /** Those that match, the one with the latest refusal first; of equal ones the last. */
  public static List<RateLimitHit> select(Collection<RateLimitHit> hits, HitQuery query) {
    List<RateLimitHit> newest = new ArrayList<>(hits);
    Collections.reverse(newest);
    return newest.stream()
        .filter(query::matches)
        .sorted(Comparator.comparing(Hits::lastOf).reversed())
        .skip(query.offset())
        .limit(query.limit())
        .toList();
  }

  /** Hits in memory. Thread-safe. */
  static final class InProcess implements RateLimitStore {
    private final Hits hits = new Hits();

    @Override
    public synchronized Future<Void> record(List<RateLimitHit> batch) {
      hits.addAll(batch);
      return Future.succeededFuture();
    }

    @Override
    public synchronized Future<List<RateLimitHit>> hits(HitQuery query) {
      return Future.succeededFuture(Hits.select(hits.all(), query));
    }
  }
}
