package io.shield;

import io.shield.error.AmbiguousRouteException;
import io.shield.error.ChangeConflictException;
import io.shield.error.OutcomeUnknownException;
import io.shield.error.UnknownRouteException;
import io.shield.error.VersionMismatchException;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Looks at routes and changes them.
 *
 * <p>A route is named by its key ({@code GET:/payments}) or by a bare path that only one known
 * route has. The future of a change completes when it is stored, audited and in force on this node;
 * it fails with
 *
 * <ul>
 *   <li>{@link UnknownRouteException}: nothing is known by that name; close ones are named
 *   <li>{@link AmbiguousRouteException}: several routes have the path; they are named
 *   <li>{@link ChangeConflictException}: the state does not allow it, a force-active route for
 *       instance
 *   <li>{@link VersionMismatchException}: the caller named a version and the route has another
 *   <li>{@link io.shield.error.InvalidValueException}: a value is not allowed
 *   <li>{@link io.shield.spi.ChangeRefusedException}: the store refused it; nothing was written
 *   <li>{@link OutcomeUnknownException}: the store did not answer in time
 * </ul>
 *
 * In every case but the last nothing was changed.
 *
 * <pre>{@code
 * Actor alice = Actor.of("alice", "deployment");
 * engine.routes().apply("GET:/reports", new RouteAction.Maintenance("rebuilt", null), alice);
 * }</pre>
 */
public interface Routes {
  /** All known routes, in the order in which they became known. */
  List<RouteView> list();

  /**
   * One route.
   *
   * @throws UnknownRouteException if nothing is known by that name
   * @throws AmbiguousRouteException if several routes have the path
   */
  RouteView get(String route);

  /** See {@link RouteAction.Enable}. */
  default Future<RouteState> enable(String route, Actor actor, String reason) {
    return apply(route, new RouteAction.Enable(reason), actor);
  }

  /** See {@link RouteAction.Disable}. */
  default Future<RouteState> disable(String route, Actor actor, String reason) {
    return apply(route, new RouteAction.Disable(reason, null), actor);
  }

  /** See {@link RouteAction.Disable}. */
  default Future<RouteState> disable(String route, Actor actor, String reason, Instant until) {
    return apply(route, new RouteAction.Disable(reason, until), actor);
  }

  /** See {@link RouteAction.Maintenance}. */
  default Future<RouteState> maintenance(String route, Actor actor, String reason) {
    return apply(route, new RouteAction.Maintenance(reason, null), actor);
  }

  /** See {@link RouteAction.Maintenance}. */
  default Future<RouteState> maintenance(String route, Actor actor, String reason, Instant until) {
    return apply(route, new RouteAction.Maintenance(reason, until), actor);
  }

  /** See {@link RouteAction.Schedule}. */
  default Future<RouteState> schedule(String route, Actor actor, MaintenanceWindow window) {
    return apply(route, new RouteAction.Schedule(window), actor);
  }

  /** See {@link RouteAction.CancelSchedule}. */
  default Future<RouteState> cancelSchedule(String route, Actor actor) {
    return apply(route, new RouteAction.CancelSchedule(""), actor);
  }

  /** See {@link RouteAction.EnvGate}. */
  default Future<RouteState> envGate(String route, Actor actor, List<String> envs) {
    return apply(route, new RouteAction.EnvGate(envs, null, null), actor);
  }

  /** See {@link RouteAction.Deprecate}. */
  default Future<RouteState> deprecate(
      String route, Actor actor, String sunsetDate, String successorPath, String reason) {
    return apply(route, new RouteAction.Deprecate(sunsetDate, successorPath, reason, null), actor);
  }

  /** See {@link RouteAction.Canary}. */
  default Future<RouteState> canary(String route, Actor actor, int percentage) {
    return apply(route, new RouteAction.Canary(percentage, ""), actor);
  }

  /** Does one action. */
  default Future<RouteState> apply(String route, RouteAction action, Actor actor) {
    return applyAll(List.of(Command.of(route, action)), actor).map(states -> states.get(0));
  }

  /**
   * Does several actions as one change: all or nothing, one audit entry each.
   *
   * @param commands at least one, at most one for a route
   * @return the new states in the order of the commands
   */
  default Future<List<RouteState>> applyAll(List<Command> commands, Actor actor) {
    return applyAll(commands, null, actor);
  }

  /**
   * As {@link #applyAll(List, Actor)}, of a store at one revision: of several such changes, and of
   * {@link DeclaredState#apply documents} for the same one, only one is made, also at different
   * nodes.
   *
   * @param ifRevision the revision the store must have, or null for any
   * @return fails with a {@link io.shield.error.VersionMismatchException} if it has another one
   */
  Future<List<RouteState>> applyAll(List<Command> commands, @Nullable Long ifRevision, Actor actor);

  /** Forgets a route that is gone, see {@link #forget(String, boolean, Long, Actor, String)}. */
  default Future<RouteState> forget(String route, Actor actor, String reason) {
    return forget(route, false, null, actor, reason);
  }

  /**
   * Removes all that is stored of a route that is gone: its state, its rate limit and what is
   * remembered of its edges. It is a conflict while this process declares the route, while running
   * code declared it within 7 days, and while it is not {@code active}, unless it is forced. A
   * route that code still declares, of whatever process, comes back as the code declares it; there
   * the declaration is in force all the while.
   *
   * @param route its key, or the bare path that only one known route has
   * @param force whether to forget it whatever speaks against it
   * @param ifVersion the version it must have, or null for any
   * @param reason why, may be empty
   * @return what it was
   */
  Future<RouteState> forget(
      String route, boolean force, @Nullable Long ifVersion, Actor actor, String reason);

  /**
   * What {@link #applyAll} would make of what this node knows now. Nothing is written.
   *
   * @param commands at least one, at most one for a route
   * @return the states in the order of the commands, each with the version it has now
   * @throws io.shield.error.ShieldException as the future of {@link #applyAll} would fail
   */
  List<RouteState> preview(List<Command> commands, Actor actor);

  /**
   * One action on one route.
   *
   * @param route a route key, or a bare path that only one known route has
   * @param action what to do
   * @param ifVersion the version the route must have, or null for any
   */
  record Command(String route, RouteAction action, @Nullable Long ifVersion) {
    public Command {
      Objects.requireNonNull(route, "route");
      Objects.requireNonNull(action, "action");
    }

    /** An action on whatever version the route has. */
    public static Command of(String route, RouteAction action) {
      return new Command(route, action, null);
    }
  }

  /**
   * A route as people see it.
   *
   * @param state what is stored; a state that is only declared by code so far has version 0
   * @param status the effective status at the moment of the question
   * @param stale whether no running code has declared it for 7 days; it is still enforced
   * @param sharedBy the services whose code declares it, if these are several: they share its state
   */
  record RouteView(RouteState state, RouteStatus status, boolean stale, List<String> sharedBy) {
    public RouteView {
      Objects.requireNonNull(state, "state");
      Objects.requireNonNull(status, "status");
      sharedBy = List.copyOf(sharedBy);
    }

    /** Whether the state is stored, rather than declared by code and not stored yet. */
    public boolean isStored() {
      return state.version() > 0;
    }
  }
}
