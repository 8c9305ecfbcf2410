package io.shield.admin.impl;

import io.shield.ShieldChange;
import io.shield.ShieldEngine;
import io.shield.ShieldEngine.Registration;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What changed lately, so that a client that was away for a moment is told what it missed instead
 * of loading everything. Thread-safe.
 */
final class ChangeLog {
  /** So many documents' names are remembered, whatever the number of changes. */
  private static final int MAX_KEYS = 20_000;

  private record Step(Head from, Set<DocumentKey> changed) {
    /** Also a step that changed nothing takes its place. */
    int size() {
      return 1 + changed.size();
    }
  }

  /**
   * What a client missed.
   *
   * @param from where it was
   * @param changed the documents that changed since, those included that are gone
   */
  record Missed(Head from, Set<DocumentKey> changed) {}

  private final Deque<Step> oldestFirst = new ArrayDeque<>();
  private int keys;
  private Head head = Head.NONE;

  private ChangeLog() {}

  /** Of an engine, as long as somebody holds the log. */
  static ChangeLog of(ShieldEngine engine) {
    ChangeLog log = new ChangeLog();
    WeakReference<ChangeLog> weak = new WeakReference<>(log);
    List<Registration> own = new ArrayList<>();
    own.add(
        engine.onChange(
            change -> {
              ChangeLog held = weak.get();
              if (held == null) {
                own.forEach(Registration::close);
              } else {
                held.add(change);
              }
            }));
    return log;
  }

  private synchronized void add(ShieldChange change) {
    Head from = change.before().head();
    if (!from.equals(head) || !from.epoch().equals(change.after().head().epoch())) {
      oldestFirst.clear();
      keys = 0;
    }
    head = change.after().head();
    Step step = new Step(from, change.changed());
    oldestFirst.addLast(step);
    keys += step.size();
    while (keys > MAX_KEYS && !oldestFirst.isEmpty()) {
      keys -= oldestFirst.removeFirst().size();
    }
  }

  /**
   * What changed between a revision that a client knows and a snapshot; null if that is not
   * remembered.
   */
  synchronized @Nullable Missed since(String epoch, long revision, Snapshot snapshot) {
    Set<DocumentKey> changed = new HashSet<>();
    long until = snapshot.head().revision();
    boolean complete = head.epoch().equals(epoch) && head.revision() >= until;
    if (!snapshot.head().epoch().equals(epoch) || revision > until) {
      return null;
    }
    if (revision == until) {
      return new Missed(snapshot.head(), changed);
    }
    if (!complete) {
      return null;
    }
    for (Iterator<Step> steps = oldestFirst.descendingIterator(); steps.hasNext(); ) {
      Step step = steps.next();
      if (step.from.revision() < until) {
        changed.addAll(step.changed);
      }
      if (step.from.revision() == revision && step.from.epoch().equals(epoch)) {
        return new Missed(step.from, changed);
      }
    }
    return null;
  }
}
