package io.shield.cli;

import java.io.PrintWriter;
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
    footer = {"", "'shield bench' runs the benchmarks, from a source tree only."},
    subcommands = {DemoCommand.class, CommandLine.HelpCommand.class})
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    int code = commandLine().execute(args);
    if (code != ExitCodes.RUNNING) {
      System.exit(code);
    }
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setParameterExceptionHandler(Main::usage)
        .setExecutionExceptionHandler((e, line, parsed) -> failed(e, line));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }

  private static int usage(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    PrintWriter err = line.getErr();
    err.println(
        "shield: "
            + e.getMessage()
            + ". See '"
            + line.getCommandSpec().qualifiedName()
            + " --help'.");
    return ExitCodes.USAGE;
  }

  private static int failed(Exception e, CommandLine line) {
    line.getErr().println("shield: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
    return e instanceof CommandFailure failure ? failure.exitCode() : ExitCodes.FAILED;
  }
}
