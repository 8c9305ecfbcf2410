package io.shield.impl.replica;

import io.shield.ShieldChange;
import io.shield.internal.ReservedStates.EdgeDocuments;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What differs between two snapshots. */
final class SnapshotChanges {
  private SnapshotChanges() {}

  /**
   * The change from one snapshot to another.
   *
   * @param commit what made the one of the other, or null if that is not known
   */
  static ShieldChange between(Snapshot before, Snapshot after, @Nullable Commit commit) {
    if (commit == null) {
      Set<DocumentKey> changed = difference(before.content(), after.content());
      return new ShieldChange(before, after, changed, routes(changed), List.of());
    }
    Set<DocumentKey> changed = commit.change().keys();
    return new ShieldChange(before, after, changed, routes(changed), commit.change().audit());
  }

  private static Set<DocumentKey> difference(
      Map<DocumentKey, Versioned<?>> before, Map<DocumentKey, Versioned<?>> after) {
    Set<DocumentKey> changed = new HashSet<>();
    after.forEach(
        (key, value) -> {
          if (!value.equals(before.get(key))) {
            changed.add(key);
          }
        });
    before.keySet().stream().filter(key -> !after.containsKey(key)).forEach(changed::add);
    return changed;
  }

  /** The routes concerned, those included of which an edge was announced. */
  private static Set<String> routes(Set<DocumentKey> changed) {
    Set<String> routes = new HashSet<>();
    for (DocumentKey key : changed) {
      String edgeOf = EdgeDocuments.routeOf(key);
      if (edgeOf != null) {
        routes.add(edgeOf);
      } else if (key.kind() == DocumentKind.STATE) {
        routes.add(key.key());
      }
    }
    return routes;
  }
}
