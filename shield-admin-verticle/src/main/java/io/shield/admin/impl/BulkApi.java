package io.shield.admin.impl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.RouteAction;
import io.shield.Routes;
import io.shield.ShieldEngine;
import io.shield.error.InvalidValueException;
import io.shield.error.UnknownRouteException;
import io.shield.error.VersionMismatchException;
import io.shield.internal.gate.Gates;
import io.shield.internal.gate.InForce;
import io.shield.json.Fields;
import io.shield.model.RouteState;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** One action on many routes, all or nothing. */
final class BulkApi {
  private static final int MAX_KEYS = 1000;

  /**
   * The routes meant.
   *
   * @param keys those to change
   * @param skipped those that match but are force-active
   * @param matched whether they match a glob, rather than being named
   */
  private record Selection(List<String> keys, List<String> skipped, boolean matched) {
    /** Without what was forgotten since it matched; who names a route is told that it is gone. */
    Selection present(Snapshot now) {
      return matched
          ? new Selection(keys.stream().filter(k -> now.state(k) != null).toList(), skipped, true)
          : this;
    }
  }

  private final ShieldEngine engine;
  private final Gates gates;
  private final InstantSource clock;

  BulkApi(ShieldEngine engine, Gates gates, InstantSource clock) {
    this.engine = engine;
    this.gates = gates;
    this.clock = clock;
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.post("/api/routes/bulk", Access.OPERATOR, this::bulk).reads("reason"));
  }

  private Future<Answer> bulk(Call call) {
    Fields in = call.body();
    RouteAction action = RouteActions.read(in.required("action"), call, clock.instant());
    boolean dryRun = in.flag("dry_run", false);
    Snapshot snapshot = engine.snapshot();
    return selection(in, snapshot).compose(selection -> present(call, action, dryRun, selection));
  }

  private Future<Answer> present(
      Call call, RouteAction action, boolean dryRun, Selection selection) {
    Selection present = checked(selection.present(engine.snapshot()));
    return Future.succeededFuture(present)
        .compose(known -> change(call, action, dryRun, known))
        .recover(
            failure ->
                failure instanceof UnknownRouteException && isOutdated(present)
                    ? present(call, action, dryRun, present)
                    : Future.failedFuture(failure));
  }

  /** Whether something was forgotten since it was selected. */
  private boolean isOutdated(Selection selection) {
    return selection.present(engine.snapshot()).keys.size() < selection.keys.size();
  }

  private Future<Answer> change(
      Call call, RouteAction action, boolean dryRun, Selection selection) {
    String ifMatch = call.ifMatch();
    boolean conditional = ifMatch != null;
    List<Routes.Command> commands =
        selection.keys.stream()
            .map(key -> new Routes.Command(key, action, conditional ? seen(key).version() : null))
            .toList();
    // Not before: what came while the routes were selected the caller has not seen.
    Head head = engine.snapshot().head();
    if (!ETags.allows(ifMatch, head, head.revision())) {
      return mismatch(selection).now();
    }
    Future<List<RouteState>> states =
        dryRun
            ? Future.succeededFuture(engine.routes().preview(commands, call.actor()))
            : engine
                .routes()
                .applyAll(commands, conditional ? head.revision() : null, call.actor());
    return states
        .map(all -> answer(all, selection, dryRun))
        .recover(
            failure ->
                failure instanceof VersionMismatchException
                    ? mismatch(selection).now()
                    : Future.failedFuture(failure));
  }

  /** Somebody was faster: the answer has what there is now. */
  private Answer mismatch(Selection selection) {
    ObjectNode body = Errors.body("VERSION_MISMATCH", "something was changed meanwhile: see state");
    body.set("state", shown(selection.keys.stream().map(this::seen).toList()));
    Head head = engine.snapshot().head();
    return Answer.json(412, body).with("ETag", ETags.of(head, head.revision()));
  }

  private ArrayNode shown(List<RouteState> states) {
    ArrayNode routes = JsonNodeFactory.instance.arrayNode(states.size());
    for (RouteState state : states) {
      routes.add(InForce.shown(gates, state, clock.instant()));
    }
    return routes;
  }

  /** As it is now; a key may be the bare path of a route that has a method. */
  private RouteState seen(String key) {
    return engine.routes().get(key).state();
  }

  /** Globs are compared with every key on a worker: a service may register many long ones. */
  private Future<Selection> selection(Fields in, Snapshot snapshot) {
    List<String> keys = in.strings("keys");
    String glob = in.string("glob");
    if (keys.isEmpty() == (glob == null)) {
      throw new InvalidValueException("keys", keys, "given, or else glob, and not both");
    }
    if (glob == null) {
      return Future.succeededFuture(checked(new Selection(keys, List.of(), false)));
    }
    Glob pattern = Glob.of(glob);
    return engine
        .vertx()
        .executeBlocking(() -> matching(pattern, snapshot), false)
        .map(BulkApi::checked);
  }

  private static Selection checked(Selection selection) {
    if (selection.keys.isEmpty()) {
      throw new RefusedException(404, "UNKNOWN_ROUTE", "no route that can be changed matches");
    }
    if (selection.keys.size() > MAX_KEYS) {
      throw new InvalidValueException(
          "keys", selection.keys.size() + " routes", "at most " + MAX_KEYS + " routes");
    }
    return selection;
  }

  private static Selection matching(Glob pattern, Snapshot snapshot) {
    List<String> keys = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    for (RouteState state : snapshot.states().values()) {
      if (pattern.matches(state.path())) {
        (state.forceActive() ? skipped : keys).add(state.path());
      }
    }
    return new Selection(keys, skipped, true);
  }

  private Answer answer(List<RouteState> states, Selection selection, boolean dryRun) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("dry_run", dryRun);
    body.put("count", states.size());
    body.set("routes", shown(states));
    selection.skipped.forEach(body.putArray("skipped")::add);
    Snapshot snapshot = engine.snapshot();
    Head head = snapshot.head();
    Instant now = clock.instant();
    List<String> leftOpen =
        dryRun
            ? List.of()
            : states.stream()
                .flatMap(state -> OwnMethods.leftOpen(snapshot, state, now).stream())
                .toList();
    return Answer.json(body).with("ETag", ETags.of(head, head.revision())).warned(leftOpen);
  }
}
