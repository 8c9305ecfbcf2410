package io.shield.admin.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.ShieldEngine;
import io.shield.admin.Role;
import io.shield.decision.EffectiveStatus;
import io.shield.error.InvalidValueException;
import io.shield.internal.EngineInternals;
import io.shield.internal.EngineInternals.Proposal;
import io.shield.internal.value.Successors;
import io.shield.json.Fields;
import io.shield.json.ShieldJson;
import io.shield.model.Origin;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a service's own code calls: registering its routes, and reporting what it did. */
final class SdkApi {
  private final ShieldEngine engine;
  private final EngineInternals internals;
  private final TokenDocuments documents;

  SdkApi(ShieldEngine engine, EngineInternals internals, TokenDocuments documents) {
    this.engine = engine;
    this.internals = internals;
    this.documents = documents;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.post("/api/sdk/register", Access.SDK, this::register).reads("app_id"),
        Endpoint.post("/api/sdk/audit", Access.SDK, this::audit).reads("app_id"));
  }

  private Future<Answer> register(Call call) {
    Fields in = call.body();
    String service = in.required("app_id");
    if (!service.isEmpty()) {
      RouteKey.checkService(service);
    }
    if (in.node("states") == null) {
      throw new InvalidValueException("states", "null", "a list");
    }
    Map<String, RouteState> states = new LinkedHashMap<>();
    for (RouteState state : in.list("states", json -> declared(json, service))) {
      states.put(state.path(), state);
    }
    return authorized(call, service, List.copyOf(states.keySet()))
        .compose(v -> internals.commit(snapshot -> missing(snapshot, states)))
        .map(v -> registered(states, call.now()));
  }

  private static RouteState declared(JsonNode json, String service) {
    RouteState state = ShieldJson.readRouteState(json);
    if (state.successorPath() != null) {
      Successors.check(state.successorPath());
    }
    if (RouteKey.isReserved(state.path())) {
      throw new InvalidValueException("path", state.path(), "a route, not a document of Shield's");
    }
    String named = RouteKey.parse(state.path()).service();
    if (named != null && !named.equals(service)) {
      throw new InvalidValueException("path", state.path(), "a route of the service " + service);
    }
    return state.toBuilder().service(service).origin(Origin.CODE).version(0).build();
  }

  /** A service's token writes what bears the name of that service, and nothing else. */
  private Future<Void> authorized(Call call, String service, List<String> keys) {
    Principal who = call.principal();
    if (who.role() != Role.SDK) {
      return Future.succeededFuture();
    }
    boolean own = keys.stream().allMatch(key -> service.equals(RouteKey.parse(key).service()));
    if (service.isEmpty() || !own) {
      throw RefusedException.forbidden("a service's token may register routes of its service only");
    }
    String bound = who.service();
    if (bound == null) {
      return documents.bind(
          String.valueOf(who.tokenId()), service, Objects.requireNonNull(who.expiresAt()));
    }
    if (!bound.equals(service)) {
      throw RefusedException.forbidden("this token is bound to the service " + bound);
    }
    return Future.succeededFuture();
  }

  /** What is known stays as it is: the server decides, except about {@code force_active}. */
  private Proposal missing(Snapshot snapshot, Map<String, RouteState> states) {
    Instant now = internals.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    List<Edit> edits = new ArrayList<>();
    for (RouteState state : states.values()) {
      RouteState stored = snapshot.state(state.path());
      DocumentKey key = DocumentKey.state(state.path());
      if (stored == null) {
        edits.add(new Edit(key, 0, state.toBuilder().since(now).build()));
      } else if (stored.forceActive() != state.forceActive()) {
        RouteState changed = stored.toBuilder().forceActive(state.forceActive()).build();
        edits.add(new Edit(key, stored.version(), changed));
      }
    }
    return new Proposal(edits, List.of());
  }

  private Answer registered(Map<String, RouteState> states, Instant now) {
    Snapshot snapshot = engine.snapshot().stored();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode all = body.putArray("states");
    for (String key : states.keySet()) {
      RouteState state = snapshot.state(key);
      if (state != null) {
        all.add(ShieldJson.writeShown(state, EffectiveStatus.at(state, now), now));
      }
    }
    Head head = snapshot.head();
    return Answer.json(body).with("ETag", ETags.of(head, head.revision()));
  }

  /** A commit without edits: the entry says that a client reported it. */
  private Future<Answer> audit(Call call) {
    Principal who = call.principal();
    AuditEntry sent = ShieldJson.readAuditEntry(call.json());
    String service = sent.service() == null ? namedService(sent.path()) : sent.service();
    if (who.role() == Role.SDK && !isOwn(who, service, sent.path())) {
      throw RefusedException.forbidden("a service's token may report about its service only");
    }
    AuditEntry entry =
        new AuditEntry(
                sent.id(),
                call.now(),
                sent.path(),
                service,
                sent.action(),
                who.name(),
                who.platform().wireName(),
                sent.reason(),
                sent.previousStatus(),
                sent.nextStatus(),
                0,
                sent.changes(),
                sent.actor(),
                true)
            .withReportedAt(sent.timestamp());
    return internals
        .commit(snapshot -> new Proposal(List.of(), List.of(entry)))
        .map(v -> Answer.ok());
  }

  private static boolean isOwn(Principal who, @Nullable String service, String path) {
    String named = namedService(path);
    return who.service() != null
        && who.service().equals(service)
        && !path.startsWith("__")
        && (named == null || named.equals(service));
  }

  private static @Nullable String namedService(String path) {
    return path.startsWith("__") ? null : RouteKey.parse(path).service();
  }
}
