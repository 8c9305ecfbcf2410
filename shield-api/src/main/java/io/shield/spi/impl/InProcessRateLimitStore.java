package io.shield.spi.impl;

import io.shield.model.RateLimitHit;
import io.shield.spi.HitQuery;
import io.shield.spi.RateLimitStore;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Hits in memory, the one with the oldest refusal first. Thread-safe. */
public final class InProcessRateLimitStore implements RateLimitStore {
  private final Map<Group, RateLimitHit> hits = new LinkedHashMap<>();

  /** What hits of one key by one limit have in common. */
  private record Group(
      String path, String method, String key, String limit, @Nullable String tier, boolean shadow) {
    static Group of(RateLimitHit hit) {
      return new Group(hit.path(), hit.method(), hit.key(), hit.limit(), hit.tier(), hit.shadow());
    }
  }

  @Override
  public synchronized Future<Void> record(List<RateLimitHit> batch) {
    for (RateLimitHit hit : batch) {
      Group group = Group.of(hit);
      RateLimitHit known = hits.remove(group);
      hits.put(group, known == null ? hit : merged(known, hit));
    }
    Iterator<Group> oldest = hits.keySet().iterator();
    while (hits.size() > MAX_HITS) {
      oldest.next();
      oldest.remove();
    }
    return Future.succeededFuture();
  }

  private static RateLimitHit merged(RateLimitHit known, RateLimitHit more) {
    Instant last = more.lastHitAt();
    return new RateLimitHit(
        known.id(),
        known.timestamp(),
        known.path(),
        known.method(),
        known.key(),
        known.limit(),
        known.tier(),
        more.resetAt(),
        known.count() + more.count(),
        last == null ? more.timestamp() : last,
        known.shadow());
  }

  @Override
  public synchronized Future<List<RateLimitHit>> hits(HitQuery query) {
    List<RateLimitHit> newest = new ArrayList<>(hits.values());
    Collections.reverse(newest);
    return Future.succeededFuture(
        newest.stream().filter(query::matches).skip(query.offset()).limit(query.limit()).toList());
  }
}
