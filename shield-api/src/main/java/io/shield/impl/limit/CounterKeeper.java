package io.shield.impl.limit;

import io.shield.impl.limit.ResetMarks.Mark;
import io.shield.internal.limit.RateLimiting;
import io.shield.model.OpaqueDocument;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.shield.spi.limit.CounterStore;
import io.shield.spi.limit.KeptCounters;
import io.shield.spi.limit.KeptCounters.Kept;
import io.shield.spi.limit.KeptCounters.Limit;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives what the limits have counted to a store that keeps it, every few seconds in which something
 * was charged and at the end, and restores it at the start. Counters are read on workers. Confined
 * to the engine's context; nothing here fails.
 */
public final class CounterKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(CounterKeeper.class);
  private static final long INTERVAL_MILLIS = 3000;

  private final ContextInternal context;
  private final RateLimiting limits;
  private final Supplier<Snapshot> snapshot;
  private @Nullable CounterStore store;
  private long timer = -1;
  private boolean closed;
  private Future<Void> saving;

  public CounterKeeper(ContextInternal context, RateLimiting limits, Supplier<Snapshot> snapshot) {
    this.context = context;
    this.limits = limits;
    this.snapshot = snapshot;
    this.saving = context.succeededFuture();
  }

  /** Restores what the store kept, then begins to save. Called when the store was loaded. */
  public Future<Void> open(@Nullable CounterStore opened) {
    if (opened == null || closed) {
      return context.succeededFuture();
    }
    return context
        .succeededFuture()
        .compose(v -> opened.load())
        .compose(this::restore)
        .recover(this::goOn)
        .onComplete(v -> context.runOnContext(then -> begin(opened)));
  }

  private Future<Void> restore(List<KeptCounters> kept) {
    Snapshot known = snapshot.get();
    return context.executeBlocking(
        () -> {
          limits.restore(valid(kept, known));
          return null;
        });
  }

  private Future<Void> goOn(Throwable failure) {
    LOG.warn("Rate limits count anew, what was counted cannot be read: {}", failure.getMessage());
    return context.succeededFuture();
  }

  private void begin(CounterStore opened) {
    if (!closed) {
      store = opened;
      timer = context.setPeriodic(INTERVAL_MILLIS, id -> save());
    }
  }

  /** Without what was reset since it was kept; of each key what has most in use. */
  private static List<KeptCounters> valid(List<KeptCounters> all, Snapshot known) {
    Map<Limit, Map<String, Kept>> most = new LinkedHashMap<>();
    for (KeptCounters kept : all) {
      if (!kept.head().epoch().equals(known.head().epoch())
          || CounterResets.isEnabledSince(kept.head(), known, kept.limit().policy())) {
        continue;
      }
      Map<String, Kept> ofLimit = most.computeIfAbsent(kept.limit(), l -> new HashMap<>());
      for (Kept counter : kept.counters()) {
        String key = counter.counter().key();
        if (!isReset(known, ResetMarks.ALL, kept, key)
            && !isReset(known, kept.limit().policy(), kept, key)) {
          ofLimit.merge(key, counter, (one, other) -> other.exceeds(one) ? other : one);
        }
      }
    }
    List<KeptCounters> valid = new ArrayList<>();
    most.forEach(
        (limit, counters) ->
            valid.add(new KeptCounters(limit, known.head(), List.copyOf(counters.values()))));
    return valid;
  }

  /** An earlier reset of the key may be taken for a later one: then it is counted anew too. */
  private static boolean isReset(Snapshot known, String scope, KeptCounters kept, String key) {
    Versioned<OpaqueDocument> found = known.documents().get(ResetMarks.documentOf(scope).key());
    if (found == null || found.version() <= kept.head().revision()) {
      return false;
    }
    List<Mark> marks = ResetMarks.of(found.value()).marks();
    return marks.stream().anyMatch(mark -> mark.key() == null || mark.key().equals(key));
  }

  /** Saves, unless nothing was charged or the former save is under way. */
  private Future<Void> save() {
    CounterStore open = store;
    if (open == null || !saving.isComplete() || !limits.takeCharged()) {
      return saving;
    }
    // The head first: what is reset later is then known not to be in it.
    Snapshot known = snapshot.get();
    saving =
        context
            .executeBlocking(() -> limits.counters(known.head()))
            .compose(open::save)
            .recover(
                failure -> {
                  LOG.warn("Rate-limit counters are not kept: {}", failure.getMessage());
                  return context.succeededFuture();
                });
    return saving;
  }

  /** Saves for the last time. */
  public Future<Void> close() {
    closed = true;
    if (timer >= 0) {
      context.owner().cancelTimer(timer);
      timer = -1;
    }
    return saving.compose(v -> save()).onComplete(v -> store = null);
  }
}
