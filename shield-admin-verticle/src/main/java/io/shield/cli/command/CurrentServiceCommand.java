package io.shield.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.Surroundings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code current-service}: what {@code SHIELD_SERVICE} says. */
@Command
public final class CurrentServiceCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common;

  public CurrentServiceCommand(Surroundings here) {
    common = new CommonOptions(here);
  }

  @Override
  public Integer call() {
    String service = new ServiceOption(common.here()).get();
    common
        .output()
        .fields(JsonNodeFactory.instance.objectNode().put("service", service), "service");
    if (service == null) {
      common.output().remark("no service is set; set one with: export SHIELD_SERVICE=NAME");
    }
    return ExitCodes.OK;
  }
}
