package io.shield.impl.limit;

import io.shield.error.InvalidValueException;
import io.shield.internal.limit.RateLimiting.HitSink;
import io.shield.spi.limit.HitQuery;
import io.shield.spi.limit.RateLimitHit;
import io.shield.spi.limit.RateLimitStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers refusals and writes them off the request path: those of one key by one limit as one hit,
 * and at most one batch a second. Thread-safe.
 */
public final class HitRecorder implements HitSink {
  private static final Logger LOG = LoggerFactory.getLogger(HitRecorder.class);
  private static final long INTERVAL_MILLIS = 1000;

  /** How many keys are told apart within one batch; a flood of keys beyond is only counted. */
  private static final int MAX_BATCH = 1000;

  private final Context context;
  private final InstantSource clock;
  private final Map<Refused, Count> gathered = new HashMap<>();
  private @Nullable RateLimitStore store;
  private boolean scheduled;
  private Future<Void> writing = Future.succeededFuture();
  private long left;

  /** How often something was refused, between two moments. */
  private static final class Count {
    final Instant first;
    Instant last;
    Instant resetAt;
    long count;

    Count(Instant now) {
      first = now;
      last = now;
      resetAt = now;
    }
  }

  public HitRecorder(Context context, InstantSource clock) {
    this.context = context;
    this.clock = clock;
  }

  /** Begins to write. */
  public synchronized void open(RateLimitStore opened) {
    store = opened;
    if (!gathered.isEmpty()) {
      schedule();
    }
  }

  /** Writes what was gathered, and nothing any more; ends when all is written. Does not fail. */
  public Future<Void> close() {
    write();
    synchronized (this) {
      store = null;
      gathered.clear();
      return writing.otherwiseEmpty();
    }
  }

  @Override
  public void refused(Refused refused, Instant resetAt) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    synchronized (this) {
      Count count = gathered.get(refused);
      if (count == null) {
        if (gathered.size() >= MAX_BATCH) {
          left++;
          return;
        }
        count = new Count(now);
        gathered.put(refused, count);
        schedule();
      }
      count.count++;
      count.last = now;
      count.resetAt = resetAt;
    }
  }

  private void schedule() {
    if (!scheduled && store != null) {
      scheduled = true;
      context.runOnContext(v -> context.owner().setTimer(INTERVAL_MILLIS, timer -> write()));
    }
  }

  /** Writes what was gathered. */
  private Future<Void> write() {
    RateLimitStore open;
    List<RateLimitHit> batch;
    synchronized (this) {
      scheduled = false;
      open = store;
      batch = batch();
      if (left > 0) {
        LOG.warn("{} rate-limit hits of more than {} keys are not kept", left, MAX_BATCH);
        left = 0;
      }
    }
    if (open == null || batch.isEmpty()) {
      return Future.succeededFuture();
    }
    Future<Void> written =
        open.record(batch)
            .onFailure(e -> LOG.warn("Rate-limit hits are not kept: {}", e.getMessage()));
    synchronized (this) {
      writing = writing.transform(before -> written);
    }
    return written;
  }

  private List<RateLimitHit> batch() {
    List<RateLimitHit> batch = new ArrayList<>(gathered.size());
    gathered.forEach(
        (refused, count) -> {
          try {
            batch.add(hit(refused, count));
          } catch (InvalidValueException tooLong) {
            LOG.debug("A rate-limit hit cannot be kept: {}", tooLong.getMessage());
          }
        });
    gathered.clear();
    return batch;
  }

  private static RateLimitHit hit(Refused refused, Count count) {
    return new RateLimitHit(
        UUID.randomUUID().toString(),
        count.first,
        refused.path(),
        refused.method(),
        refused.key(),
        refused.limit(),
        refused.tier(),
        count.resetAt,
        count.count,
        count.count > 1 ? count.last : null,
        refused.shadow(),
        refused.scope());
  }

  /** The hits that match, those included that were gathered and not written yet. */
  public Future<List<RateLimitHit>> hits(HitQuery query) {
    RateLimitStore open;
    synchronized (this) {
      open = store;
    }
    if (open == null) {
      return Future.succeededFuture(List.of());
    }
    return write().transform(written -> open.hits(query));
  }
}
