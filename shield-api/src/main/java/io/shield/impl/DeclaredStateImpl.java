package io.shield.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.DeclaredState;
import io.shield.impl.declared.ApplyPlanner;
import io.shield.impl.declared.DeclaredDocument;
import io.shield.impl.declared.Exporter;
import io.shield.impl.webhook.WebhookPlans;
import io.shield.model.audit.Actor;
import io.vertx.core.Future;
import java.util.Objects;

/** Declared state of an engine. Thread-safe. */
final class DeclaredStateImpl implements DeclaredState {
  private final EngineCore core;

  DeclaredStateImpl(EngineCore core) {
    this.core = core;
  }

  @Override
  public ObjectNode export(Scope scope) {
    return new Exporter(core.snapshot(), scope).export();
  }

  @Override
  public Difference preview(JsonNode document, Options options) {
    ApplyPlanner planner = planner(DeclaredDocument.read(document), options, Actor.SYSTEM);
    core.ofRevision(planner, options.ifRevision()).plan(core.snapshot());
    return planner.difference();
  }

  /** The document is read on the caller's thread: it may be a large one. */
  @Override
  public Future<Difference> apply(JsonNode document, Options options, Actor actor) {
    Objects.requireNonNull(actor, "actor");
    DeclaredDocument read;
    try {
      read = DeclaredDocument.read(document);
    } catch (RuntimeException e) {
      return core.onCaller(Future.failedFuture(e));
    }
    ApplyPlanner planner = planner(read, options, actor);
    return core.change(
        () -> core.ofRevision(planner, options.ifRevision()), done -> planner.difference());
  }

  private ApplyPlanner planner(DeclaredDocument document, Options options, Actor actor) {
    return new ApplyPlanner(
        document,
        Objects.requireNonNull(options, "options"),
        core.site(),
        core.declarationPlans(),
        WebhookPlans.of(actor, core.now(), core::setting),
        actor,
        core.now());
  }
}
