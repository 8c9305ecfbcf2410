package io.shield.simple.impl;

import io.shield.error.InvalidValueException;
import io.shield.error.ShieldException;
import io.shield.model.RouteState;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.shield.simple.impl.DocumentStates.Found;
import io.shield.simple.impl.Request.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything a listing of the store gave.
 *
 * @param head null if the store was never written by this protocol
 * @param journal null if no change is being written
 */
record Contents(
    @Nullable HeadState head,
    @Nullable Journal journal,
    List<Page> pages,
    Map<DocumentKey, Found> documents) {

  static Contents of(List<RouteState> states) {
    HeadState head = null;
    Journal journal = null;
    List<Page> pages = new ArrayList<>();
    Map<DocumentKey, Found> documents = new LinkedHashMap<>();
    for (RouteState state : states) {
      try {
        Page page = Page.read(state);
        if (state.path().equals(HeadState.NAME)) {
          head = HeadState.read(state);
        } else if (state.path().equals(Journal.NAME)) {
          journal = Journal.read(state);
        } else if (page != null) {
          pages.add(page);
        } else {
          Found found = DocumentStates.read(state);
          if (found != null) {
            documents.put(found.key(), found);
          }
        }
      } catch (InvalidValueException e) {
        throw new ShieldException(
            "the state '" + state.path() + "' cannot be read: " + e.getMessage());
      }
    }
    return new Contents(head, journal, pages, documents);
  }

  /** The documents that were not written by this protocol. */
  List<Found> foreign(Head head) {
    return documents.values().stream().filter(found -> isForeign(found, head)).toList();
  }

  private static boolean isForeign(Found found, Head head) {
    return found.version() == 0 || found.version() > head.revision();
  }

  /** The snapshot at a head: a change that is not finished is taken back. */
  Snapshot snapshot(Head head) {
    Map<DocumentKey, Found> whole = new LinkedHashMap<>(documents);
    if (journal != null && journal.isPending(head)) {
      for (Journal.Before before : journal.before()) {
        if (before.value() == null) {
          whole.remove(before.key());
        } else {
          whole.put(before.key(), new Found(before.key(), before.value(), before.version()));
        }
      }
    }
    Map<DocumentKey, Versioned<?>> content = new LinkedHashMap<>();
    for (Found found : whole.values()) {
      long version = isForeign(found, head) ? head.revision() : found.version();
      content.put(found.key(), new Versioned<>(found.value(), version));
    }
    return Snapshot.of(head, content);
  }
}
