package io.shield.cli;

import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.StandardOutput;
import io.shield.cli.terminal.Surroundings;
import java.util.Arrays;
import java.util.Set;
import picocli.CommandLine;

/** The {@code shield} command. */
public final class Main {
  /** The library refuses less. */
  private static final int NARROWEST_HELP = 55;

  /** The commands that go on and have a log. */
  private static final Set<String> LASTING = Set.of("demo", "serve");

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    Logging.useText();
    if (args.length == 0 || !LASTING.contains(args[0])) {
      Logging.keepSilent();
    }
    int code = run(commandLine(Surroundings.ofProcess(), args), StandardOutput.ofProcess(), args);
    if (code != ExitCodes.RUNNING) {
      System.exit(code);
    }
  }

  /** Runs a command and writes out what it printed; returns its exit code. */
  static int run(CommandLine line, StandardOutput out, String... args) {
    int code = line.setOut(out.writer()).execute(args);
    try {
      out.finish();
      return code;
    } catch (CommandFailure e) {
      return Failures.tell(e, line, Failures.asJson(args), 0);
    }
  }

  static CommandLine commandLine(Surroundings here, String... args) {
    FailureHandlers failures = new FailureHandlers(Failures.asJson(args), here.messageColumns());
    CommandLine line = CommandTree.of(here, Arrays.asList(args));
    HelpText.on(line);
    return line.setUsageHelpWidth(
            Math.max(NARROWEST_HELP, here.columns() == 0 ? 80 : here.columns()))
        // A reason may begin with '@' and is not the name of a file.
        .setExpandAtFiles(false)
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures);
  }
}
