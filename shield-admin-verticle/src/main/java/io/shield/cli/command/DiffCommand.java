package io.shield.cli.command;

import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.Surroundings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code diff}: what {@code apply} would change. */
@Command
public final class DiffCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common;
  @Mixin private final DocumentFile document;

  public DiffCommand(Surroundings here) {
    common = new CommonOptions(here);
    document = new DocumentFile(common);
  }

  @Override
  public Integer call() {
    return document.run("", true) ? ExitCodes.DIFFERS : ExitCodes.OK;
  }
}
