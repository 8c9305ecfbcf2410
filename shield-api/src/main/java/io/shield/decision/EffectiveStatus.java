package io.shield.decision;

import io.shield.model.MaintenanceWindow;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a stored state means at a moment. A force-active route is active. Otherwise the base is the
 * stored status, or active once {@code until} has passed; a window lays maintenance over the base,
 * except over {@code disabled}; and a stored maintenance that has windows is active outside them.
 */
public final class EffectiveStatus {
  private EffectiveStatus() {}

  /**
   * A moment at which the effective status changes.
   *
   * @param at the first moment of the new status
   * @param previous the status before
   * @param next the status from then on
   */
  public record Edge(Instant at, RouteStatus previous, RouteStatus next) {}

  /** The status in force at {@code now}. */
  public static RouteStatus at(RouteState state, Instant now) {
    if (state.forceActive()) {
      return RouteStatus.ACTIVE;
    }
    RouteStatus base = base(state, now);
    if (state.window() == null || base == RouteStatus.DISABLED) {
      return base;
    }
    if (state.isInWindow(now)) {
      return RouteStatus.MAINTENANCE;
    }
    return base == RouteStatus.MAINTENANCE ? RouteStatus.ACTIVE : base;
  }

  /** The status at {@code now} but for windows. */
  static RouteStatus base(RouteState state, Instant now) {
    Instant until = state.until();
    boolean over = until != null && !now.isBefore(until);
    return over ? RouteStatus.ACTIVE : state.status();
  }

  /** Whether everybody is served at {@code now}, be it with a notice of deprecation. */
  public static boolean isOpen(RouteState state, Instant now) {
    RouteStatus status = at(state, now);
    return status == RouteStatus.ACTIVE || status == RouteStatus.DEPRECATED;
  }

  /** Whether a route {@link #isOpen} and no window is to come that closes it. */
  public static boolean staysOpen(RouteState state, Instant now) {
    return isOpen(state, now) && !isWindowAhead(state, now);
  }

  /** Whether a window is to come or to end after {@code now}. */
  public static boolean isWindowAhead(RouteState state, Instant now) {
    return state.windows().stream().anyMatch(window -> window.end().isAfter(now));
  }

  /** The moments at which the effective status changes, in order. */
  public static List<Edge> edges(RouteState state) {
    List<Edge> edges = new ArrayList<>(3);
    for (Instant at : moments(state)) {
      RouteStatus previous = at(state, at.minusNanos(1));
      RouteStatus next = at(state, at);
      if (previous != next) {
        edges.add(new Edge(at, previous, next));
      }
    }
    return edges;
  }

  /** The moments at which the effective status may change, each once, in order. */
  private static Set<Instant> moments(RouteState state) {
    Set<Instant> moments = new TreeSet<>();
    if (state.until() != null) {
      moments.add(state.until());
    }
    for (MaintenanceWindow window : state.windows()) {
      moments.add(window.start());
      moments.add(window.end());
    }
    return moments;
  }

  /** The first edge after {@code now}, or null if the status stays as it is. */
  public static @Nullable Edge nextEdge(RouteState state, Instant now) {
    if (state.until() == null && state.window() == null) {
      return null;
    }
    for (Edge edge : edges(state)) {
      if (edge.at().isAfter(now)) {
        return edge;
      }
    }
    return null;
  }

  /** The last edge at or before {@code now}, or null if there was none. */
  public static @Nullable Edge lastEdge(RouteState state, Instant now) {
    if (state.until() == null && state.window() == null) {
      return null;
    }
    Edge last = null;
    for (Edge edge : edges(state)) {
      if (!edge.at().isAfter(now)) {
        last = edge;
      }
    }
    return last;
  }

  /** When a route closed at {@code now} will be served again, or null if nobody knows. */
  public static @Nullable Instant reopensAt(RouteState state, Instant now) {
    for (Edge edge : edges(state)) {
      if (edge.at().isAfter(now) && !isClosed(edge.next())) {
        return edge.at();
      }
    }
    return null;
  }

  private static boolean isClosed(RouteStatus status) {
    return status == RouteStatus.MAINTENANCE || status == RouteStatus.DISABLED;
  }
}
