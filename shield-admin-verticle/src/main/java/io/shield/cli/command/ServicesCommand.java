package io.shield.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.Surroundings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code services}: the services the server knows. */
@Command
public final class ServicesCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common;

  public ServicesCommand(Surroundings here) {
    common = new CommonOptions(here);
  }

  @Override
  public Integer call() {
    List<JsonNode> services = new ArrayList<>();
    common.server(api -> api.get("/api/services").body()).forEach(services::add);
    common.output().list(services, Views.NAME);
    return ExitCodes.OK;
  }
}
