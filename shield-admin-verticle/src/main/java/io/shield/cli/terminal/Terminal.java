package io.shield.cli.terminal;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Which of the streams are a terminal, and how to ask somebody who sits there.
 *
 * @param in whether standard input is one
 * @param out whether standard output is one
 * @param err whether standard error is one
 * @param input standard input
 */
public record Terminal(boolean in, boolean out, boolean err, InputStream input) {
  /**
   * Set by the launcher, since Java cannot tell one stream from another: the numbers of those that
   * are a terminal, {@code 012} if all. Without it none counts as one.
   */
  private static final String PROPERTY = "shield.terminal";

  /** The terminal of this process. */
  public static Terminal ofProcess() {
    String known = System.getProperty(PROPERTY, "");
    return new Terminal(known.contains("0"), known.contains("1"), known.contains("2"), System.in);
  }

  /** Whether somebody can be asked. */
  public boolean canAsk() {
    return in && err;
  }

  /**
   * Asks for a yes.
   *
   * @param flag what to give where nobody can be asked
   * @throws CommandFailure if nobody can be asked, or the answer is not yes
   */
  public void confirm(String question, String flag, PrintWriter prompt) {
    if (!canAsk()) {
      throw CommandFailure.usage(
          question + " There is no terminal to ask on", "give " + flag + " to agree");
    }
    prompt.print(Lines.oneLine(question) + " [y/N] ");
    prompt.flush();
    String answer = firstLine().strip().toLowerCase(Locale.ROOT);
    if (!answer.equals("y") && !answer.equals("yes")) {
      throw CommandFailure.failed("not confirmed, nothing was changed", "");
    }
  }

  /**
   * Asks for a line.
   *
   * @param instead what to do where nobody can be asked
   */
  public String line(String question, String instead, PrintWriter prompt) {
    if (!canAsk()) {
      throw CommandFailure.usage(question.strip() + " there is no terminal to ask on", instead);
    }
    prompt.print(question);
    prompt.flush();
    return firstLine().strip();
  }

  /**
   * Asks for a secret without showing it.
   *
   * @param flag what to give where nobody can be asked
   */
  public String secret(String question, String flag) {
    Console console = canAsk() ? System.console() : null;
    if (console == null) {
      throw CommandFailure.usage("there is no terminal to ask for the password on", flag);
    }
    char[] typed = console.readPassword("%s", question);
    if (typed == null) {
      throw CommandFailure.failed("no password was given", "");
    }
    return new String(typed);
  }

  /** The first line of standard input; empty at its end. */
  public String firstLine() {
    try {
      // Not closed: standard input is not ours.
      String line =
          new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8)).readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw CommandFailure.failed("standard input cannot be read: " + e.getMessage(), "");
    }
  }
}
