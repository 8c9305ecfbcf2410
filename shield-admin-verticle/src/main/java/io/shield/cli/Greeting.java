package io.shield.cli;

import java.io.PrintWriter;

/** What a command that goes on says when it is ready: one fact a line. */
final class Greeting {
  private final StringBuilder text;

  Greeting(String first) {
    text = new StringBuilder(first).append(System.lineSeparator());
  }

  Greeting fact(String name, String value) {
    text.append(String.format("  %-9s  %s%n", name, value));
    return this;
  }

  /** Prints it, at once. */
  void print(PrintWriter out) {
    out.println(text);
    out.flush();
  }
}
