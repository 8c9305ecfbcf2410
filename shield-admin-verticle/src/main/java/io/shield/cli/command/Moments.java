package io.shield.cli.command;

import io.shield.error.InvalidValueException;
import io.shield.json.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations and times as people type them. */
final class Moments {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(ms|s|m|h|d)");

  private Moments() {}

  /** {@code 30m}, {@code 2h}, {@code 1d}; null if it is none. */
  static @Nullable Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /** A moment given as a duration from now or as an ISO-8601 time; null stays null. */
  static @Nullable Instant moment(String option, @Nullable String text) {
    if (text == null) {
      return null;
    }
    Duration duration = duration(text);
    if (duration != null) {
      return Instant.now().plus(duration);
    }
    try {
      return Times.parse(option, text);
    } catch (InvalidValueException e) {
      throw new InvalidValueException(
          option, text, "a duration such as 30m, 2h or 1d, or " + e.allowed());
    }
  }
}
