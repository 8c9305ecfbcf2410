package io.shield.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.cli.terminal.ExitCodes;
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
      common.output().item(common.control(control -> control.route(key)), Views.ROUTE);
      return ExitCodes.OK;
    }
    String named = service.get();
    List<JsonNode> routes =
        common.control(control -> control.routes(named)).stream()
            .sorted(Comparator.comparing(item -> View.text(item, "path")))
            .toList();
    paging.write(common.output(), routes, Views.ROUTE);
    return ExitCodes.OK;
  }
}
