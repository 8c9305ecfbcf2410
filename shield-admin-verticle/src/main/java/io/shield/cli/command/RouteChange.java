package io.shield.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.RouteAction;
import io.shield.admin.impl.Glob;
import io.shield.cli.control.Control;
import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.Output;
import io.shield.cli.terminal.Surroundings;
import io.shield.cli.terminal.View;
import io.shield.error.AmbiguousRouteException;
import io.shield.error.UnknownRouteException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that changes a route, and the change itself. */
abstract class RouteChange {
  private static final int SHOWN = 5;

  @Mixin private final CommonOptions common;
  @Mixin private final ServiceOption service;

  @Option(
      names = {"-r", "--reason"},
      paramLabel = "TEXT",
      description = "Why; shown to callers of a closed route and kept in the audit log.")
  private @Nullable String reason;

  @Option(
      names = "--if-version",
      paramLabel = "N",
      description = "Only if the route still has this version.")
  private @Nullable Long ifVersion;

  @Option(
      names = {"-y", "--yes"},
      description = "Change every route that is meant, without asking.")
  private boolean yes;

  @Option(names = "--dry-run", description = "Show what would become of it, and change nothing.")
  private boolean dryRun;

  RouteChange(Surroundings here) {
    common = new CommonOptions(here);
    service = new ServiceOption(here);
  }

  /** The routes that are named, of which some may be patterns. */
  abstract List<String> routes();

  String reason() {
    return reason == null ? "" : reason;
  }

  @Nullable String givenReason() {
    return reason;
  }

  /** Does it and shows the new state. */
  int run(RouteAction action) {
    Output output = common.output();
    List<String> named = routes();
    boolean one = named.size() == 1 && !isPattern(named.get(0));
    List<JsonNode> states =
        one ? change(service.key(named.get(0)), action) : changeAll(named, action);
    if (states.size() == 1) {
      output.item(states.get(0), Views.ROUTE);
    } else {
      output.list(states, Views.ROUTE);
    }
    if (dryRun) {
      output.remark("nothing was changed");
    }
    return ExitCodes.OK;
  }

  /** Shows what is planned for all routes. */
  int list() {
    common
        .output()
        .list(common.control(control -> control.schedule(service.get())), Views.SCHEDULE);
    return ExitCodes.OK;
  }

  private List<JsonNode> change(String key, RouteAction action) {
    List<String> matches;
    try {
      return common.control(control -> one(control, key, action));
    } catch (AmbiguousRouteException e) {
      matches = e.matches();
    } catch (CommandFailure e) {
      if (e.candidates().isEmpty()) {
        throw e;
      }
      matches = e.candidates();
    }
    // Asked here, where nobody waits for an answer and no time runs out.
    requireAll(key, matches);
    return common.control(
        control -> dryRun ? control.preview(matches, action) : control.applyAll(matches, action));
  }

  private static boolean isPattern(String route) {
    return route.contains("*") || route.contains("?");
  }

  /** All or none. Who names patterns at a terminal is asked first. */
  private List<JsonNode> changeAll(List<String> named, RouteAction action) {
    if (ifVersion != null) {
      throw CommandFailure.usage("--if-version is of one route", "name one route");
    }
    List<String> keys = common.control(control -> meant(control, named));
    boolean ask = keys.size() > 1 && named.stream().anyMatch(RouteChange::isPattern);
    if (ask && !dryRun && common.terminal().canAsk()) {
      common.confirm(
          yes, "This changes " + keys.size() + " routes: " + shortList(keys) + ". Go on?");
    }
    return common.control(control -> changeAll(control, named, keys, action));
  }

  /** What a pattern matched and was forgotten meanwhile is left out. */
  private List<JsonNode> changeAll(
      Control control, List<String> named, List<String> keys, RouteAction action) {
    try {
      return dryRun ? control.preview(keys, action) : control.applyAll(keys, action);
    } catch (UnknownRouteException | CommandFailure e) {
      if (e instanceof CommandFailure failure && failure.exitCode() != ExitCodes.NOT_FOUND) {
        throw e;
      }
      List<String> left = new ArrayList<>(keys);
      left.retainAll(meant(control, named));
      if (left.isEmpty() || left.size() == keys.size()) {
        throw e;
      }
      return changeAll(control, named, left, action);
    }
  }

  private static String shortList(List<String> keys) {
    String first = String.join(", ", keys.subList(0, Math.min(SHOWN, keys.size())));
    return keys.size() > SHOWN ? first + ", ..." : first;
  }

  /** The keys of the routes that names and patterns mean; force-active ones match no pattern. */
  private List<String> meant(Control control, List<String> named) {
    Set<String> keys = new LinkedHashSet<>();
    List<JsonNode> known = control.routes(service.get());
    for (String name : named) {
      String own = service.own(name);
      boolean literal = known.stream().anyMatch(r -> service.own(r).equals(own));
      if (!isPattern(name) || literal) {
        keys.add(View.text(control.route(service.key(name)), "path"));
        continue;
      }
      Glob pattern = Glob.of(own);
      List<String> matching =
          known.stream()
              .filter(route -> !route.path("force_active").asBoolean())
              .filter(route -> pattern.matches(service.own(route)))
              .map(route -> View.text(route, "path"))
              .sorted()
              .toList();
      if (matching.isEmpty()) {
        throw new CommandFailure(
            ExitCodes.NOT_FOUND,
            "not_found",
            "no route that can be changed matches '" + name + "'",
            "see 'shield status'");
      }
      keys.addAll(matching);
    }
    return List.copyOf(keys);
  }

  private List<JsonNode> one(Control control, String key, RouteAction action) {
    if (!dryRun) {
      return List.of(control.apply(key, action, ifVersion));
    }
    if (ifVersion != null) {
      requireVersion(control.route(key), ifVersion);
    }
    return control.preview(List.of(key), action);
  }

  private static void requireVersion(JsonNode seen, long version) {
    if (seen.path("version").asLong(-1) != version) {
      throw new CommandFailure(
          ExitCodes.CONFLICT,
          "conflict",
          View.text(seen, "path")
              + " has version "
              + View.text(seen, "version")
              + ", not "
              + version,
          "look with 'shield status' and try again");
    }
  }

  private void requireAll(String key, List<String> matches) {
    String all = String.join(", ", matches);
    String ambiguous = "'" + key + "' is ambiguous";
    if (ifVersion != null || !(yes || common.terminal().canAsk())) {
      throw new CommandFailure(
          ExitCodes.CONFLICT,
          "ambiguous",
          ambiguous + ", several routes have the path: " + all,
          ifVersion == null
              ? "name one of them, or give --yes to change them all"
              : "name one of them: --if-version is of one route",
          matches);
    }
    common.confirm(yes, ambiguous + ". Change all of " + all + "?");
  }
}
