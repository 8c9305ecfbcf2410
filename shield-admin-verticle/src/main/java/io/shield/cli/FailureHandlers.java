package io.shield.cli;

import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.Lines;
import io.shield.internal.NearNames;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Tells what is wrong with a command line, and what went wrong in a command.
 *
 * @param json whether in JSON
 * @param columns how wide the terminal is, 0 for any width
 */
record FailureHandlers(boolean json, int columns)
    implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private static final String NO_COMMAND = "Missing required subcommand";

  /** By how many characters what was meant differs from what was typed. */
  private static final int NEAR = 3;

  @Override
  public int handleExecutionException(Exception e, CommandLine line, ParseResult parsed) {
    return Failures.tell(e, line, json, columns);
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    if (NO_COMMAND.equals(e.getMessage()) && !json) {
      line.usage(line.getErr());
      return ExitCodes.USAGE;
    }
    String command = line.getCommandSpec().qualifiedName();
    String message = e instanceof UnmatchedArgumentException u ? unmatched(u) : messageOf(e);
    String hint = "See '" + command + " --help'.";
    if (json) {
      return Failures.tell(CommandFailure.usage(message, hint), line, true, columns);
    }
    String end = message.endsWith("?") ? " " : ". ";
    line.getErr().println(Lines.wrapped("shield: " + message + end + hint, columns));
    return ExitCodes.USAGE;
  }

  /** That it was called without a command, of which there are several. */
  static ParameterException noCommand(CommandLine line) {
    return new ParameterException(line, NO_COMMAND);
  }

  private static String messageOf(ParameterException e) {
    String message = CommandFailure.messageOf(e);
    return message.equals(NO_COMMAND) ? "Missing command" : message;
  }

  private static String unmatched(UnmatchedArgumentException e) {
    String first = e.getUnmatched().get(0);
    boolean word = !first.startsWith("-") || first.length() == 1;
    CommandSpec spec = e.getCommandLine().getCommandSpec();
    boolean command = word && !spec.subcommands().isEmpty();
    String message = command ? "Unknown command: '" + first + "'" : CommandFailure.messageOf(e);
    List<String> meant = word ? near(first, spec.subcommands().keySet()) : nearOptions(first, spec);
    return meant.isEmpty() ? message : message + ". Did you mean " + String.join(", ", meant) + "?";
  }

  /** The library's own suggestions are some however little they resemble what was typed. */
  private static List<String> near(String typed, Collection<String> known) {
    List<String> near = NearNames.of(typed, known, NEAR);
    return near.isEmpty() && typed.length() > 1
        ? known.stream().filter(name -> name.startsWith(typed)).toList()
        : near;
  }

  private static List<String> nearOptions(String typed, CommandSpec spec) {
    String name = typed.replaceFirst("^-+", "").replaceFirst("=.*", "");
    List<String> known =
        spec.options().stream()
            .filter(option -> !option.hidden())
            .map(option -> option.longestName().replaceFirst("^-+", ""))
            .toList();
    return near(name, known).stream().map(option -> "--" + option).toList();
  }
}
