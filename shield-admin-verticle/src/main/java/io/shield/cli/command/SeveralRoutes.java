package io.shield.cli.command;

import io.shield.cli.terminal.Surroundings;
import java.util.List;
import picocli.CommandLine.Parameters;

/** A change of the routes that one or more arguments mean: of all or, if one fails, of none. */
final class SeveralRoutes extends RouteChange {
  @Parameters(
      arity = "1..*",
      paramLabel = "ROUTE",
      completionCandidates = LiveValues.Routes.class,
      description = {
        "METHOD:/path, or /path when only one route has it, or a pattern: 'GET:/v1/**'.",
        "In a pattern * is anything but a slash, ** anything, ? one character."
      })
  private List<String> routes = List.of();

  SeveralRoutes(Surroundings here) {
    super(here);
  }

  @Override
  List<String> routes() {
    return routes;
  }
}
