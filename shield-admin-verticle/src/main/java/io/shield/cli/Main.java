package io.shield.cli;

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
    String command = line.getCommandSpec().qualifiedName();
    complain(line, e.getMessage() + ". See '" + command + " --help'.");
    return ExitCodes.USAGE;
  }

  private static int failed(Exception e, CommandLine line) {
    complain(line, e.getMessage() == null ? e.toString() : e.getMessage());
    return e instanceof CommandFailure failure ? failure.exitCode() : ExitCodes.FAILED;
  }

  /** One line, whatever an argument or a file holds that the message shows. */
  private static void complain(CommandLine line, String message) {
    StringBuilder shown = new StringBuilder("shield: ");
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      boolean breaksLine = Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
      shown.append(breaksLine ? String.format("\\u%04x", (int) c) : String.valueOf(c));
    }
    line.getErr().println(shown);
  }
}
