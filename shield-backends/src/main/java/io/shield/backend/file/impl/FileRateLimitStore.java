package io.shield.backend.file.impl;

import io.shield.spi.limit.CounterStore;
import io.shield.spi.limit.HitQuery;
import io.shield.spi.limit.KeptCounters;
import io.shield.spi.limit.RateLimitHit;
import io.shield.spi.limit.RateLimitStore;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;

/** Hits and counters of one engine in the limits file. */
final class FileRateLimitStore implements RateLimitStore, CounterStore {
  private final Supplier<Future<RunningStore>> running;

  /** Tells this engine's counters from those of others, also of its own former life. */
  private final String writer = UUID.randomUUID().toString();

  FileRateLimitStore(Supplier<Future<RunningStore>> running) {
    this.running = running;
  }

  @Override
  public Future<Void> record(List<RateLimitHit> batch) {
    List<RateLimitHit> own = List.copyOf(batch);
    return running.get().onSuccess(open -> open.limits().add(own)).mapEmpty();
  }

  @Override
  public Future<List<RateLimitHit>> hits(HitQuery query) {
    Objects.requireNonNull(query, "query");
    return running.get().compose(open -> open.hits(query));
  }

  @Override
  public CounterStore counters() {
    return this;
  }

  @Override
  public Future<Void> save(List<KeptCounters> counters) {
    List<KeptCounters> own = List.copyOf(counters);
    return running.get().onSuccess(open -> open.limits().put(writer, own)).mapEmpty();
  }

  @Override
  public Future<List<KeptCounters>> load() {
    return running.get().compose(RunningStore::counters);
  }
}
