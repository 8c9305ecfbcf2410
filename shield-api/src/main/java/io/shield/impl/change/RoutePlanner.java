package io.shield.impl.change;

import io.shield.RouteAction;
import io.shield.Routes;
import io.shield.decision.EffectiveStatus;
import io.shield.error.ChangeConflictException;
import io.shield.error.InvalidValueException;
import io.shield.error.VersionMismatchException;
import io.shield.impl.change.Plan.Planner;
import io.shield.model.MaintenanceWindow;
import io.shield.model.Origin;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.RouteState.AllowedCallers;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditAction;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns commands on routes into edits and audit entries. */
public final class RoutePlanner implements Planner {
  private final List<Routes.Command> commands;
  private final Actor actor;
  private final Instant now;

  public RoutePlanner(List<Routes.Command> commands, Actor actor, Instant now) {
    if (commands.isEmpty()) {
      throw new InvalidValueException("commands", "[]", "at least one command");
    }
    this.commands = List.copyOf(commands);
    this.actor = actor;
    this.now = now;
  }

  @Override
  public Plan plan(Snapshot snapshot) {
    List<Edit> edits = new ArrayList<>();
    List<AuditEntry> audit = new ArrayList<>();
    Map<DocumentKey, Plan.Result> results = new LinkedHashMap<>();
    for (Routes.Command command : commands) {
      RouteState before = RouteResolver.resolve(snapshot, command.route());
      DocumentKey key = DocumentKey.state(before.path());
      check(command, before);
      Outcome outcome = outcome(snapshot, before, command.action());
      RouteState after = outcome == null ? before : outcome.after;
      boolean stored = outcome == null || outcome.stored;
      Plan.Result result =
          stored
              ? new Plan.Result(key, after, before.version())
              : new Plan.Result(DocumentKey.state(allMethods(after)), after, 0);
      if (results.put(key, result) != null) {
        throw new InvalidValueException("route", command.route(), "named once in one change");
      }
      if (outcome != null) {
        edits.add(new Edit(key, before.version(), stored ? outcome.after : null));
        audit.add(
            Audits.ofRoute(before, outcome.after, outcome.action, outcome.reason, actor, now));
      }
    }
    return new Plan(edits, audit, List.copyOf(results.values()));
  }

  private static void check(Routes.Command command, RouteState state) {
    Long wanted = command.ifVersion();
    if (wanted != null && wanted != state.version()) {
      throw new VersionMismatchException(state.path(), wanted, state.version());
    }
    if (state.forceActive()) {
      throw new ChangeConflictException(
          "Route '"
              + state.path()
              + "' is force-active and cannot be changed. Remove force_active from its declaration"
              + " first.");
    }
  }

  private static String allMethods(RouteState state) {
    return state.key().withMethod(null).toString();
  }

  /**
   * What becomes of a state, and how it is logged.
   *
   * @param stored whether it is stored; else it is only followed
   */
  private record Outcome(RouteState after, String action, String reason, boolean stored) {
    Outcome(RouteState after, String action, String reason) {
      this(after, action, reason, true);
    }
  }

  private @Nullable Outcome outcome(Snapshot snapshot, RouteState before, RouteAction action) {
    if (action instanceof RouteAction.Enable enable) {
      return enable(before, enable);
    }
    if (action instanceof RouteAction.Disable disable) {
      return disable(before, disable);
    }
    if (action instanceof RouteAction.Maintenance maintenance) {
      return maintenance(before, maintenance);
    }
    if (action instanceof RouteAction.Schedule schedule) {
      return schedule(before, schedule);
    }
    if (action instanceof RouteAction.CancelSchedule cancel) {
      return cancel(before, cancel.reason());
    }
    if (action instanceof RouteAction.EnvGate gate) {
      return envGate(before, gate);
    }
    if (action instanceof RouteAction.Deprecate deprecate) {
      return deprecate(before, deprecate);
    }
    if (action instanceof RouteAction.Restore restore) {
      RouteState state = restore.state();
      return state == null
          ? removed(snapshot, before, restore.reason())
          : restored(before, state, restore.reason());
    }
    return canary(before, (RouteAction.Canary) action);
  }

  /** The state with a new status; every run-time change of status or times begins here. */
  private RouteState.Builder with(RouteState before, RouteStatus status, @Nullable Instant until) {
    if (until != null && !until.isAfter(now)) {
      throw new InvalidValueException("until", until, "later than now (" + now + ")");
    }
    return before.toBuilder()
        .status(status)
        .until(until)
        .deprecatedAt(status == RouteStatus.DEPRECATED ? before.deprecatedAt() : null)
        .since(now)
        .origin(Origin.RUNTIME);
  }

