package io.shield.impl;

import io.shield.Routes;
import io.shield.Routes.RouteView;
import io.shield.decision.EffectiveStatus;
import io.shield.error.UnknownRouteException;
import io.shield.impl.change.Plan;
import io.shield.impl.change.RoutePlanner;
import io.shield.impl.change.RouteResolver;
import io.shield.impl.registration.DeclarationDays;
import io.shield.impl.registration.ForgetPlanner;
import io.shield.internal.NearNames;
import io.shield.internal.value.Parameters;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.shield.model.store.Snapshot;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Routes of an engine. Thread-safe. */
final class RoutesImpl implements Routes {
  private final EngineCore core;

  RoutesImpl(EngineCore core) {
    this.core = core;
  }

  @Override
  public List<RouteView> list() {
    Snapshot snapshot = core.snapshot();
    Instant now = core.clock().instant();
    DeclarationDays lastDeclared = DeclarationDays.of(snapshot);
    Map<String, SortedSet<String>> shared = DeclarationDays.shared(snapshot, now);
    return snapshot.states().values().stream()
        .map(state -> view(lastDeclared, shared, state, now))
        .toList();
  }

  @Override
  public RouteView get(String route) {
    Snapshot snapshot = core.snapshot();
    Objects.requireNonNull(route, "route");
    return named(
        snapshot,
        () -> {
          RouteState state = RouteResolver.resolve(snapshot, route);
          Instant now = core.clock().instant();
          return view(
              DeclarationDays.of(snapshot), DeclarationDays.shared(snapshot, now), state, now);
        });
  }

  /** Who gives an unknown name hears of those that resemble it. */
  private static <T> T named(Snapshot snapshot, Supplier<T> answer) {
    try {
      return answer.get();
    } catch (UnknownRouteException unknown) {
      throw NearNames.unknown(snapshot, unknown.route());
    }
  }

  private static RouteView view(
      DeclarationDays lastDeclared,
      Map<String, SortedSet<String>> shared,
      RouteState state,
      Instant now) {
    return new RouteView(
        state,
        EffectiveStatus.at(state, now),
        lastDeclared.isStale(state.path(), now),
        List.copyOf(
            shared.getOrDefault(Parameters.colons(state.path()), Collections.emptySortedSet())));
  }

  @Override
  public Future<List<RouteState>> applyAll(
      List<Routes.Command> commands, @Nullable Long ifRevision, Actor actor) {
    Objects.requireNonNull(actor, "actor");
    List<Routes.Command> wanted = List.copyOf(commands);
    return core.change(
        () -> core.ofRevision(new RoutePlanner(wanted, actor, core.now()), ifRevision),
        results ->
            results.stream()
                .map(result -> ((RouteState) result.value()).withVersion(result.version()))
                .toList());
  }

  @Override
  public Future<RouteState> forget(
      String route, boolean force, @Nullable Long ifVersion, Actor actor, String reason) {
    Objects.requireNonNull(route, "route");
    Objects.requireNonNull(actor, "actor");
    Objects.requireNonNull(reason, "reason");
    Predicate<String> declared = key -> core.declarationPlans().declared().state(key) != null;
    return core.change(
        () -> new ForgetPlanner(route, declared, force, ifVersion, actor, reason, core.now()),
        results -> (RouteState) results.get(0).value());
  }

  @Override
  public List<RouteState> preview(List<Routes.Command> commands, Actor actor) {
    Objects.requireNonNull(actor, "actor");
    Snapshot snapshot = core.snapshot();
    RoutePlanner planner = new RoutePlanner(commands, actor, core.now());
    Plan plan = named(snapshot, () -> planner.plan(snapshot));
    return plan.results().stream().map(result -> (RouteState) result.value()).toList();
  }
}
