package io.shield.decision;

import io.shield.decision.Decision.Deprecation;
import io.shield.decision.Decision.Refusal;
import io.shield.error.InvalidValueException;
import io.shield.internal.value.Parameters;
import io.shield.internal.value.Successors;
import io.shield.json.Times;
import io.shield.model.MaintenanceMode;
import io.shield.model.Origin;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.Snapshot;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The one idea of Shield: {@code decide(snapshot, request, now)}. Global maintenance first, then
 * the service's, then one state: that of the method if there is one, else that of the path. A route
 * that nothing is known about is active. Limits are judged after this, so that a refused request
 * uses no quota.
 *
 * <p>That order stands in {@link #rule} alone. The gates ask it ahead of requests, {@link #decide}
 * for one of them, and what is shown to people names the level it found.
 */
public final class Decider {
  private Decider() {}

  /**
   * One request, as far as a decision needs it.
   *
   * @param method the upper-case HTTP method, or null for one that has no state of its own
   * @param template the matched route's full path template
   * @param caller who sends it
   */
  public record Request(@Nullable String method, String template, Caller caller) {
    public Request {
      Objects.requireNonNull(template, "template");
      Objects.requireNonNull(caller, "caller");
    }
  }

  /** Decides one request. */
  public static Decision decide(Snapshot snapshot, Site site, Request request, Instant now) {
    RouteState state = stateOf(snapshot, request.method(), request.template());
    Ruling ruling = rule(snapshot, site, null, request.method(), request.template(), state);
    Decision decision = ruling.at(site, now);
    Exemptions exemptions = ruling.exemptions(decision);
    return exemptions != null && exemptions.exempt(request.caller())
        ? ruling.passing(now)
        : decision;
  }

  /** What can decide about a request, the first that applies. */
  public enum Level {
    /** The maintenance of the fleet. */
    FLEET,
    /** The maintenance of the route's service. */
    SERVICE,
    /** A cold start that keeps routes closed until the store was read. */
    START,
    /** The route's own state, or that nothing is known about it. */
    ROUTE
  }

  /**
   * What decides about the requests of one method of a template, whoever sends them and when.
   *
   * @param level the level that decides
   * @param wide what closes the route together with others, or null at the level of the route
   * @param state the route's own state, or null if nothing is known about it
   */
  public record Ruling(Level level, @Nullable Refusal wide, @Nullable RouteState state) {
    public Ruling {
      Objects.requireNonNull(level, "level");
    }

    // Written out: see Head.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Ruling ruling
          && level == ruling.level
          && Objects.equals(wide, ruling.wide)
          && Objects.equals(state, ruling.state);
    }

    @Override
    public int hashCode() {
      return Objects.hash(level, wide, state);
    }

    /** The same without what closes the route together with others. */
    public Ruling own() {
      return new Ruling(Level.ROUTE, null, state);
    }

    /** The decision at a moment, exemptions aside. */
    public Decision at(Site site, Instant now) {
      if (wide != null) {
        return wide;
      }
      return state == null ? Decision.ALLOW : ownGate(state, site, now);
    }

    /** Who is exempt from the decision, or null if nobody is. */
    public @Nullable Exemptions exemptions(Decision decision) {
      boolean refused = wide == null && decision instanceof Refusal;
      return refused && state != null ? Exemptions.of(state) : null;
    }

    /** What becomes of the request of who is exempt: a deprecated route says so to them too. */
    public Decision passing(Instant now) {
      return state != null && EffectiveStatus.base(state, now) == RouteStatus.DEPRECATED
          ? new Decision.Allow(deprecation(state))
          : Decision.ALLOW;
    }
  }

  /**
   * Finds what decides about a method of a template.
   *
   * @param start what closes routes that are not force-active until the store was read, or null
   *     once it was
   * @param state the state that governs the route, see {@link #stateOf}
   */
  public static Ruling rule(
      Snapshot snapshot,
      Site site,
      @Nullable Refusal start,
      @Nullable String method,
      String template,
      @Nullable RouteState state) {
    Decision.Maintenance maintenance = maintenance(snapshot, site, method, template, state);
    if (maintenance != null) {
      boolean global = maintenance.scope() == Decision.Scope.GLOBAL;
      return new Ruling(global ? Level.FLEET : Level.SERVICE, maintenance, state);
    }
    if (start != null && (state == null || !state.forceActive())) {
      return new Ruling(Level.START, start, state);
    }
    return new Ruling(Level.ROUTE, null, state);
  }

  /** The state that governs a method of a template, or null. {@code HEAD} follows {@code GET}. */
  public static @Nullable RouteState stateOf(
      Snapshot snapshot, @Nullable String method, String template) {
    RouteState state = method == null ? null : stateOf(snapshot, method + ":" + template);
    if (state == null && "HEAD".equals(method)) {
      state = stateOf(snapshot, "GET:" + template);
    }
    return state == null ? stateOf(snapshot, template) : state;
  }

  /**
   * The state of a route, however its parameters are spelt, or null. Where both spellings have one,
   * what somebody decided at run time counts, and of two such the later.
   */
  public static @Nullable RouteState stateOf(Snapshot snapshot, String key) {
    return stateOfEither(snapshot, Parameters.colons(key), Parameters.braces(key));
  }

  /** The same of a key whose two spellings are known. */
  public static @Nullable RouteState stateOfEither(
      Snapshot snapshot, String inColons, String inBraces) {
    RouteState colons = snapshot.state(inColons);
    RouteState braces = snapshot.state(inBraces);
    if (colons == null || braces == null) {
      return colons == null ? braces : colons;
    }
    if (colons.origin() != braces.origin()) {
      return colons.origin() == Origin.RUNTIME ? colons : braces;
    }
    return colons.version() >= braces.version() ? colons : braces;
  }

  /** The maintenance of fleet or service that closes a route, or null. */
  public static Decision.@Nullable Maintenance maintenance(
      Snapshot snapshot,
      Site site,
      @Nullable String method,
      String template,
      @Nullable RouteState state) {
    MaintenanceMode global = snapshot.globalMaintenance();
    String service = serviceOf(site, state);
    if (closes(global, service, method, template, state)) {
      return new Decision.Maintenance(Decision.Scope.GLOBAL, global.reason(), null);
    }
    if (service == null) {
      return null;
    }
    MaintenanceMode own = snapshot.serviceMaintenance(service);
    if (closes(own, service, method, template, state)) {
      return new Decision.Maintenance(Decision.Scope.SERVICE, own.reason(), null);
    }
    return null;
  }

  private static @Nullable String serviceOf(Site site, @Nullable RouteState state) {
    String own = state == null ? null : state.service();
    return own == null || own.isEmpty() ? site.service() : own;
  }

  private static boolean closes(
      MaintenanceMode mode,
      @Nullable String service,
      @Nullable String method,
      String template,
      @Nullable RouteState state) {
    if (!mode.enabled()) {
      return false;
    }
    if (state != null && state.forceActive() && !mode.includeForceActive()) {
      return false;
    }
    boolean followsGet = "HEAD".equals(method) && mode.exempts(service, "GET", template);
    return !followsGet && !mode.exempts(service, method, template);
  }

  /** What a route's own state says, exemptions aside. */
  public static Decision ownGate(RouteState state, Site site, Instant now) {
    RouteStatus status = EffectiveStatus.at(state, now);
    return switch (status) {
      case ACTIVE -> Decision.ALLOW;
      case MAINTENANCE ->
          new Decision.Maintenance(
              Decision.Scope.ROUTE,
              maintenanceReason(state, now),
              EffectiveStatus.reopensAt(state, now));
      case DISABLED -> new Decision.Disabled(state.reason(), EffectiveStatus.reopensAt(state, now));
      case ENV_GATED ->
          state.allowedEnvs().contains(site.environment())
              ? Decision.ALLOW
              : new Decision.EnvGated(site.environment(), state.allowedEnvs());
      case DEPRECATED -> new Decision.Allow(deprecation(state));
    };
  }

  /** Inside a window its own reason counts, if it has one. */
  private static String maintenanceReason(RouteState state, Instant now) {
    var window = state.windowAt(now);
    return window != null && window.contains(now) && !window.reason().isEmpty()
        ? window.reason()
        : state.reason();
  }

  private static Deprecation deprecation(RouteState state) {
    Instant since = state.deprecatedAt() == null ? state.since() : state.deprecatedAt();
    return new Deprecation(
        since == null ? Instant.EPOCH : since,
        sunset(state.sunsetDate()),
        successor(state.successorPath()));
  }

  /** Nor is a successor that the original stored and that is no link. */
  private static @Nullable String successor(@Nullable String path) {
    return path != null && Successors.isLink(path) ? path : null;
  }

  /** A date that the original stored and nobody can read is not announced. */
  private static @Nullable Instant sunset(@Nullable String date) {
    if (date == null) {
      return null;
    }
    try {
      return Times.parseDate("sunset_date", date);
    } catch (InvalidValueException unreadable) {
      return null;
    }
  }
}
