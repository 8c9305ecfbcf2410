package io.shield.cli;

import io.shield.ShieldOptions;
import io.shield.cli.complete.FileNames;
import io.vertx.core.Vertx;
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

  @Option(
      names = "--cluster-config",
      paramLabel = "FILE",
      completionCandidates = FileNames.class,
      description =
          "The Hazelcast configuration of --backend cluster, XML (default: those of this host find"
              + " each other).")
  private @Nullable String clusterConfig;

  /** Sets the backend that was asked for, if one was; returns the options. */
  ShieldOptions applyTo(ShieldOptions options) {
    String chosen = chosen("--file", file, "file", backend);
    chosen = chosen("--redis-url", redisUrl, "redis", chosen);
    chosen = chosen("--cluster-config", clusterConfig, "cluster", chosen);
    if (file != null) {
      options.putSetting("SHIELD_FILE_PATH", file);
    }
    if (redisUrl != null) {
      options.putSetting("SHIELD_REDIS_URL", redisUrl);
    }
    return chosen == null ? options : options.setBackend(chosen);
  }

  /** A Vert.x for these options, clustered if they or the configuration want that. */
  Vertx vertx(ShieldOptions options) throws Exception {
    if (!DemoCluster.isWanted(options)) {
      return Vertx.vertx();
    }
    try {
      return Foreground.await(DemoCluster.start(clusterConfig));
    } catch (Exception e) {
      throw Foreground.explained(e);
    }
  }

  /** The option that was given, or null if none was. */
  @Nullable String given() {
    if (backend != null) {
      return "--backend";
    }
    if (file != null) {
      return "--file";
    }
    if (redisUrl != null) {
      return "--redis-url";
    }
    return clusterConfig == null ? null : "--cluster-config";
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
