package io.shield.impl;

import io.shield.Documents;
import io.shield.error.VersionMismatchException;
import io.shield.impl.change.Plan;
import io.shield.impl.change.Plan.Planner;
import io.shield.model.DocumentValue;
import io.shield.model.OpaqueDocument;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Documents of an engine. Thread-safe. */
final class DocumentsImpl implements Documents {
  private final EngineCore core;

  DocumentsImpl(EngineCore core) {
    this.core = core;
  }

  @Override
  public Optional<Versioned<OpaqueDocument>> get(String name) {
    return Optional.ofNullable(
        core.snapshot().documents().get(Objects.requireNonNull(name, "name")));
  }

  @Override
  public Future<Versioned<OpaqueDocument>> put(String name, String content, long expectedVersion) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(content, "content");
    return core.change(
        () -> planner(name, new OpaqueDocument(content), expectedVersion),
        results -> {
          Plan.Result written = results.get(0);
          return new Versioned<>((OpaqueDocument) written.value(), written.version());
        });
  }

  @Override
  public Future<Void> delete(String name, long expectedVersion) {
    Objects.requireNonNull(name, "name");
    return core.change(() -> planner(name, null, expectedVersion), results -> null);
  }

  private static Planner planner(String name, @Nullable OpaqueDocument value, long expected) {
    DocumentKey key = DocumentKey.document(name);
    Edit edit = new Edit(key, expected, value);
    return snapshot -> plan(snapshot, edit);
  }

  private static Plan plan(Snapshot snapshot, Edit edit) {
    long actual = snapshot.version(edit.key());
    if (actual != edit.expectedVersion()) {
      throw new VersionMismatchException(edit.key().toString(), edit.expectedVersion(), actual);
    }
    DocumentValue value = edit.value();
    List<Plan.Result> results =
        value == null ? List.of() : List.of(new Plan.Result(edit.key(), value, actual));
    return new Plan(List.of(edit), List.of(), results);
  }
}
