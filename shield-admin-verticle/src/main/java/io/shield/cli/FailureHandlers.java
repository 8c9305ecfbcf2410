package io.shield.cli;

import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.Lines;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
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
  private static final int MOST_SUGGESTIONS = 3;

  @Override
  public int handleExecutionException(Exception e, CommandLine line, ParseResult parsed) {
    return Failures.tell(e, line, json, columns);
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
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

  /** The library's word for a group without one of its commands is longer. */
  private static String messageOf(ParameterException e) {
    String message = CommandFailure.messageOf(e);
    return message.equals("Missing required subcommand") ? "Missing command" : message;
  }

  private static String unmatched(UnmatchedArgumentException e) {
    String first = e.getUnmatched().get(0);
    boolean word = !first.startsWith("-") || first.length() == 1;
    boolean command = word && !e.getCommandLine().getSubcommands().isEmpty();
    String message = command ? "Unknown command: '" + first + "'" : CommandFailure.messageOf(e);
    List<String> meant = e.getSuggestions().stream().limit(MOST_SUGGESTIONS).toList();
    return meant.isEmpty() ? message : message + ". Did you mean " + String.join(", ", meant) + "?";
  }
}
