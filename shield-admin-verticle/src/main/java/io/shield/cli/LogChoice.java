package io.shield.cli;

import io.shield.error.ShieldException;
import io.shield.internal.DotShield;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option that says how a command that goes on writes its log. */
final class LogChoice {
  private static final String VARIABLE = "SHIELD_LOG_FORMAT";
  private static final String TEXT = "text";
  private static final String JSON = "json";

  /** Of {@code --log-format}. */
  static final class Formats implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of(TEXT, JSON).iterator();
    }
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      completionCandidates = Formats.class,
      description =
          "How the log is written: text or json, an object a line (default: "
              + VARIABLE
              + ", else text).")
  private @Nullable String format;

  /**
   * Sets the log up, before anything is written to it.
   *
   * @return whether everything is written in JSON
   */
  boolean begin() {
    String source = format == null ? VARIABLE : "--log-format";
    String chosen = format == null ? configured() : format;
    if (chosen == null || chosen.equals(TEXT)) {
      return false;
    }
    if (!chosen.equals(JSON)) {
      throw new ParameterException(
          spec.commandLine(), source + ": '" + chosen + "' is not allowed, must be text or json");
    }
    if (!Logging.useJson()) {
      throw new ParameterException(
          spec.commandLine(),
          source + ": json needs " + Logging.JSON_ARTIFACTS + " on the class path");
    }
    return true;
  }

  private static @Nullable String configured() {
    String variable = System.getenv(VARIABLE);
    return variable == null || variable.isEmpty() ? ofFile() : variable;
  }

  private static @Nullable String ofFile() {
    try {
      return DotShield.find(Path.of("")).get(VARIABLE);
    } catch (ShieldException unreadable) {
      // The engine reads it too, and says so.
      return null;
    }
  }
}
