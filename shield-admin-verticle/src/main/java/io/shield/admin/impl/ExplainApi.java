package io.shield.admin.impl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.ShieldEngine;
import io.shield.decision.Decider;
import io.shield.decision.Decision;
import io.shield.decision.EffectiveStatus;
import io.shield.decision.Exemptions;
import io.shield.decision.RefusalKind;
import io.shield.decision.Site;
import io.shield.error.InvalidValueException;
import io.shield.internal.EngineInternals;
import io.shield.internal.gate.InForce;
import io.shield.internal.limit.RateLimiting;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says what would become of a request now, which rule decides, and why. */
final class ExplainApi {
  private final ShieldEngine engine;
  private final EngineInternals internals;

  ExplainApi(ShieldEngine engine, EngineInternals internals) {
    this.engine = engine;
    this.internals = internals;
  }

  /**
   * The request asked about.
   *
   * @param service the service it goes to, or null
   * @param template the template of the route it ends in, or its path if no route is known
   */
  private record Question(@Nullable String service, String method, String template) {}

  List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/api/explain", Access.VIEWER, this::explain));
  }

  private Future<Answer> explain(Call call) {
    Snapshot snapshot = engine.snapshot();
    String path = call.parameter("path");
    if (path == null || !path.startsWith("/")) {
      throw new InvalidValueException("path", String.valueOf(path), "a path such as /orders/42");
    }
    String service = call.parameter("service");
    String method = method(call.parameter("method"));
    Site site = new Site(engine.site().environment(), service(service));
    int query = path.indexOf('?');
    String asked = query < 0 ? path : path.substring(0, query);
    Question question = new Question(service, method, Templates.find(snapshot, service, asked));
    RouteState state = state(snapshot, question);
    InForce verdict = verdict(site, question, state, call.now());
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("method", method).put("path", path).put("template", question.template);
    body.put("environment", site.environment()).put("service", site.service());
    body.put("decision", name(verdict.decision())).put("status", status(verdict.decision()));
    body.put("rule", verdict.decidedBy().wireName()).put("why", why(verdict, state, call.now()));
    body.put("route", state == null ? null : state.path());
    if (state != null) {
      body.set("state", InForce.shown(internals.gates(), state, call.now()));
    }
    List<String> policies =
        internals.limits().isBypassed()
            ? List.of()
            : RateLimiting.policiesOf(snapshot, site, question.template, method);
    policies.forEach(body.putArray("rate_limits")::add);
    Head head = snapshot.head();
    return Answer.json(body).with("ETag", ETags.of(head, head.revision())).now();
  }

  private @Nullable String service(@Nullable String asked) {
    return asked == null ? engine.site().service() : RouteKey.checkService(asked);
  }

  private static String method(@Nullable String asked) {
    String method = asked == null ? "GET" : asked.toUpperCase(Locale.ROOT);
    return Objects.requireNonNull(RouteKey.of(method, "/").method());
  }

  /** On a Shield Server the keys bear the service. */
  private static @Nullable RouteState state(Snapshot snapshot, Question question) {
    String path = question.template;
    if (question.service != null) {
      boolean head = question.method.equals("HEAD");
      RouteState named =
          Stream.of(question.method, head ? "GET" : question.method, "")
              .map(method -> new RouteKey(question.service, method.isEmpty() ? null : method, path))
              .map(key -> snapshot.state(key.toString()))
              .filter(Objects::nonNull)
              .findFirst()
              .orElse(null);
      if (named != null) {
        return named;
      }
    }
    return Decider.stateOf(snapshot, question.method, path);
  }

  /** A service that is named is another's than this process's unless it is the same. */
  private InForce verdict(Site site, Question question, @Nullable RouteState state, Instant now) {
    return InForce.of(
        internals.gates(), site.service(), question.method, question.template, state, now);
  }

  private static String why(InForce verdict, @Nullable RouteState state, Instant now) {
    return switch (verdict.decidedBy()) {
      case BYPASS -> "this process enforces no state (SHIELD_BYPASS_LIFECYCLE)";
      case GLOBAL_MAINTENANCE -> maintenance("the fleet", verdict);
      case SERVICE_MAINTENANCE -> maintenance("its service", verdict);
      case STARTING -> "the store was not read yet, and a cold start keeps routes closed";
      case UNKNOWN_ROUTE -> "nothing is known about this route";
      case FORCE_ACTIVE -> "the code declares the route force-active";
      case WINDOW, UNTIL, ROUTE_STATE ->
          why(Objects.requireNonNull(state), verdict.decision(), now);
    };
  }

  private static String maintenance(String whose, InForce verdict) {
    String reason =
        verdict.decision() instanceof Decision.Maintenance maintenance ? maintenance.reason() : "";
    return whose
        + " is under maintenance"
        + (reason.isEmpty() ? "" : " (" + reason + ")")
        + ", and the route is neither exempt nor force-active";
  }

  private static String why(RouteState state, Decision own, Instant now) {
    String status = EffectiveStatus.at(state, now).wireName();
    StringBuilder why = new StringBuilder(state.path()).append(" is ").append(status);
    String reason = own instanceof Decision.Maintenance closed ? closed.reason() : state.reason();
    if (!reason.isEmpty() && !InForce.isOver(state, now)) {
      why.append(": ").append(reason);
    }
    if (own instanceof Decision.Refusal && Exemptions.of(state) != null) {
      why.append("; allowed_ips, allowed_roles and canary_percentage let some callers pass");
    }
    return why.toString();
  }

  private static String name(Decision decision) {
    return decision instanceof Decision.Refusal refusal
        ? refusal.kind().name().toLowerCase(Locale.ROOT)
        : "allow";
  }

  private static int status(Decision decision) {
    if (decision instanceof Decision.Refusal refusal) {
      return refusal.kind() == RefusalKind.ENV_GATED ? 403 : 503;
    }
    return 200;
  }
}
