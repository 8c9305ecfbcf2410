package io.shield.admin.impl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.ShieldEngine;
import io.shield.error.InvalidValueException;
import io.shield.internal.EngineInternals;
import io.shield.json.CommitJson;
import io.shield.json.ShieldJson;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

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
        Endpoint.get("/api/sdk/head", Access.SDK, this::head).reads("earlier", "later"),
        Endpoint.get("/api/sdk/snapshot", Access.SDK, this::snapshot),
        Endpoint.post("/api/sdk/commit", Access.SDK, this::commit));
  }

  /** What the sender calls its documents: those of the service it names, or of all. */
  static ServiceNames names(Call call) {
    return ServiceNames.of(ServiceView.visible(call, AuthApi.service(call.ctx())));
  }

  private Future<Answer> head(Call call) {
    names(call);
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    Head earlier = head("earlier", call);
    Head later = head("later", call);
    return withAncestors(body, engine.snapshot().head())
        .compose(
            v ->
                earlier == null || later == null
                    ? Answer.json(body).now()
                    : withDescent(body, earlier, later));
  }

  /** A head that is asked about, or null. */
  private static @Nullable Head head(String name, Call call) {
    String text = call.parameter(name);
    if (text == null) {
      return null;
    }
    String[] parts = text.split(":", -1);
    try {
      if (parts.length == 3) {
        return new Head(parts[0], Long.parseLong(parts[1]), parts[2]);
      }
    } catch (NumberFormatException noRevision) {
      // told below
    }
    throw new InvalidValueException(name, text, "epoch, revision and commit id, with colons");
  }

  private Future<Void> withAncestors(ObjectNode body, Head head) {
    body.set("head", ShieldJson.write(head));
    return internals
        .lineage()
        .map(
            lineage -> {
              ArrayNode ancestors = body.putArray("ancestors");
              if (lineage.epoch().equals(head.epoch())) {
                lineage.ancestors().forEach(ancestors::add);
              }
              return null;
            });
  }

  /** An engine cannot tell a server that was behind from a store that was set back. */
  private Future<Answer> withDescent(ObjectNode body, Head earlier, Head later) {
    return internals
        .descent(earlier, later)
        .map(descent -> Answer.json(body.put("descent", descent.name().toLowerCase(Locale.ROOT))));
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
