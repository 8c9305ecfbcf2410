package io.shield.internal.gate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.decision.Decider;
import io.shield.decision.Decision;
import io.shield.decision.EffectiveStatus;
import io.shield.decision.Site;
import io.shield.json.ShieldJson;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a request to a route gets now, exemptions of its caller and rate limits aside, and which
 * rule says so. Of routes of another service than this process belongs to it says what the store
 * knows: neither that service's environment nor its bypass is known here. A route that is open in
 * some environments only is {@code env_gated} then, and its decision that of all others.
 *
 * @param status the status in force
 * @param decidedBy the rule
 * @param decision what becomes of the request
 */
public record InForce(RouteStatus status, Rule decidedBy, Decision decision) {
  /** What can decide about a request, the first that applies. */
  public enum Rule {
    /** Nothing is enforced in this process. */
    BYPASS,
    /** The maintenance of the fleet. */
    GLOBAL_MAINTENANCE,
    /** The maintenance of the route's service. */
    SERVICE_MAINTENANCE,
    /** A cold start keeps routes closed until the store was read. */
    STARTING,
    /** Nothing is known about the route. */
    UNKNOWN_ROUTE,
    /** The code declares that the route is always open. */
    FORCE_ACTIVE,
    /** A planned maintenance has begun. */
    WINDOW,
    /** What was asked for has ended. */
    UNTIL,
    /** The route's own state. */
    ROUTE_STATE;

    /** The name in JSON. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Of a known route. */
  public static InForce of(Gates gates, RouteState state, Instant now) {
    RouteKey key = state.key();
    return of(gates, key.service(), key.method(), key.path(), state, now);
  }

  /**
   * Of a request.
   *
   * @param gates what is enforced
   * @param service the service in the route's key, or null for a route of this process
   * @param method the method, or null for a route of all methods
   * @param template the template of the route
   * @param state the state that governs it, or null if none does
   */
  public static InForce of(
      Gates gates,
      @Nullable String service,
      @Nullable String method,
      String template,
      @Nullable RouteState state,
      Instant now) {
    GateRules rules = gates.rules();
    Site own = rules.site();
    boolean here = service == null || service.equals(own.service());
    if (here && rules.bypassed()) {
      return of(Decision.ALLOW, Rule.BYPASS);
    }
    Site site = here ? own : new Site(own.environment(), service);
    Decider.Ruling ruling = rules.rule(site, method, template, state);
    return switch (ruling.level()) {
      case FLEET -> of(ruling.at(site, now), Rule.GLOBAL_MAINTENANCE);
      case SERVICE -> of(ruling.at(site, now), Rule.SERVICE_MAINTENANCE);
      case START -> of(ruling.at(site, now), Rule.STARTING);
      case ROUTE ->
          state == null
              ? of(ruling.at(site, now), Rule.UNKNOWN_ROUTE)
              : ofState(state, site, here, now);
    };
  }

  /** Of a route behind the one that a request is meant for: only its own state counts. */
  public static InForce behind(Gates gates, @Nullable RouteState state, Instant now) {
    GateRules rules = gates.rules();
    if (rules.bypassed()) {
      return of(Decision.ALLOW, Rule.BYPASS);
    }
    return state == null
        ? of(Decision.ALLOW, Rule.UNKNOWN_ROUTE)
        : ofState(state, rules.site(), true, now);
  }

  private static InForce ofState(RouteState state, Site site, boolean here, Instant now) {
    // Whether it is open where the service runs, only that service knows.
    boolean elsewhere = !here && EffectiveStatus.at(state, now) == RouteStatus.ENV_GATED;
    Decision decision =
        elsewhere
            ? new Decision.EnvGated(site.environment(), state.allowedEnvs())
            : Decider.ownGate(state, site, now);
    return of(decision, rule(state, now));
  }

  private static Rule rule(RouteState state, Instant now) {
    if (state.forceActive()) {
      return Rule.FORCE_ACTIVE;
    }
    if (state.isInWindow(now) && EffectiveStatus.at(state, now) != state.status()) {
      return Rule.WINDOW;
    }
    return hasPassed(state.until(), now) ? Rule.UNTIL : Rule.ROUTE_STATE;
  }

  private static boolean hasPassed(@Nullable Instant end, Instant now) {
    return end != null && !now.isBefore(end);
  }

  /** Whether what a state's reason is about has ended: its {@code until}, or its window. */
  public static boolean isOver(RouteState state, Instant now) {
    MaintenanceWindow window = state.windowAt(now);
    if (hasPassed(state.until(), now)) {
      return true;
    }
    return window != null && window.reason().equals(state.reason()) && hasPassed(window.end(), now);
  }

  private static InForce of(Decision decision, Rule rule) {
    return new InForce(status(decision), rule, decision);
  }

  private static RouteStatus status(Decision decision) {
    if (decision instanceof Decision.Refusal refusal) {
      return switch (refusal.kind()) {
        case MAINTENANCE -> RouteStatus.MAINTENANCE;
        case DISABLED -> RouteStatus.DISABLED;
        case ENV_GATED -> RouteStatus.ENV_GATED;
        default -> throw new IllegalStateException(refusal.kind() + " is no matter of a state");
      };
    }
    boolean deprecated = decision instanceof Decision.Allow allow && allow.deprecation() != null;
    return deprecated ? RouteStatus.DEPRECATED : RouteStatus.ACTIVE;
  }

  /** Whether a request is refused for everybody who is not exempt. */
  public boolean isClosed() {
    return status == RouteStatus.MAINTENANCE || status == RouteStatus.DISABLED;
  }

  /**
   * A state as it is shown to people: {@code status} is the route's own, {@code effective_status}
   * the one in force, {@code decided_by} the rule. The reason of what has ended is not shown, nor
   * whom it let pass.
   */
  public static ObjectNode shown(Gates gates, RouteState state, Instant now) {
    Objects.requireNonNull(state, "state");
    InForce inForce = of(gates, state, now);
    ObjectNode node =
        ShieldJson.writeShown(state, EffectiveStatus.at(state, now), now)
            .put("effective_status", inForce.status.wireName())
            .put("decided_by", inForce.decidedBy.wireName());
    if (isOver(state, now)) {
      node.put("reason", "");
      if (node.remove("declared_allowed") instanceof ObjectNode declared) {
        node.setAll(declared);
      }
    }
    return node;
  }
}
