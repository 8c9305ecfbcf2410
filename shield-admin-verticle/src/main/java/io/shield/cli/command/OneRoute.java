package io.shield.cli.command;

import io.shield.cli.terminal.Surroundings;
import java.util.List;
import picocli.CommandLine.Parameters;

/** A change of the routes that one argument means. */
final class OneRoute extends RouteChange {
  @Parameters(
      index = "0",
      paramLabel = "ROUTE",
      completionCandidates = LiveValues.Routes.class,
      description =
          "METHOD:/path, or /path when only one route has it, or a pattern: 'GET:/v1/**'.")
  private String route = "";

  OneRoute(Surroundings here) {
    super(here);
  }

  @Override
  List<String> routes() {
    return List.of(route);
  }
}
