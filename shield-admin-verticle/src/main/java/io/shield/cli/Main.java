package io.shield.cli;

import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.Lines;
import io.shield.cli.terminal.Surroundings;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code shield} command. */
@Command(
    name = "shield",
    description = "Controls how an HTTP API behaves while it runs.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "'shield bench' runs the benchmarks, from a source tree only."})
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    int code = commandLine(Surroundings.ofProcess(), args).execute(args);
    if (code != ExitCodes.RUNNING) {
      System.exit(code);
    }
  }

  static CommandLine commandLine(Surroundings here, String... args) {
    boolean json = Failures.asJson(args);
    return CommandTree.of(here, Arrays.asList(args))
        // A reason may begin with '@' and is not the name of a file.
        .setExpandAtFiles(false)
        .setParameterExceptionHandler((e, given) -> usage(e, json))
        .setExecutionExceptionHandler((e, line, parsed) -> Failures.tell(e, line, json));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }

  private static int usage(ParameterException e, boolean json) {
    CommandLine line = e.getCommandLine();
    String command = line.getCommandSpec().qualifiedName();
    String message = CommandFailure.messageOf(e);
    String hint = "See '" + command + " --help'.";
    if (json) {
      return Failures.tell(CommandFailure.usage(message, hint), line, true);
    }
    line.getErr().println("shield: " + Lines.oneLine(message) + ". " + hint);
    return ExitCodes.USAGE;
  }
}
