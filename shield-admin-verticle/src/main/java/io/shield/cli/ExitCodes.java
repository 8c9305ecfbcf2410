package io.shield.cli;

/** What the command's exit codes mean. */
final class ExitCodes {
  /** It failed. */
  static final int FAILED = 1;

  /** It was called or configured wrongly. */
  static final int USAGE = 2;

  /** It started something that goes on; the process does not end. Never seen outside. */
  static final int RUNNING = -1;

  private ExitCodes() {}
}
