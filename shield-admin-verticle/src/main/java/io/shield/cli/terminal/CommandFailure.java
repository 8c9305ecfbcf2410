package io.shield.cli.terminal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A failure that is told in one line, with its exit code and what to do next. */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;
  private final String code;
  private final String hint;
  private final transient List<String> candidates;

  /**
   * @param exitCode one of {@link ExitCodes}
   * @param code the kind of failure as a word for programs, {@code not_found} for instance
   * @param message what went wrong, in one line
   * @param hint what to do next, may be empty
   */
  public CommandFailure(int exitCode, String code, String message, String hint) {
    this(exitCode, code, message, hint, List.of());
  }

  /**
   * A failure that names what could have been meant.
   *
   * @param candidates route keys
   */
  public CommandFailure(
      int exitCode, String code, String message, String hint, List<String> candidates) {
    super(message, null, false, false);
    this.exitCode = exitCode;
    this.code = code;
    this.hint = hint;
    this.candidates = List.copyOf(candidates);
  }

  /** A command that was called or configured wrongly. */
  public static CommandFailure usage(String message, String hint) {
    return new CommandFailure(ExitCodes.USAGE, "usage", message, hint);
  }

  /** A failure without a code of its own. */
  public static CommandFailure failed(String message, String hint) {
    return new CommandFailure(ExitCodes.FAILED, "failed", message, hint);
  }

  /** Something that does not answer. */
  public static CommandFailure unreachable(String message, String hint) {
    return new CommandFailure(ExitCodes.UNREACHABLE, "unreachable", message, hint);
  }

  /** One of {@link ExitCodes}. */
  public int exitCode() {
    return exitCode;
  }

  /** The kind of failure as a word for programs. */
  public String code() {
    return code;
  }

  /** What to do next, may be empty. */
  public String hint() {
    return hint;
  }

  /** What could have been meant by an ambiguous name; empty otherwise. */
  public List<String> candidates() {
    return candidates;
  }

  /** The message of any error, never null. */
  public static String messageOf(@Nullable Throwable error) {
    if (error == null) {
      return "unknown";
    }
    return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
  }
}
