package io.shield.backend.redis.impl;

import io.shield.backend.redis.RedisBackendOptions;
import io.shield.decision.EffectiveStatus;
import io.shield.internal.Dialect;
import io.shield.internal.ReservedStates.EdgeDocuments;
import io.shield.json.ShieldJson;
import io.shield.model.DocumentValue;
import io.shield.model.OpaqueDocument;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What stands in Redis for a document: for a route the status that was asked for, or the effective
 * one, with what was asked for beside it where that differs. Which of them is a setting of the
 * store, in a document.
 *
 * @param dialect whose names and values it is said in
 * @param effective whether it is the effective one
 * @param byDefault whether it is where the store has no setting
 * @param clock tells which that is
 */
record Wording(Dialect dialect, boolean effective, boolean byDefault, InstantSource clock) {
  private static final DocumentKey SETTING = DocumentKey.document("setting:effective-status");

  /** Prefixes that instances of the original read. */
  private static final Set<String> READ_BY_OTHERS = Set.of("shield:", "waygate:");

  /** Before the store was read. */
  static Wording of(RedisBackendOptions options, InstantSource clock) {
    boolean read = READ_BY_OTHERS.contains(options.getKeyPrefix()) && options.getHashTag() == null;
    return new Wording(Dialect.valueOf(options.getDialect().name()), read, read, clock);
  }

  /** What makes the setting of a store. */
  static Change setting(Snapshot store, boolean effective) {
    OpaqueDocument value = new OpaqueDocument(Boolean.toString(effective));
    Edit edit = new Edit(SETTING, store.version(SETTING), value);
    return new Change(UUID.randomUUID().toString(), List.of(edit), List.of());
  }

  /** As a store has it. */
  Wording after(Snapshot store) {
    return with(store.value(SETTING));
  }

  /** As it is once a change is made. */
  Wording after(Change change) {
    return change.edits().stream()
        .filter(edit -> edit.key().equals(SETTING))
        .findFirst()
        .map(edit -> with(edit.value()))
        .orElse(this);
  }

  private Wording with(@Nullable DocumentValue setting) {
    boolean next =
        setting instanceof OpaqueDocument document
            ? Boolean.parseBoolean(document.content())
            : byDefault;
    return new Wording(dialect, next, byDefault, clock);
  }

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
    String text = DocumentText.write(key, value);
    return key.kind() == DocumentKind.DOCUMENT ? text : inDialect(text);
  }

  /** What the original's listeners are told; "" if nothing. */
  String message(DocumentKey key, @Nullable DocumentValue value) {
    return value instanceof RouteState
        ? write(key, value)
        : inDialect(DocumentText.message(key, value));
  }

  /** JSON as others read it. */
  String inDialect(String json) {
    return dialect == Dialect.SHIELD || json.isEmpty()
        ? json
        : ShieldJson.text(dialect.write(ShieldJson.parse("text", json)));
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
   *
   * @param written what is written anyhow
   */
  List<Reworded> reworded(List<Row> rows, Set<DocumentKey> written) {
    return rows.stream()
        .filter(row -> !row.isForeign() && !written.contains(row.key()))
        .flatMap(this::reworded)
        .toList();
  }

  private Stream<Reworded> reworded(Row row) {
    String from = row.text();
    DocumentValue value = row.known();
    if (from == null || !(value instanceof RouteState)) {
      return Stream.empty();
    }
    String to = write(row.key(), value);
    return to.equals(from)
        ? Stream.empty()
        : Stream.of(new Reworded(DocumentText.name(row.key()), from, to));
  }
}
