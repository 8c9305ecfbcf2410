package io.shield.cli.command;

import io.shield.ShieldOptions;
import io.shield.cli.control.LocalControl;
import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.Surroundings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Opens a store that running servers share, in this process. */
final class LocalStore {
  /**
   * Which store.
   *
   * @param backend {@code --backend}
   * @param file {@code --file}
   * @param redisUrl {@code --redis-url}
   */
  record Choice(@Nullable String backend, @Nullable String file, @Nullable String redisUrl) {}

  private LocalStore() {}

  static boolean isMeant(
      @Nullable String backend, @Nullable String file, @Nullable String redisUrl) {
    return backend != null || file != null || redisUrl != null;
  }

  static LocalControl open(Choice choice, Surroundings here, Duration timeout, boolean wait) {
    return LocalControl.open(options(choice), here.user(), timeout, wait);
  }

  private static ShieldOptions options(Choice choice) {
    String backend = choice.backend();
    if (backend == null) {
      backend = choice.file() == null ? "redis" : "file";
    }
    if (!backend.equals("file") && !backend.equals("redis")) {
      throw CommandFailure.usage(
          "--backend: '"
              + backend
              + "' is not allowed, must be file or redis: other stores are not"
              + " shared with another process",
          "ask a running server instead: leave out --backend");
    }
    requireFor("--file", choice.file(), "file", backend);
    requireFor("--redis-url", choice.redisUrl(), "redis", backend);
    ShieldOptions options = new ShieldOptions().setName("shield-command").setBackend(backend);
    // A command believes the store or fails; it needs no snapshot for later.
    options.putSetting("SHIELD_CACHE_DIR", "off");
    // It serves no requests: what its environment bypasses says nothing of those who do.
    options.setBypassLifecycle(false).setBypassRateLimits(false);
    if (choice.file() != null) {
      options.putSetting("SHIELD_FILE_PATH", choice.file());
    }
    if (choice.redisUrl() != null) {
      options.putSetting("SHIELD_REDIS_URL", choice.redisUrl());
    }
    return options;
  }

  private static void requireFor(
      String option, @Nullable String value, String backend, String chosen) {
    if (value == null) {
      return;
    }
    if (value.isBlank()) {
      throw CommandFailure.usage(
          option + ": '" + value + "' is not allowed, must not be empty", "");
    }
    if (!chosen.equals(backend)) {
      throw CommandFailure.usage(
          option + " goes with --backend " + backend + ", not with --backend " + chosen, "");
    }
  }
}
