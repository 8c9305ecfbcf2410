package io.shield.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.RouteAction;
import io.shield.cli.control.Control;
import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.Output;
import io.shield.cli.terminal.Surroundings;
import io.shield.cli.terminal.View;
import io.shield.error.AmbiguousRouteException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The argument and options of every command that changes a route, and the change itself. */
final class RouteChange {
  @Mixin private final CommonOptions common;
  @Mixin private final ServiceOption service;

  @Parameters(
      index = "0",
      paramLabel = "ROUTE",
      completionCandidates = LiveValues.Routes.class,
      description = "METHOD:/path, or /path when only one route has it.")
  private String route = "";

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
      description = "Change every route that has the path, without asking.")
  private boolean yes;

  @Option(names = "--dry-run", description = "Show what would become of it, and change nothing.")
  private boolean dryRun;

  RouteChange(Surroundings here) {
    common = new CommonOptions(here);
    service = new ServiceOption(here);
  }

  String reason() {
    return reason == null ? "" : reason;
  }

  @Nullable String givenReason() {
    return reason;
  }

  /** Does it and shows the new state. */
  int run(RouteAction action) {
    String key = service.key(route);
    Output output = common.output();
    List<JsonNode> states = change(key, action);
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
