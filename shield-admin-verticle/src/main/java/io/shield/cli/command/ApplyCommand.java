package io.shield.cli.command;

import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.Surroundings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code apply}: brings a document into force, all of it or nothing. */
@Command
public final class ApplyCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common;
  @Mixin private final DocumentFile document;

  @Option(
      names = {"-r", "--reason"},
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Why; kept in the audit log.")
  private String reason = "";

  @Option(names = "--dry-run", description = "Show what would be changed, and change nothing.")
  private boolean dryRun;

  public ApplyCommand(Surroundings here) {
    common = new CommonOptions(here);
    document = new DocumentFile(common);
  }

  @Override
  public Integer call() {
    boolean differs = document.run(reason, dryRun);
    if (dryRun || !differs) {
      common.output().remark("nothing was changed");
    }
    return ExitCodes.OK;
  }
}
