package io.shield.cli.command;

import io.shield.internal.Moments;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How times and durations that are typed are read. */
final class TimeZoneOption {
  /** What may be typed for a time to come. */
  static final String WHEN = "30m, 2h or 1d from now, a date, or a time.";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--tz",
      paramLabel = "ZONE",
      description = "Where times without an offset are: Europe/Berlin, say (default: UTC).")
  private @Nullable String zone;

  /** A moment to come, or null if none is given. */
  @Nullable Instant ahead(String option, @Nullable String text) {
    return text == null ? null : moments(option, text).ahead(option, text);
  }

  /** A moment that was, or null if none is given. */
  @Nullable Instant back(String option, @Nullable String text) {
    return text == null ? null : moments(option, text).back(option, text);
  }

  /** A length of time, or null if none is given. */
  static @Nullable Duration length(String option, @Nullable String text) {
    return text == null ? null : Moments.length(option, text);
  }

  private Moments moments(String option, String text) {
    ZoneId meant = zone == null ? ZoneOffset.UTC : Moments.zone("--tz", zone);
    if (zone == null && Moments.lacksOffset(text)) {
      spec.commandLine()
          .getErr()
          .println("shield: " + option + " " + text + " is taken as UTC; --tz names another zone");
    }
    return new Moments(Instant.now(), meant);
  }
}
