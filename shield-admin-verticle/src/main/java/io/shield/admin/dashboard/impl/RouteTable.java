package io.shield.admin.dashboard.impl;

import io.shield.Routes.RouteView;
import io.shield.ShieldEngine;
import io.shield.admin.dashboard.view.Count;
import io.shield.admin.dashboard.view.RouteRow;
import io.shield.admin.dashboard.view.Status;
import io.shield.admin.dashboard.view.When;
import io.shield.decision.Decider;
import io.shield.decision.Decision;
import io.shield.decision.EffectiveStatus;
import io.shield.decision.Site;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a request gets now of each route, as rows. */
final class RouteTable {
  /**
   * A route and what is in force for it.
   *
   * @param view the route
   * @param status what a request gets
   * @param wide the maintenance of fleet or service that closes it, or null
   */
  record Entry(RouteView view, RouteStatus status, Decision.@Nullable Maintenance wide) {
    RouteState state() {
      return view.state();
    }
  }

  private final ShieldEngine engine;

  RouteTable(ShieldEngine engine) {
    this.engine = engine;
  }

  List<Entry> entries() {
    Snapshot snapshot = engine.snapshot();
    List<RouteView> views = engine.routes().list();
    List<Entry> entries = new ArrayList<>(views.size());
    for (RouteView view : views) {
      entries.add(entry(snapshot, view));
    }
    return entries;
  }

  Entry entry(Snapshot snapshot, RouteView view) {
    RouteKey key = view.state().key();
    String service = key.service() == null ? engine.site().service() : key.service();
    Decision.Refusal wide =
        Decider.maintenance(
            snapshot,
            new Site(engine.site().environment(), service),
            key.method(),
            key.path(),
            view.state());
    return wide instanceof Decision.Maintenance maintenance
        ? new Entry(view, RouteStatus.MAINTENANCE, maintenance)
        : new Entry(view, view.status(), null);
  }

  static Map<RouteStatus, Integer> count(List<Entry> entries) {
    Map<RouteStatus, Integer> counts = new EnumMap<>(RouteStatus.class);
    entries.forEach(entry -> counts.merge(entry.status(), 1, Integer::sum));
    return counts;
  }

  static List<Count> counts(List<Entry> entries, String chosen) {
    Map<RouteStatus, Integer> counts = count(entries);
    List<Count> all = new ArrayList<>();
    all.add(new Count(new Status("", "All"), entries.size(), chosen.isEmpty()));
    Arrays.stream(RouteStatus.values())
        .map(
            status ->
                new Count(
                    Texts.status(status),
                    counts.getOrDefault(status, 0),
                    status.wireName().equals(chosen)))
        .forEach(all::add);
    return all;
  }

  static @Nullable String service(RouteState state) {
    String named = state.key().service();
    return named == null ? state.service() : named;
  }

  RouteRow row(Entry entry, Instant now) {
    RouteState state = entry.state();
    RouteKey key = state.key();
    String service = service(state);
    EffectiveStatus.Edge edge = EffectiveStatus.nextEdge(state, now);
    RouteStatus own = entry.view().status();
    boolean closed = own == RouteStatus.MAINTENANCE || own == RouteStatus.DISABLED;
    return new RouteRow(
        Texts.id(LiveEvents.ROW, state.path()),
        state.path(),
        key.method() == null ? "ALL" : key.method(),
        key.path(),
        service == null || service.equals(engine.site().service()) ? "" : service,
        Texts.status(entry.status()),
        decidedBy(entry, now),
        reason(entry, now),
        state.status() == RouteStatus.ENV_GATED ? String.join(", ", state.allowedEnvs()) : "",
        Texts.when(state.since(), now),
        edge == null ? "" : Texts.status(edge.next()).label(),
        edge == null ? When.NONE : Texts.when(edge.at(), now),
        flags(entry.view()),
        state.forceActive(),
        closed);
  }

  /** What decides, where the stored status alone does not. */
  private String decidedBy(Entry entry, Instant now) {
    RouteState state = entry.state();
    Decision.Maintenance wide = entry.wide();
    if (wide != null) {
      return wide.scope() == Decision.Scope.GLOBAL ? "whole fleet" : "whole service";
    }
    if (state.forceActive()) {
      return "";
    }
    if (entry.status() == RouteStatus.ENV_GATED) {
      Site own = engine.site();
      String service = state.key().service();
      if (service != null && !service.equals(own.service())) {
        return ""; // It is open where that service runs, or is not.
      }
      String here = own.environment();
      return (state.allowedEnvs().contains(here) ? "open in " : "closed in ") + here;
    }
    return state.isInWindow(now) && entry.status() == RouteStatus.MAINTENANCE
        ? "planned window"
        : "";
  }

  private static String reason(Entry entry, Instant now) {
    Decision.Maintenance wide = entry.wide();
    if (wide != null) {
      return wide.reason();
    }
    MaintenanceWindow window = entry.state().windowAt(now);
    return window != null && window.contains(now) && !window.reason().isEmpty()
        ? window.reason()
        : entry.state().reason();
  }

  private static List<String> flags(RouteView view) {
    RouteState state = view.state();
    List<String> flags = new ArrayList<>();
    if (state.canaryPercentage() > 0) {
      flags.add("canary " + state.canaryPercentage() + " %");
    }
    if (!state.allowedIps().isEmpty()) {
      flags.add("lets in " + Texts.count(state.allowedIps().size(), "address block"));
    }
    if (!state.allowedRoles().isEmpty()) {
      flags.add("lets in " + Texts.count(state.allowedRoles().size(), "role"));
    }
    if (view.stale()) {
      flags.add("not declared for 7 days");
    }
    return flags;
  }
}
