package io.shield.cli;

import io.shield.ShieldOptions;
import io.shield.cli.complete.FileNames;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say where an engine keeps its state. */
final class StoreChoice {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "Where state is kept: memory, file, redis or another on the class path")
  private @Nullable String backend;

  @Option(
      names = "--file",
      paramLabel = "PATH",
      completionCandidates = FileNames.class,
      description = "The state file of --backend file (default: SHIELD_FILE_PATH).")
  private @Nullable String file;

  @Option(
      names = "--redis-url",
      paramLabel = "URL",
      description =
          "The Redis of --backend redis, redis://user:password@host:port/database"
              + " (default: SHIELD_REDIS_URL).")
  private @Nullable String redisUrl;

  /** Sets the backend that was asked for, if one was; returns the options. */
  ShieldOptions applyTo(ShieldOptions options) {
    String chosen = chosen("--file", file, "file", backend);
    chosen = chosen("--redis-url", redisUrl, "redis", chosen);
    if (file != null) {
      options.putSetting("SHIELD_FILE_PATH", file);
    }
    if (redisUrl != null) {
      options.putSetting("SHIELD_REDIS_URL", redisUrl);
    }
    return chosen == null ? options : options.setBackend(chosen);
  }

  /** The option that was given, or null if none was. */
  @Nullable String given() {
    return backend != null
        ? "--backend"
        : file != null ? "--file" : redisUrl != null ? "--redis-url" : null;
  }

  /** The backend that an option asks for, which must not be another than is asked for already. */
  private @Nullable String chosen(
      String option, @Nullable String value, String wanted, @Nullable String asked) {
    if (value == null) {
      return asked;
    }
    if (value.isBlank()) {
      throw new ParameterException(
          spec.commandLine(), option + ": '" + value + "' is not allowed, must not be empty");
    }
    if (asked != null && !asked.equals(wanted)) {
      throw new ParameterException(
          spec.commandLine(),
          option + " goes with --backend " + wanted + ", not with --backend " + asked);
    }
    return wanted;
  }
}
