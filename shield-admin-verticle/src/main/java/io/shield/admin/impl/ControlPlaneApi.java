package io.shield.admin.impl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.ShieldEngine;
import io.shield.internal.EngineInternals;
import io.shield.json.CommitJson;
import io.shield.json.ShieldJson;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.vertx.core.Future;
import java.util.List;

/**
 * The store as the engine of a service sees it through this server: where it is, all it holds for
 * that service, and changes by compare-and-set. What belongs to other services is not shown and
 * cannot be written.
 */
final class ControlPlaneApi {
  private final ShieldEngine engine;
  private final EngineInternals internals;

  ControlPlaneApi(ShieldEngine engine, EngineInternals internals) {
    this.engine = engine;
    this.internals = internals;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/sdk/head", Access.SDK, this::head),
        Endpoint.get("/api/sdk/snapshot", Access.SDK, this::snapshot),
        Endpoint.post("/api/sdk/commit", Access.SDK, this::commit));
  }

  /** What the sender calls its documents: those of the service it names, or of all. */
  static ServiceNames names(Call call) {
    return ServiceNames.of(ServiceView.visible(call, AuthApi.service(call.ctx())));
  }

  private Future<Answer> head(Call call) {
    names(call);
    return withAncestors(JsonNodeFactory.instance.objectNode(), engine.snapshot().head());
  }

  private Future<Answer> withAncestors(ObjectNode body, Head head) {
    body.set("head", ShieldJson.write(head));
    return internals
        .lineage()
        .map(
            lineage -> {
              ArrayNode ancestors = body.putArray("ancestors");
              if (lineage.epoch().equals(head.epoch())) {
                lineage.ancestors().forEach(ancestors::add);
              }
              return Answer.json(body);
            });
  }

  private Future<Answer> snapshot(Call call) {
    ServiceNames names = names(call);
    Snapshot snapshot = engine.snapshot();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode documents = body.putArray("documents");
    names.view(snapshot).forEach(document -> documents.add(document.json()));
    body.set("head", ShieldJson.write(snapshot.head()));
    return Answer.json(body).now();
  }

  /** A repeated request id is answered with its first commit. */
  private Future<Answer> commit(Call call) {
    ServiceChange change =
        new ServiceChange(
            call.principal(), names(call), CommitJson.readChange(call.jsonOfEngine()));
    return internals.relay(change.stored()).map(change::answer);
  }
}
