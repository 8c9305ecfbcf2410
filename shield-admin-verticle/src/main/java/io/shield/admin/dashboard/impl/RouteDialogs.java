package io.shield.admin.dashboard.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.Routes.RouteView;
import io.shield.ShieldEngine;
import io.shield.admin.dashboard.AdminAccess;
import io.shield.admin.dashboard.ApiCall;
import io.shield.admin.dashboard.Reply;
import io.shield.admin.dashboard.view.Choice;
import io.shield.admin.dashboard.view.Dialog;
import io.shield.admin.dashboard.view.Toast;
import io.shield.admin.dashboard.view.When;
import io.shield.error.InvalidValueException;
import io.shield.error.UnknownRouteException;
import io.shield.json.ShieldJson;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Asks what is to be done with routes, and has the API do it. */
final class RouteDialogs implements Dialogs {
  private final ShieldEngine engine;
  private final AdminAccess api;
  private final InstantSource clock;
  private final Traffic traffic;

  RouteDialogs(ShieldEngine engine, AdminAccess api, InstantSource clock, Traffic traffic) {
    this.engine = engine;
    this.api = api;
    this.clock = clock;
    this.traffic = traffic;
  }

  /** What can be done with a route. */
  Choice choice(String key) {
    RouteState state = engine.routes().get(key).state();
    List<Choice.Option> options =
        Arrays.stream(RouteVerb.values())
            .filter(verb -> verb != RouteVerb.UNSCHEDULE || state.window() != null)
            .filter(verb -> verb != RouteVerb.ENABLE || state.status() != RouteStatus.ACTIVE)
            .map(
                verb ->
                    new Choice.Option(
                        verb.action() + " " + state.path(), verb.label(), verb.text()))
            .toList();
    return new Choice(
        state.path(),
        Stream.concat(
                options.stream(),
                Stream.of(
                    new Choice.Option(
                        "limit-set " + LimitPages.policyKey(state.path()),
                        "Rate limit",
                        "Says how often it may be called.")))
            .toList());
  }

  @Override
  public boolean handles(String action) {
    return RouteVerb.of(action) != null;
  }

  private static RouteVerb verb(String action) {
    RouteVerb verb = RouteVerb.of(action);
    if (verb == null) {
      throw new InvalidValueException("act", action, "an action of this page");
    }
    return verb;
  }

  @Override
  public Dialog ask(String action, List<String> keys) {
    RouteVerb verb = verb(action);
    if (keys.isEmpty()) {
      throw new InvalidValueException("routes", "none", "chosen");
    }
    List<RouteState> states =
        keys.stream().distinct().map(key -> engine.routes().get(key).state()).toList();
    List<Dialog.Subject> subjects =
        states.stream().map(s -> new Dialog.Subject(s.path(), s.version())).toList();
    return dialog(verb, subjects, values(states), "", List.of(), "");
  }

  /** What stands in the fields: what the route has now, where only one is meant. */
  private static Map<String, String> values(List<RouteState> states) {
    Map<String, String> values = new HashMap<>();
    if (states.size() == 1) {
      RouteState state = states.get(0);
      values.put("envs", String.join(", ", state.allowedEnvs()));
      values.put("percentage", String.valueOf(state.canaryPercentage()));
      if (state.status() == RouteStatus.DEPRECATED && state.successorPath() != null) {
        values.put("successor_path", state.successorPath());
      }
    }
    return values;
  }

  private Dialog dialog(
      RouteVerb verb,
      List<Dialog.Subject> subjects,
      Map<String, String> values,
      String error,
      List<Dialog.Conflict> conflicts,
      String mine) {
    String what =
        subjects.size() == 1 ? subjects.get(0).key() : Texts.count(subjects.size(), "route");
    List<String> keys = subjects.stream().map(Dialog.Subject::key).toList();
    return new Dialog(
        verb.action(),
        verb.label() + ": " + what,
        verb.label(),
        verb.text(),
        subjects,
        keys,
        verb.danger() ? traffic.impact(keys) : "",
        verb.danger(),
        "",
        verb.fields(),
        values,
        error,
        conflicts,
        mine);
  }

  @Override
  public Future<Outcome> act(RoutingContext ctx, String action, Form form) {
    return act(ctx, verb(action), form);
  }

