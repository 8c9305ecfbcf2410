package io.shield.cli.command;

import io.shield.cli.terminal.Surroundings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a password comes from: standard input, the environment, or somebody at the terminal. */
final class PasswordOption {
  /** Where it is taken from when nobody can be asked. */
  private static final String ELSEWHERE =
      "set SHIELD_PASSWORD, or give --password-stdin and write it to standard input";

  private final Surroundings here;

  @Option(
      names = "--password-stdin",
      description = "Take the password from the first line of standard input.")
  private boolean fromInput;

  PasswordOption(Surroundings here) {
    this.here = here;
  }

  /** The password if nobody has to be asked, else null. */
  @Nullable String given() {
    if (fromInput) {
      return here.terminal().firstLine();
    }
    return variable();
  }

  private @Nullable String variable() {
    String variable = here.environment().get("SHIELD_PASSWORD");
    return variable == null || variable.isEmpty() ? null : variable;
  }

  /** Where the password came from. */
  String source() {
    return fromInput ? "standard input" : variable() == null ? "the prompt" : "SHIELD_PASSWORD";
  }

  /** Asks. */
  String asked(String question) {
    return here.terminal().secret(question, ELSEWHERE);
  }
}
