package io.shield.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.cli.control.Control;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.OutputFormat;
import io.shield.cli.terminal.Surroundings;
import io.shield.cli.terminal.View;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code status}: all routes, or one. */
@Command
public final class StatusCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common;
  @Mixin private final ServiceOption service;
  @Mixin private final Paging paging = new Paging();

  @Parameters(
      arity = "0..1",
      paramLabel = "ROUTE",
      completionCandidates = LiveValues.Routes.class,
      description = "One route (default: all).")
  private @Nullable String route;

  public StatusCommand(Surroundings here) {
    common = new CommonOptions(here);
    service = new ServiceOption(here);
  }

  @Override
  public Integer call() {
    if (route != null) {
      String key = service.key(route);
      Shown shown = common.control(control -> shown(control, List.of(control.route(key))));
      shown.overrides.forEach(common.output()::heading);
      common.output().item(shown.routes.get(0), Views.ROUTE);
      return ExitCodes.OK;
    }
    String named = service.get();
    Shown shown = common.control(control -> shown(control, control.routes(named)));
    shown.overrides.forEach(common.output()::heading);
    paging.write(common.output(), shown.routes, Views.ROUTE);
    return ExitCodes.OK;
  }

  /** Routes, and what overrides what they say of themselves. */
  private record Shown(List<JsonNode> routes, List<String> overrides) {}

  private Shown shown(Control control, List<JsonNode> routes) {
    boolean told = common.output().format() == OutputFormat.TABLE;
    List<String> overrides =
        told ? control.overrides().stream().map(Overrides::line).toList() : List.of();
    return new Shown(
        routes.stream().sorted(Comparator.comparing(item -> View.text(item, "path"))).toList(),
        overrides);
  }
}
