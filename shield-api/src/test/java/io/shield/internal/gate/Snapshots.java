package io.shield.internal.gate;

import io.shield.model.DocumentValue;
import io.shield.model.MaintenanceMode;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import java.util.LinkedHashMap;
import java.util.Map;

/** Short ways to the snapshots that tests of gates need. */
final class Snapshots {
  static final Snapshot EMPTY = Snapshot.empty(new Head("e", 1, "c"));
  static final Snapshot GLOBAL = with(EMPTY, MaintenanceMode.on("fleet"));

  private Snapshots() {}

  static Snapshot of(RouteState... states) {
    Snapshot snapshot = EMPTY;
    for (RouteState state : states) {
      snapshot = with(snapshot, DocumentKey.state(state.path()), state);
    }
    return snapshot;
  }

  static Snapshot with(Snapshot snapshot, MaintenanceMode global) {
    return with(snapshot, DocumentKey.globalMaintenance(), global);
  }

  static Snapshot with(Snapshot snapshot, DocumentKey key, DocumentValue value) {
    Map<DocumentKey, Versioned<?>> content = new LinkedHashMap<>(snapshot.content());
    content.put(key, new Versioned<>(value, 1));
    return Snapshot.of(snapshot.head(), content);
  }

  static RouteState disabled(String key) {
    return RouteState.builder(key).status(RouteStatus.DISABLED).reason(key).build();
  }
}