  /** Closed, now or by a window: lets those pass whom an action names, the others as before. */
  private RouteState.Builder closed(
      RouteState.Builder after, RouteState before, RouteAction.Allow allow) {
    RouteState.Builder next = isClosed(before) ? after : opened(after, before);
    if (allow.ips() == null && allow.roles() == null) {
      return next;
    }
    AllowedCallers declared = before.declaredAllowed();
    AllowedCallers passing = isClosed(before) || declared == null ? before.allowed() : declared;
    return next.allowedIps(allow.ips() == null ? passing.ips() : allow.ips())
        .allowedRoles(allow.roles() == null ? passing.roles() : allow.roles())
        .declaredAllowed(declared == null ? before.allowed() : declared);
  }

  /** Open again: whom only the closed route let pass is forgotten. */
  private RouteState.Builder opened(RouteState.Builder after, RouteState before) {
    if (!EffectiveStatus.isOpen(before, now) || EffectiveStatus.lastEdge(before, now) != null) {
      after.canaryPercentage(0);
    }
    AllowedCallers declared = before.declaredAllowed();
    return declared == null
        ? after
        : after.allowedIps(declared.ips()).allowedRoles(declared.roles()).declaredAllowed(null);
  }

  private boolean isClosed(RouteState state) {
    return !EffectiveStatus.staysOpen(state, now);
  }

  private Outcome enable(RouteState before, RouteAction.Enable enable) {
    RouteState after =
        opened(with(before, RouteStatus.ACTIVE, null), before)
            .window(null)
            .reason(enable.reason())
            .canaryPercentage(0)
            .sunsetDate(null)
            .successorPath(null)
            .build();
    return new Outcome(after, AuditAction.ENABLE, enable.reason());
  }

  private Outcome disable(RouteState before, RouteAction.Disable disable) {
    RouteState after =
        closed(with(before, RouteStatus.DISABLED, disable.until()), before, disable.allow())
            .reason(disable.reason())
            .build();
    return new Outcome(after, AuditAction.DISABLE, disable.reason());
  }

  private Outcome maintenance(RouteState before, RouteAction.Maintenance maintenance) {
    RouteState after =
        closed(
                with(before, RouteStatus.MAINTENANCE, maintenance.until()),
                before,
                maintenance.allow())
            .window(null)
            .reason(maintenance.reason())
            .build();
    return new Outcome(after, AuditAction.MAINTENANCE_ON, maintenance.reason());
  }

  private Outcome schedule(RouteState before, RouteAction.Schedule schedule) {
    MaintenanceWindow window = schedule.window();
    if (!window.end().isAfter(now)) {
      throw new InvalidValueException("end", window.end(), "later than now (" + now + ")");
    }
    RouteStatus status = EffectiveStatus.at(before, now);
    boolean begun = !window.start().isAfter(now);
    if (status == RouteStatus.DISABLED && begun) {
      return disabledUntil(before, window, schedule.allow());
    }
    boolean ends = before.window() == null || (!begun && !schedule.add());
    if (status == RouteStatus.MAINTENANCE && ends) {
      throw new ChangeConflictException(
          "Route '"
              + before.path()
              + "' is under maintenance now and the window of "
              + window.start()
              + " would open it before: enable it first, "
              + (before.window() == null
                  ? "or give `until` with the maintenance."
                  : "give a window that has begun, or add one to those that are planned."));
    }
    RouteState.Builder after =
        closed(before.toBuilder(), before, schedule.allow()).since(now).origin(Origin.RUNTIME);
    boolean inForce = schedule.add() && before.isInWindow(now);
    after.reason(inForce ? before.reason() : window.reason());
    after.windows(schedule.add() ? added(before, window) : List.of(window));
    return new Outcome(after.build(), AuditAction.SCHEDULE_SET, window.reason());
  }

  /** With those that are not over yet. */
  private List<MaintenanceWindow> added(RouteState before, MaintenanceWindow window) {
    List<MaintenanceWindow> all = new ArrayList<>();
    for (MaintenanceWindow planned : before.windows()) {
      if (window.start().isBefore(planned.end()) && planned.start().isBefore(window.end())) {
        throw new ChangeConflictException(
            "Route '"
                + before.path()
                + "' has a window from "
                + planned.start()
                + " to "
                + planned.end()
                + " already, which would overlap.");
      }
      if (planned.end().isAfter(now)) {
        all.add(planned);
      }
    }
    all.add(window);
    return all;
  }

