package io.shield.backend.cluster.impl;

import io.shield.error.ShieldException;
import io.shield.json.ShieldJson;
import io.shield.model.store.Head;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the whole log. Used on one event loop; long texts are read on a worker. */
final class LogReader {
  private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);
  private static final int AT_ONCE = 64;

  private final Context context;
  private final CommitLog log;
  private final int auditLimit;

  LogReader(Context context, CommitLog log, int auditLimit) {
    this.context = context;
    this.log = log;
    this.auditLimit = auditLimit;
  }

  /** Reads what there is. */
  Future<Found> read() {
    return log.keys()
        .compose(
            keys -> {
              NavigableSet<Long> bases = new TreeSet<>();
              NavigableSet<Long> entries = new TreeSet<>();
              for (String key : keys) {
                LogKey parsed = LogKey.parse(key);
                if (parsed != null && !parsed.piece()) {
                  (parsed.base() ? bases : entries).add(parsed.number());
                }
              }
              return fromBase(bases, entries);
            });
  }

  /** Starts with the newest base that can be read; what lies below it is no part of the log. */
  private Future<Found> fromBase(NavigableSet<Long> bases, NavigableSet<Long> entries) {
    Long newest = bases.pollLast();
    if (newest == null) {
      return texts(entries).compose(texts -> put(null, texts));
    }
    String key = LogKey.base(newest);
    NavigableSet<Long> later = entries.tailSet(newest, true);
    return log.get(key)
        .compose(text -> base(key, text))
        .compose(
            base ->
                base == null
                    ? fromBase(bases, entries)
                    : texts(later).compose(texts -> put(base, texts)));
  }

  private Future<@Nullable Base> base(String key, @Nullable String text) {
    if (text == null) {
      return Future.succeededFuture();
    }
    return context.executeBlocking(
        () -> {
          try {
            return Base.read(ShieldJson.parse(key, text));
          } catch (ShieldException e) {
            LOG.warn("{} cannot be read and is passed over: {}", key, e.getMessage());
            return null;
          }
        });
  }

  private Future<NavigableMap<Long, String>> texts(NavigableSet<Long> numbers) {
    return texts(new ArrayList<>(numbers), 0, new TreeMap<>());
  }

  /** Some at a time. */
  private Future<NavigableMap<Long, String>> texts(
      List<Long> numbers, int from, NavigableMap<Long, String> texts) {
    if (from >= numbers.size()) {
      return Future.succeededFuture(texts);
    }
    int to = Math.min(numbers.size(), from + AT_ONCE);
    List<Future<?>> some = new ArrayList<>();
    for (long number : numbers.subList(from, to)) {
      some.add(
          log.get(LogKey.commit(number))
              .onSuccess(
                  text -> {
                    if (text != null) {
                      texts.put(number, text);
                    }
                  }));
    }
    return Future.all(some).compose(v -> texts(numbers, to, texts));
  }

  private Future<Found> put(@Nullable Base base, NavigableMap<Long, String> texts) {
    return context.<Found>executeBlocking(() -> found(base, texts)).compose(this::walkOn);
  }

  private Found found(@Nullable Base base, NavigableMap<Long, String> texts) {
    NavigableMap<Long, Entry> entries = new TreeMap<>();
    Entry.Begun begun = null;
    long begin = 0;
    for (var each : texts.entrySet()) {
      Entry entry = read(LogKey.commit(each.getKey()), each.getValue());
      if (entry != null) {
        entries.put(each.getKey(), entry);
      }
      if (entry instanceof Entry.Begun one) {
        begun = one;
        begin = each.getKey();
      }
    }
    View view = null;
    if (begun != null) {
      view = View.of(begun, begin, auditLimit);
      entries.headMap(Math.max(begin, view.head().revision()), true).clear();
    } else if (base != null) {
      long number = base.snapshot().head().revision();
      Entry last = entries.remove(number);
      boolean same = last != null && last.head().equals(base.snapshot().head());
      // Should it be lost, it cannot be compared any more; what follows can.
      view = View.of(base, same ? last.text() : "", auditLimit);
    }
    Head beyond = null;
    for (Entry entry : entries.values()) {
      if (view != null && entry instanceof Entry.Made made && view.precedes(made)) {
        view.apply(made);
      } else {
        beyond = entry.head();
      }
    }
    return new Found(view, beyond);
  }

  private static @Nullable Entry read(String key, String text) {
    try {
      return Entry.read(key, text);
    } catch (ShieldException e) {
      LOG.warn("{} cannot be read and is passed over: {}", key, e.getMessage());
      return null;
    }
  }

  /** Takes in what was appended meanwhile. */
  private Future<Found> walkOn(Found found) {
    View view = found.view();
    if (view == null || found.beyond() != null) {
      return Future.succeededFuture(found);
    }
    String key = LogKey.commit(view.next());
    return log.get(key)
        .compose(
            text -> {
              Entry entry = text == null ? null : read(key, text);
              if (entry instanceof Entry.Made made && view.precedes(made)) {
                view.apply(made);
                return walkOn(found);
              }
              return Future.succeededFuture(entry == null ? found : new Found(view, entry.head()));
            });
  }
}
