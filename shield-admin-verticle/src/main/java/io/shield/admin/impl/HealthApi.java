package io.shield.admin.impl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.ShieldEngine;
import io.shield.Store;
import io.shield.internal.EngineInternals;
import io.shield.internal.Meters;
import io.shield.internal.gate.WideRule;
import io.shield.internal.limit.RateLimiting;
import io.shield.json.ShieldJson;
import io.shield.model.store.Head;
import io.shield.web.SdkState;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;

/**
 * What a supervisor asks. A node whose store cannot be reached goes on enforcing what it knows, so
 * it is ready, and says that it is degraded: else a lost store would take the whole API down. So is
 * one that started without the store and enforces what the code declares.
 */
final class HealthApi {
  private final ShieldEngine engine;
  private final EngineInternals internals;
  private final Meters meters;
  private final RateLimiting limits;

  HealthApi(ShieldEngine engine, EngineInternals internals) {
    this.engine = engine;
    this.internals = internals;
    this.meters = internals.meters();
    this.limits = internals.limits();
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/health/live", Access.PUBLIC, call -> live()),
        Endpoint.get("/health/ready", Access.PUBLIC, call -> ready()),
        Endpoint.get("/api/version", Access.VIEWER, call -> version()),
        Endpoint.get("/api/overrides", Access.VIEWER, call -> overrides()));
  }

  private List<WideRule> wideRules() {
    return WideRule.of(internals.gates(), limits.isBypassed());
  }

  private static ObjectNode withoutReason(WideRule rule) {
    ObjectNode json = rule.json();
    json.remove("reason");
    return json;
  }

  /** What overrides what routes and limits say of themselves. */
  private Future<Answer> overrides() {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    wideRules().forEach(rule -> all.add(rule.json()));
    Store.Status store = engine.store().status();
    String problem = store.problem() == null ? "" : store.problem();
    if (store.condition() == Store.Status.Condition.UNREACHABLE) {
      all.add(new WideRule(WideRule.Kind.STORE_UNREACHABLE, null, problem).json());
    } else if (store.condition() == Store.Status.Condition.DISTRUSTED) {
      all.add(new WideRule(WideRule.Kind.STORE_DISTRUSTED, null, problem).json());
    }
    internals
        .unguarded()
        .forEach(line -> all.add(new WideRule(WideRule.Kind.UNGUARDED, null, line).json()));
    return Answer.json(all).now();
  }

  /** Not for everybody: it tells what a server is open to. */
  private static Future<Answer> version() {
    String version = HealthApi.class.getPackage().getImplementationVersion();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    return Answer.json(body.put("version", version == null ? "(unpackaged)" : version)).now();
  }

  private static Future<Answer> live() {
    return Answer.json(JsonNodeFactory.instance.objectNode().put("status", "up")).now();
  }

  private Future<Answer> ready() {
    Store.Status store = engine.store().status();
    Head head = engine.snapshot().head();
    boolean ready =
        switch (store.condition()) {
          case READY, UNREACHABLE, DISTRUSTED -> true;
          case STARTING -> internals.enforcesBeforeLoad();
          case CLOSED -> false;
        };
    boolean degraded =
        store.condition() != Store.Status.Condition.READY
            || store.problem() != null
            || !limits.problems().isEmpty()
            || !internals.unguarded().isEmpty()
            || limits.storeProblem() != null;
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("status", ready ? (degraded ? "degraded" : "up") : "down");
    body.put("store", store.condition().name().toLowerCase(Locale.ROOT));
    SdkState sdk = SdkState.of(engine);
    if (sdk != null) {
      body.put("sdk", sdk.wireName());
    }
    ObjectNode snapshot = ShieldJson.write(head);
    snapshot.put("age_seconds", meters.nanosSinceAnswer() / 1_000_000_000L);
    body.set("snapshot", snapshot);
    ArrayNode overrides = body.putArray("overrides");
    // Whoever asks need not be signed in: no reasons.
    wideRules().forEach(rule -> overrides.add(withoutReason(rule)));
    if (store.condition() == Store.Status.Condition.READY && store.problem() != null) {
      body.put("problem", store.problem());
    }
    if (store.warning() != null) {
      body.put("warning", store.warning());
    }
    body.set("rate_limits", limits());
    return Answer.json(ready ? 200 : 503, body).now();
  }

  /** Since the start; and what is stored and not in force, each with the reason. */
  private ObjectNode limits() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("uncounted", limits.uncounted());
    body.put("refused_without_key", limits.keyless());
    if (limits.isShared()) {
      String problem = limits.storeProblem();
      body.put("store", problem == null ? "up" : problem);
      body.put("unanswered", limits.storeFailures());
    }
    ObjectNode problems = body.putObject("problems");
    limits.problems().forEach(problems::put);
    return body;
  }
}
