package io.shield.backend.redis.impl;

import io.shield.decision.EffectiveStatus;
import io.shield.internal.EdgeDocuments;
import io.shield.json.ShieldJson;
import io.shield.model.DocumentValue;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What stands in Redis for a document: for a route the status that was asked for, or the effective
 * one, with what was asked for beside it where that differs.
 *
 * @param effective whether it is the effective one
 * @param clock tells which that is
 */
record Wording(boolean effective, InstantSource clock) {
  /**
   * The same in other words.
   *
   * @param document its name in the scripts
   * @param from what stands there now
   * @param to what shall stand there
   */
  record Reworded(String document, String from, String to) {}

  /** What stands under a document's key. */
  String write(DocumentKey key, DocumentValue value) {
    if (effective && value instanceof RouteState state) {
      RouteStatus shown = EffectiveStatus.at(state, clock.instant());
      if (shown != state.status()) {
        return DocumentText.withoutVersion(ShieldJson.writeShown(state, shown));
      }
    }
    return DocumentText.write(key, value);
  }

  /** What the original's listeners are told; "" if nothing. */
  String message(DocumentKey key, @Nullable DocumentValue value) {
    return value instanceof RouteState ? write(key, value) : DocumentText.message(key, value);
  }

  /** The routes whose edges a change announces and whose words may have to change with that. */
  List<String> edgesIn(Change change) {
    return !effective
        ? List.of()
        : change.keys().stream()
            .map(EdgeDocuments::routeOf)
            .filter(Objects::nonNull)
            .map(DocumentKey::state)
            .filter(state -> !change.keys().contains(state))
            .map(DocumentText::name)
            .toList();
  }

  /**
   * What has to be said in other words of these documents. What others wrote is left to adoption.
   */
  List<Reworded> reworded(List<Row> rows) {
    return rows.stream().filter(row -> !row.isForeign()).flatMap(this::reworded).toList();
  }

  private Stream<Reworded> reworded(Row row) {
    String from = row.text();
    DocumentValue value = row.known();
    if (from == null || value == null) {
      return Stream.empty();
    }
    String to = write(row.key(), value);
    return to.equals(from)
        ? Stream.empty()
        : Stream.of(new Reworded(DocumentText.name(row.key()), from, to));
  }
}