  private Future<Outcome> act(RoutingContext ctx, RouteVerb verb, Form form) {
    List<Dialog.Subject> subjects = Subjects.read(form);
    List<String> changed = new ArrayList<>();
    List<Dialog.Subject> current = new ArrayList<>();
    for (Dialog.Subject subject : subjects) {
      long version = version(subject.key());
      current.add(new Dialog.Subject(subject.key(), version));
      if (version != subject.version()) {
        changed.add(subject.key());
      }
    }
    ObjectNode body;
    try {
      body = body(verb, form, subjects);
    } catch (InvalidValueException e) {
      return Future.succeededFuture(
          Outcome.ask(
              400,
              dialog(
                  verb, subjects, form.firsts(), String.valueOf(e.getMessage()), List.of(), "")));
    }
    if (!changed.isEmpty()) {
      return conflict(ctx, verb, form, current, changed, body);
    }
    var head = engine.snapshot().head();
    String tag = '"' + head.epoch() + '.' + head.revision() + '"';
    ApiCall call = ApiCall.of(HttpMethod.POST, "/api/routes/bulk").withBody(body).ifMatch(tag);
    return api.call(ctx, call).compose(reply -> outcome(ctx, verb, form, subjects, reply));
  }

  private Future<Outcome> outcome(
      RoutingContext ctx, RouteVerb verb, Form form, List<Dialog.Subject> subjects, Reply reply) {
    if (reply.isOk()) {
      return Future.succeededFuture(Outcome.done(toast(verb, reply)));
    }
    if (reply.status() == 412) {
      // Anything in the fleet may have moved; these routes are looked at again.
      return act(ctx, verb, form);
    }
    return Future.succeededFuture(
        Outcome.ask(
            reply.status(), dialog(verb, subjects, form.firsts(), reply.error(), List.of(), "")));
  }

  private long version(String key) {
    try {
      return engine.routes().get(key).state().version();
    } catch (UnknownRouteException gone) {
      return 0;
    }
  }

  private static ObjectNode body(RouteVerb verb, Form form, List<Dialog.Subject> subjects) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("action", verb.action());
    ArrayNode keys = body.putArray("keys");
    subjects.forEach(subject -> keys.add(subject.key()));
    String reason = form.value("reason");
    if (verb.danger() && reason.isEmpty()) {
      throw new InvalidValueException("reason", reason, "given: callers may be hurt");
    }
    body.put("reason", reason);
    if (verb.fields().contains("when")) {
      FormTimes.put(form, body);
    }
    for (String field : List.of("sunset_date", "successor_path")) {
      if (verb.fields().contains(field) && !form.value(field).isEmpty()) {
        body.put(field, form.value(field));
      }
    }
    if (verb.fields().contains("envs")) {
      ArrayNode envs = body.putArray("envs");
      Lists.split(form.value("envs")).forEach(envs::add);
    }
    if (verb.fields().contains("percentage")) {
      body.put("percentage", Lists.number("percentage", form.value("percentage")));
    }
    return body;
  }

  private static Toast toast(RouteVerb verb, Reply reply) {
    JsonNode routes = reply.json().path("routes");
    String what =
        routes.size() == 1
            ? routes.path(0).path("path").asText()
            : Texts.count(routes.size(), "route");
    String status = routes.path(0).path("status").asText();
    String now = routes.size() == 1 ? " is " + Texts.status(RouteStatus.parse(status)).label() : "";
    ObjectNode undo = JsonNodeFactory.instance.objectNode();
    undo.put("revision", routes.path(0).path("version").asLong()).put("reason", "undone");
    ApiCall call = ApiCall.of(HttpMethod.POST, "/api/routes/undo").withBody(undo);
    return Outcome.toast(verb.label() + ": " + what + now, reply, Undo.write(call));
  }

  /** Who was faster, and what is there now. */
  private Future<Outcome> conflict(
      RoutingContext ctx,
      RouteVerb verb,
      Form form,
      List<Dialog.Subject> current,
      List<String> changed,
      ObjectNode body) {
    return api.call(ctx, ApiCall.get("/api/audit").with("limit", "200"))
        .map(
            reply -> {
              Map<String, AuditEntry> newest = new HashMap<>();
              if (reply.isOk()) {
                reply
                    .json()
                    .forEach(
                        json -> {
                          AuditEntry entry = ShieldJson.readAuditEntry(json);
                          newest.putIfAbsent(entry.path(), entry);
                        });
              }
              List<Dialog.Conflict> conflicts =
                  changed.stream().map(key -> conflict(key, newest)).toList();
              String mine = verb.label() + said(body.path("reason").asText());
              return Outcome.ask(409, dialog(verb, current, form.firsts(), "", conflicts, mine));
            });
  }

  private Dialog.Conflict conflict(String key, Map<String, AuditEntry> newest) {
    AuditEntry entry = newest.get(key);
    String by = entry == null ? "" : entry.actor();
    When when = entry == null ? When.NONE : Texts.when(entry.timestamp(), clock.instant());
    try {
      RouteView view = engine.routes().get(key);
      String theirs = Texts.status(view.status()).label() + said(view.state().reason());
      return new Dialog.Conflict(key, theirs, by, when);
    } catch (UnknownRouteException gone) {
      return new Dialog.Conflict(key, "deleted", by, when);
    }
  }

  private static String said(String reason) {
    return reason.isEmpty() ? "" : ": " + reason;
  }
}
