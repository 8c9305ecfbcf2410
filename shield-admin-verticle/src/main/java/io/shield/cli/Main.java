package io.shield.cli;

import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.StandardOutput;
import io.shield.cli.terminal.Surroundings;
import java.util.Arrays;
import picocli.CommandLine;

/** The {@code shield} command. */
public final class Main {
  /** The library refuses less. */
  private static final int NARROWEST_HELP = 55;

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    StandardOutput out = new StandardOutput();
    CommandLine line = commandLine(Surroundings.ofProcess(), args).setOut(out.writer());
    int code = line.execute(args);
    try {
      out.finish();
    } catch (CommandFailure e) {
      code = Failures.tell(e, line, Failures.asJson(args));
    }
    if (code != ExitCodes.RUNNING) {
      System.exit(code);
    }
  }

  static CommandLine commandLine(Surroundings here, String... args) {
    FailureHandlers failures = new FailureHandlers(Failures.asJson(args));
    return CommandTree.of(here, Arrays.asList(args))
        .setUsageHelpWidth(Math.max(NARROWEST_HELP, here.columns() == 0 ? 80 : here.columns()))
        // A reason may begin with '@' and is not the name of a file.
        .setExpandAtFiles(false)
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures);
  }
}