  /**
   * Over a disabled route a window has no effect. One that has begun says when the route is wanted
   * back: 0.8's {@code disable --until} sends it.
   */
  private Outcome disabledUntil(
      RouteState before, MaintenanceWindow window, RouteAction.Allow allow) {
    String reason = window.reason().isEmpty() ? before.reason() : window.reason();
    RouteState after =
        closed(with(before, RouteStatus.DISABLED, window.end()), before, allow)
            .reason(reason)
            .build();
    return new Outcome(after, AuditAction.SCHEDULE_SET, window.reason());
  }

  private @Nullable Outcome cancel(RouteState before, String reason) {
    if (before.window() == null) {
      return null;
    }
    RouteStatus status =
        before.status() == RouteStatus.MAINTENANCE ? RouteStatus.ACTIVE : before.status();
    boolean stays = status == RouteStatus.DISABLED || status == RouteStatus.ENV_GATED;
    RouteState after =
        (stays ? before.toBuilder() : opened(before.toBuilder(), before))
            .window(null)
            .status(status)
            .reason(isOfWindow(before) ? "" : before.reason())
            .since(now)
            .origin(Origin.RUNTIME)
            .build();
    return new Outcome(after, AuditAction.SCHEDULE_CANCELLED, reason);
  }

  private Outcome envGate(RouteState before, RouteAction.EnvGate gate) {
    String given = gate.reason();
    RouteState after =
        closed(with(before, RouteStatus.ENV_GATED, gate.until()), before, gate.allow())
            .allowedEnvs(gate.envs())
            .reason(given == null ? keptByGate(before) : given)
            .build();
    String logged = given == null ? "Restricted to: " + quoted(gate.envs()) : given;
    return new Outcome(after, AuditAction.ENV_GATE, logged);
  }

  /** The reason of a gate that is there already, or of a window that stays. */
  private static String keptByGate(RouteState before) {
    boolean gated = before.status() == RouteStatus.ENV_GATED;
    return gated || isOfWindow(before) ? before.reason() : "";
  }

  private static boolean isOfWindow(RouteState state) {
    return state.windows().stream().anyMatch(each -> each.reason().equals(state.reason()));
  }

  private static String quoted(List<String> envs) {
    return envs.stream().map(env -> "'" + env + "'").collect(Collectors.joining(", ", "[", "]"));
  }

  private Outcome deprecate(RouteState before, RouteAction.Deprecate deprecate) {
    boolean already = before.status() == RouteStatus.DEPRECATED && before.deprecatedAt() != null;
    RouteState after =
        (EffectiveStatus.isWindowAhead(before, now)
                ? with(before, RouteStatus.DEPRECATED, deprecate.until())
                : opened(with(before, RouteStatus.DEPRECATED, deprecate.until()), before))
            .deprecatedAt(already ? before.deprecatedAt() : now)
            .sunsetDate(deprecate.sunsetDate())
            .successorPath(deprecate.successorPath())
            .reason(deprecate.reason())
            .build();
    return new Outcome(after, AuditAction.DEPRECATE, deprecate.reason());
  }

  private Outcome canary(RouteState before, RouteAction.Canary canary) {
    RouteState.Builder after =
        before.toBuilder().canaryPercentage(canary.percentage()).origin(Origin.RUNTIME);
    if (before.version() == 0) {
      // A copy of the state for all methods: the edges of that one's past are not its own.
      after.since(now);
    }
    return new Outcome(after.build(), AuditAction.CANARY_SET, canary.reason());
  }

  private Outcome restored(RouteState before, RouteState state, String reason) {
    RouteState after =
        state.toBuilder()
            .path(before.path())
            .service(before.service())
            .forceActive(before.forceActive())
            .since(now)
            .build();
    return new Outcome(after, Audits.actionOf(before, after), reason);
  }

  private static Outcome removed(Snapshot snapshot, RouteState before, String reason) {
    RouteKey key = before.key();
    RouteState followed = key.method() == null ? null : RouteResolver.followed(snapshot, key);
    if (followed == null || before.version() == 0) {
      throw new InvalidValueException(
          "state", "null", "the state that the route had, unless a method followed that of all");
    }
    return new Outcome(followed, Audits.actionOf(before, followed), reason, false);
  }
}
