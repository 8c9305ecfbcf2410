package io.shield.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.Surroundings;
import io.shield.cli.terminal.View;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code forget}. */
@Command
public final class ForgetCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common;
  @Mixin private final ServiceOption service;

  @Parameters(
      paramLabel = "ROUTE",
      completionCandidates = LiveValues.Routes.class,
      description = "METHOD:/path, or /path when only one route has it.")
  private String route = "";

  @Option(
      names = {"-r", "--reason"},
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Why; kept in the audit log.")
  private String reason = "";

  @Option(
      names = "--force",
      description = "Also one that is closed, or that code declared within 7 days.")
  private boolean force;

  public ForgetCommand(Surroundings here) {
    common = new CommonOptions(here);
    service = new ServiceOption(here);
  }

  @Override
  public Integer call() {
    String key = service.key(route);
    JsonNode answer = common.control(control -> control.forget(key, force, reason));
    common.output().done(View.text(answer, "path") + " is forgotten.", answer, "path");
    return ExitCodes.OK;
  }
}
