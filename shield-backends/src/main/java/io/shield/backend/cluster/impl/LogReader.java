package io.shield.backend.cluster.impl;

import io.shield.error.ShieldException;
import io.shield.json.ShieldJson;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
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
    return context
        .<Read>executeBlocking(() -> fold(base, texts))
        .compose(read -> read.view() == null ? found(read) : walkOn(read));
  }

  /** As far as the entries that were listed follow each other, and those left over. */
  private record Read(@Nullable View view, NavigableMap<Long, Entry> rest) {}

  private Read fold(@Nullable Base base, NavigableMap<Long, String> texts) {
    NavigableMap<Long, Entry> rest = new TreeMap<>();
    Entry.Begun begun = null;
    long begin = 0;
    for (var each : texts.entrySet()) {
      Entry entry = read(LogKey.commit(each.getKey()), each.getValue());
      if (entry != null) {
        rest.put(each.getKey(), entry);
      }
      if (entry instanceof Entry.Begun one) {
        begun = one;
        begin = each.getKey();
      }
    }
    View view = null;
    if (begun != null) {
      view = View.of(begun, begin, auditLimit);
      rest.headMap(Math.max(begin, view.head().revision()), true).clear();
    } else if (base != null) {
      long number = base.snapshot().head().revision();
      Entry last = rest.remove(number);
      boolean same = last != null && last.head().equals(base.snapshot().head());
      // Should it be lost, it cannot be compared any more; what follows can.
      view = View.of(base, same ? last.text() : "", auditLimit);
    }
    if (view != null) {
      follow(view, rest);
    }
    return new Read(view, rest);
  }

  /** Takes in what was listed, as far as it follows. */
  private static void follow(View view, NavigableMap<Long, Entry> listed) {
    while (listed.get(view.next()) instanceof Entry.Made made && view.precedes(made)) {
      listed.remove(view.next());
      view.apply(made);
    }
  }

  private static @Nullable Entry read(String key, String text) {
    try {
      return Entry.read(key, text);
    } catch (ShieldException e) {
      LOG.warn("{} cannot be read and is passed over: {}", key, e.getMessage());
      return null;
    }
  }

  /**
   * Takes in what was appended meanwhile. Members list keys each at its own moment, so an entry may
   * be missing in the list that has a later one: only what is not there now either is a hole.
   */
  private Future<Found> walkOn(Read read) {
    View view = Objects.requireNonNull(read.view());
    follow(view, read.rest());
    long number = view.next();
    if (read.rest().containsKey(number)) {
      return found(read);
    }
    String key = LogKey.commit(number);
    return log.get(key)
        .compose(
            text -> {
              Entry entry = text == null ? null : read(key, text);
              if (entry == null) {
                return found(read);
              }
              if (!view.precedes(entry)) {
                read.rest().put(number, entry);
                return found(read);
              }
              if (entry instanceof Entry.Made made) {
                view.apply(made);
                return walkOn(read);
              }
              View begins = View.of((Entry.Begun) entry, number, auditLimit);
              read.rest().headMap(begins.next(), false).clear();
              return walkOn(new Read(begins, read.rest()));
            });
  }

  private static Future<Found> found(Read read) {
    var last = read.rest().lastEntry();
    return Future.succeededFuture(
        new Found(read.view(), last == null ? null : last.getValue().head()));
  }
}
