package io.shield.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.ExitCodes;
import io.shield.cli.terminal.Lines;
import io.shield.error.AmbiguousRouteException;
import io.shield.error.ChangeConflictException;
import io.shield.error.InvalidValueException;
import io.shield.error.OutcomeUnknownException;
import io.shield.error.ShieldException;
import io.shield.error.UnknownPolicyException;
import io.shield.error.UnknownRouteException;
import io.shield.error.VersionMismatchException;
import io.shield.spi.StoreUnreachableException;
import picocli.CommandLine;

/** Tells what went wrong, for people in one line and for programs in JSON. */
final class Failures {
  private Failures() {}

  /** Whether the arguments ask for JSON; they may be wrong otherwise. */
  static boolean asJson(String... args) {
    for (int i = 0; i < args.length; i++) {
      boolean option = args[i].equals("-o") || args[i].equals("--output");
      boolean next = option && i + 1 < args.length && args[i + 1].equals("json");
      if (next || args[i].equals("-ojson") || args[i].matches("(-o|--output)=json")) {
        return true;
      }
    }
    return false;
  }

  /**
   * Tells it.
   *
   * @param columns how wide the terminal is, 0 for any width
   * @return the exit code
   */
  static int tell(Exception error, CommandLine line, boolean json, int columns) {
    CommandFailure failure = of(error);
    if (json) {
      ObjectNode told = JsonNodeFactory.instance.objectNode();
      told.put("error", failure.getMessage());
      told.put("code", failure.code());
      told.put("exit_code", failure.exitCode());
      if (!failure.hint().isEmpty()) {
        told.put("hint", failure.hint());
      }
      if (!failure.candidates().isEmpty()) {
        failure.candidates().forEach(told.putArray("candidates")::add);
      }
      line.getErr().println(told);
    } else {
      String hint = failure.hint().isEmpty() ? "" : " (" + failure.hint() + ")";
      line.getErr().println(Lines.wrapped("shield: " + failure.getMessage() + hint, columns));
    }
    return failure.exitCode();
  }

  /** What any error means to the caller of a command. */
  static CommandFailure of(Exception error) {
    String message = CommandFailure.messageOf(error);
    if (error instanceof CommandFailure failure) {
      return failure;
    }
    if (error instanceof InvalidValueException) {
      return CommandFailure.usage(message, "");
    }
    if (error instanceof UnknownRouteException || error instanceof UnknownPolicyException) {
      return new CommandFailure(ExitCodes.NOT_FOUND, "not_found", message, "");
    }
    if (error instanceof AmbiguousRouteException ambiguous) {
      return new CommandFailure(ExitCodes.CONFLICT, "ambiguous", message, "", ambiguous.matches());
    }
    if (error instanceof ChangeConflictException || error instanceof VersionMismatchException) {
      return new CommandFailure(ExitCodes.CONFLICT, "conflict", message, "");
    }
    if (error instanceof StoreUnreachableException || error instanceof OutcomeUnknownException) {
      return CommandFailure.unreachable(message, "is the store running?");
    }
    return CommandFailure.failed(error instanceof ShieldException ? message : error.toString(), "");
  }
}
