package io.shield.backend.cluster.impl;

import io.shield.json.ShieldJson;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the log: puts back what the cluster lost, and sums up what is old. Used on one event
 * loop, except the warning.
 */
final class Keeper {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

  private final Context context;
  private final CommitLog log;
  private final AtomicInteger restored = new AtomicInteger();

  Keeper(Context context, CommitLog log) {
    this.context = context;
    this.log = log;
  }

  /** What was lost so far, for people, or null. May be called from any thread. */
  @Nullable String warning() {
    int count = restored.get();
    return count == 0
        ? null
        : "the cluster has lost "
            + count
            + " entries, which this member put back from memory: keep more copies";
  }

  /** Puts back what the log lacks of what a member knows. What is there is left alone. */
  Future<Void> putBack(View view) {
    Map<Long, String> entries = new HashMap<>(view.tail());
    if (!view.text().isEmpty()) {
      entries.put(view.number(), view.text());
    }
    Base base = view.base();
    Future<Void> done = base == null ? Future.succeededFuture() : putBack(base);
    return done.compose(
        v -> {
          List<Future<Void>> all = new ArrayList<>();
          entries.forEach((number, text) -> all.add(putBack(LogKey.commit(number), text)));
          return Future.all(all).mapEmpty();
        });
  }

  private Future<Void> putBack(Base base) {
    String key = LogKey.base(base.snapshot().head().revision());
    return log.get(key)
        .compose(
            there -> {
              if (there != null) {
                return Future.succeededFuture();
              }
              return text(base).compose(text -> log.putIfAbsent(key, text)).mapEmpty();
            });
  }

  private Future<Void> putBack(String key, String text) {
    return log.get(key)
        .compose(
            there -> {
              if (there != null) {
                return Future.succeededFuture();
              }
              return log.putIfAbsent(key, text)
                  .onSuccess(
                      before -> {
                        // Its own text: of that a piece was missing.
                        if (before == null || before.equals(text)) {
                          restored.incrementAndGet();
                          LOG.error("The cluster has lost {}: put back from memory", key);
                        }
                      })
                  .mapEmpty();
            });
  }

  private Future<String> text(Base base) {
    return context.executeBlocking(() -> ShieldJson.text(base.toJson()));
  }

  /** Writes the view's base, and removes what lies below the one before it. */
  void compact(View view) {
    Base base = view.base();
    if (base == null) {
      return;
    }
    long revision = base.snapshot().head().revision();
    long oldest = view.oldestNeeded();
    text(base)
        .compose(text -> log.putIfAbsent(LogKey.base(revision), text))
        .compose(v -> log.keys())
        .compose(keys -> sweep(keys, oldest))
        .onFailure(e -> LOG.warn("The log was not summed up: {}", e.toString()));
  }

  private Future<Void> sweep(Iterable<String> keys, long oldest) {
    List<Future<Void>> all = new ArrayList<>();
    for (String key : keys) {
      LogKey parsed = LogKey.parse(key);
      if (parsed != null && parsed.number() < oldest) {
        all.add(log.remove(key));
      }
    }
    return Future.all(all).mapEmpty();
  }
}
