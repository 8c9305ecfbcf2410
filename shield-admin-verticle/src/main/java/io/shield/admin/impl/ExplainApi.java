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
import io.shield.internal.EngineInternals.Match;
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
   * @param path its path, without a query
   */
  private record Question(@Nullable String service, String method, String path) {}

  /** The state that decides about it, if one does, and what it comes to. */
  private record Found(@Nullable RouteState state, InForce verdict) {}

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/explain", Access.VIEWER, this::explain)
            .reads("method", "path", "service"));
  }

  private Future<Answer> explain(Call call) {
    Snapshot snapshot = engine.snapshot();
    String path = call.parameter("path");
    if (path == null || !path.startsWith("/")) {
      throw new InvalidValueException(
          "path", path == null ? "" : path, "a path such as /orders/42");
    }
    String service = call.parameter("service");
    String method = method(call.parameter("method"));
    Site site = new Site(engine.site().environment(), service(service));
    int query = path.indexOf('?');
    String asked = query < 0 ? path : path.substring(0, query);
    Question question = new Question(service, method, asked);
    Head head = snapshot.head();
    return Answer.json(answer(snapshot, site, question, call.now()).put("path", path))
        .with("ETag", ETags.of(head, head.revision()))
        .now();
  }

  /**
   * The application's own routers know which of its routes a request may run; the routes of another
   * process are known by their templates only.
   */
  private ObjectNode answer(Snapshot snapshot, Site site, Question question, Instant now) {
    boolean own = question.service == null || question.service.equals(engine.site().service());
    List<Match> matches = own ? internals.matches(question.method, question.path) : null;
    if (matches == null) {
      String template = Templates.find(snapshot, question.service, question.path);
      RouteState state = state(snapshot, question, template);
      InForce verdict = verdict(site, question, template, state, now);
      return told(snapshot, site, question, template, new Found(state, verdict), now);
    }
    if (matches.isEmpty()) {
      return noSuchRoute(site, question);
    }
    ObjectNode body = ofRouter(snapshot, site, question, matches, now);
    if (matches.size() > 1) {
      matches.forEach(match -> body.withArray("matches").add(match.template()));
    }
    return body;
  }

  /** As the handler: refused by the first of them that refuses, else by none. */
  private ObjectNode ofRouter(
      Snapshot snapshot, Site site, Question question, List<Match> matches, Instant now) {
    Match meant = matches.get(0);
    for (Match match : matches) {
      if (match.outside()) {
        return base(site, question, match.template())
            .put("decision", "allow")
            .put("status", 200)
            .put("rule", "outside_shield")
            .put("why", "it goes to a router that Shield leaves alone, its own API for instance");
      }
      RouteState state = Decider.stateOf(snapshot, question.method, match.template());
      InForce verdict =
          match.behind()
              ? InForce.behind(internals.gates(), state, now)
              : verdict(site, question, match.template(), state, now);
      if (verdict.decision() instanceof Decision.Refusal) {
        return told(snapshot, site, question, match.template(), new Found(state, verdict), now);
      }
      boolean better = meant.template().endsWith("*") && !match.template().endsWith("*");
      meant = better && !match.behind() ? match : meant;
    }
    RouteState state = Decider.stateOf(snapshot, question.method, meant.template());
    InForce verdict = verdict(site, question, meant.template(), state, now);
    return told(snapshot, site, question, meant.template(), new Found(state, verdict), now);
  }

  /** What Vert.x answers then, a handler on a wildcard route aside. */
  private ObjectNode noSuchRoute(Site site, Question question) {
    return base(site, question, question.path)
        .put("decision", "no_such_route")
        .put("status", 404)
        .put("rule", "no_such_route")
        .put("why", "no such route: no route of the application has this method and path");
  }

  private ObjectNode base(Site site, Question question, String template) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("method", question.method)
        .put("path", question.path)
        .put("template", template)
        .put("environment", isElsewhere(site) ? null : site.environment())
        .put("service", site.service());
  }

  private ObjectNode told(
      Snapshot snapshot, Site site, Question question, String template, Found found, Instant now) {
    RouteState state = found.state;
    Decision decision = found.verdict.decision();
    ObjectNode body =
        base(site, question, template)
            .put("decision", name(decision))
            .put("status", status(decision))
            .put("rule", found.verdict.decidedBy().wireName())
            .put("why", why(found.verdict, site, state, now) + unnamed(snapshot, question, found))
            .put("route", state == null ? null : state.path());
    if (state != null) {
      body.set("state", InForce.shown(internals.gates(), state, now));
    }
    List<String> policies =
        internals.limits().isBypassed()
            ? List.of()
            : RateLimiting.policiesOf(snapshot, site, template, question.method);
    policies.forEach(body.putArray("rate_limits")::add);
    return body;
  }

  /** On a Shield Server a question without a service is about no route that there is. */
  private static String unnamed(Snapshot snapshot, Question question, Found found) {
    List<String> services =
        found.state == null && question.service == null
            ? Templates.services(snapshot, question.method, question.path)
            : List.of();
    return services.isEmpty()
        ? ""
        : "; a service has such a route, name it: " + String.join(", ", services);
  }

  private @Nullable String service(@Nullable String asked) {
    return asked == null ? engine.site().service() : RouteKey.checkService(asked);
  }

  private static String method(@Nullable String asked) {
    String method = asked == null ? "GET" : asked.toUpperCase(Locale.ROOT);
    return Objects.requireNonNull(RouteKey.of(method, "/").method());
  }

  /** On a Shield Server the keys bear the service. */
  private static @Nullable RouteState state(Snapshot snapshot, Question question, String path) {
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
  private InForce verdict(
      Site site, Question question, String template, @Nullable RouteState state, Instant now) {
    return InForce.of(internals.gates(), site.service(), question.method, template, state, now);
  }

  /** Whether it is another service's: where that runs is not known here. */
  private boolean isElsewhere(Site site) {
    return !Objects.equals(site.service(), engine.site().service());
  }

  private String why(InForce verdict, Site site, @Nullable RouteState state, Instant now) {
    return switch (verdict.decidedBy()) {
      case BYPASS -> "this process enforces no state (SHIELD_BYPASS_LIFECYCLE)";
      case GLOBAL_MAINTENANCE -> maintenance("the fleet", verdict);
      case SERVICE_MAINTENANCE -> maintenance("its service", verdict);
      case STARTING -> "the store was not read yet, and a cold start keeps routes closed";
      case UNKNOWN_ROUTE -> "nothing is known about this route";
      case FORCE_ACTIVE -> "the code declares the route force-active";
      case WINDOW, UNTIL, ROUTE_STATE ->
          why(Objects.requireNonNull(state), verdict.decision(), now)
              + (isElsewhere(site) ? where(verdict.decision()) : "");
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

  private static String where(Decision decision) {
    return decision instanceof Decision.EnvGated gated
        ? "; " + gated.reason() + ", and its service knows where it runs"
        : "";
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
