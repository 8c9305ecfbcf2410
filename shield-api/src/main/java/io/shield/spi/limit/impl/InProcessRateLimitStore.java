package io.shield.spi.limit.impl;

import io.shield.model.RateLimitHit;
import io.shield.spi.limit.HitQuery;
import io.shield.spi.limit.Hits;
import io.shield.spi.limit.RateLimitStore;
import io.vertx.core.Future;
import java.util.List;

/** Hits in memory. Thread-safe. */
public final class InProcessRateLimitStore implements RateLimitStore {
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
