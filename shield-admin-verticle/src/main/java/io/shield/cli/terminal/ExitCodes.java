package io.shield.cli.terminal;

/** What the command's exit codes mean. */
public final class ExitCodes {
  /** It did what was asked. */
  public static final int OK = 0;

  /** Of {@code diff}: the document and what is in force differ. */
  public static final int DIFFERS = 1;

  /** It failed for a reason that has no code of its own. */
  public static final int FAILED = 1;

  /** It was called or configured wrongly. */
  public static final int USAGE = 2;

  /** There is no such route, policy or token. */
  public static final int NOT_FOUND = 3;

  /** Nobody is signed in, or who is may not do this. */
  public static final int NOT_ALLOWED = 4;

  /** What is stored does not allow it, or somebody else was faster. */
  public static final int CONFLICT = 5;

  /** The server or the store cannot be reached. */
  public static final int UNREACHABLE = 6;

  /** It started something that goes on; the process does not end. Never seen outside. */
  public static final int RUNNING = -1;

  private ExitCodes() {}
}
