package io.shield.admin.impl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.RouteAction;
import io.shield.Routes;
import io.shield.ShieldEngine;
import io.shield.decision.Decider;
import io.shield.decision.EffectiveStatus;
import io.shield.error.InvalidValueException;
import io.shield.error.VersionMismatchException;
import io.shield.internal.EngineInternals;
import io.shield.json.ShieldJson;
import io.shield.model.Origin;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.audit.AuditAction;
import io.shield.model.audit.AuditEntry;
import io.shield.model.audit.FieldChange;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.AuditQuery;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Takes back a change of routes, as long as nobody changed them since. */
final class UndoApi {
  private static final Duration REACH = Duration.ofHours(1);

  private final ShieldEngine engine;
  private final EngineInternals internals;

  UndoApi(ShieldEngine engine, EngineInternals internals) {
    this.engine = engine;
    this.internals = internals;
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.post("/api/routes/undo", Access.OPERATOR, this::undo).reads("reason"));
  }

  /** The log knows what every field was: nobody has to say it, and nobody can say it wrong. */
  private Future<Answer> undo(Call call) {
    int revision = call.body().integer("revision", 0);
    if (revision < 1) {
      throw new InvalidValueException("revision", revision, "the revision of a change");
    }
    String reason = call.reason();
    Instant earliest = call.now().minus(REACH);
    // The log is the store's: without its change this node would find the routes changed since.
    return internals
        .drawLevel()
        .compose(v -> engine.audit().newest(AuditQuery.MAX_LIMIT))
        .compose(
            log -> {
              List<AuditEntry> entries =
                  log.stream()
                      .filter(entry -> entry.revision() == revision && isOfRoute(entry))
                      .filter(entry -> !entry.timestamp().isBefore(earliest))
                      .toList();
              if (entries.isEmpty()) {
                throw unknown("no change of routes in the last hour has the revision " + revision);
              }
              if (!isWhole(log, entries, revision)) {
                throw unknown(
                    "the log may no longer have all of the change with the revision " + revision);
              }
              return engine
                  .routes()
                  .applyAll(
                      entries.stream().map(entry -> command(entry, log, reason)).toList(),
                      call.actor());
            })
        .map(this::answer);
  }

  private static RefusedException unknown(String message) {
    return new RefusedException(404, "UNKNOWN_CHANGE", message);
  }

  /**
   * The log forgets the oldest entries. So nothing is missing of a change with an entry behind it.
   * Of the oldest change in the log a route may be missing that still has that version, or that was
   * changed since, unless it shows that nobody had changed it before.
   */
  private boolean isWhole(List<AuditEntry> log, List<AuditEntry> entries, long revision) {
    if (log.get(log.size() - 1).revision() != revision) {
      return true;
    }
    Set<String> named = entries.stream().map(AuditEntry::path).collect(Collectors.toSet());
    Map<String, AuditEntry> oldest = new HashMap<>();
    log.stream()
        .filter(entry -> entry.previousStatus() != null && !named.contains(entry.path()))
        .forEach(entry -> oldest.put(entry.path(), entry));
    return oldest.values().stream().allMatch(UndoApi::isFirstSinceDeclared)
        && engine.snapshot().states().values().stream()
            .allMatch(state -> state.version() != revision || named.contains(state.path()));
  }

  private static boolean isFirstSinceDeclared(AuditEntry entry) {
    String code = JsonNodeFactory.instance.textNode(Origin.CODE.wireName()).toString();
    return entry.changes().stream()
        .anyMatch(change -> change.field().equals("origin") && change.before().equals(code));
  }

  private static boolean isOfRoute(AuditEntry entry) {
    return !RouteKey.isReserved(entry.path())
        && !entry.path().startsWith("__")
        && !entry.changes().isEmpty()
        && !entry.reported();
  }

  private Routes.Command command(AuditEntry entry, List<AuditEntry> log, String reason) {
    RouteState now = engine.routes().get(entry.path()).state();
    if (now.version() != entry.revision()) {
      throw new VersionMismatchException(now.path(), entry.revision(), now.version());
    }
    ObjectNode before = ShieldJson.write(now);
    for (FieldChange change : entry.changes()) {
      before.set(change.field(), ShieldJson.parse(change.field(), change.before()));
    }
    RouteState state = ShieldJson.readStoredRouteState(before);
    boolean none = isFirst(entry, log) && !internals.isDeclared(now.path()) && follows(state);
    return new Routes.Command(
        now.path(),
        new RouteAction.Restore(none ? null : state, reason),
        Long.valueOf(now.version()));
  }

  /** Whether the log has nothing of the route before, or last that it was forgotten. */
  private static boolean isFirst(AuditEntry entry, List<AuditEntry> log) {
    return log.stream()
        .filter(one -> one.path().equals(entry.path()) && one.revision() < entry.revision())
        .findFirst()
        .map(last -> last.action().equals(AuditAction.FORGET))
        .orElse(true);
  }

  /** Whether a method's state is that of all methods, which it would follow without it. */
  private boolean follows(RouteState state) {
    RouteKey key = state.key();
    String get = key.withMethod("GET").toString();
    boolean head = "HEAD".equals(key.method()) && Decider.stateOf(engine.snapshot(), get) != null;
    RouteState followed =
        key.method() == null
            ? null
            : Decider.stateOf(engine.snapshot(), head ? get : key.withMethod(null).toString());
    return followed != null && content(followed, state.path()).equals(content(state, state.path()));
  }

  private static RouteState content(RouteState state, String path) {
    return state.toBuilder().path(path).version(0).since(null).build();
  }

  private Answer answer(List<RouteState> states) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("count", states.size());
    ArrayNode routes = body.putArray("routes");
    Snapshot snapshot = engine.snapshot();
    Instant now = internals.clock().instant();
    List<String> leftOpen = new ArrayList<>();
    for (RouteState state : states) {
      routes.add(ShieldJson.writeShown(state, EffectiveStatus.at(state, now)));
      leftOpen.addAll(OwnMethods.leftOpen(snapshot, state, now));
    }
    Head head = snapshot.head();
    return Answer.json(body).with("ETag", ETags.of(head, head.revision())).warned(leftOpen);
  }
}
