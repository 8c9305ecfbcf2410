package io.shield.admin.impl;

import io.shield.error.InvalidValueException;
import io.shield.json.Fields;
import io.shield.json.Times;
import io.shield.model.RouteState;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads durations such as {@code 30m}, and times that may be given as one. */
final class Until {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})([smhd])");

  private Until() {}

  /** The field as a moment: a duration from now on, or an ISO-8601 time; null if it is absent. */
  static @Nullable Instant read(Fields fields, String field, Instant now) {
    String text = fields.string(field);
    if (text == null) {
      return null;
    }
    Duration duration = duration(text);
    if (duration != null) {
      return after(field, text, now, duration);
    }
    try {
      return Times.parse(field, text);
    } catch (InvalidValueException e) {
      throw new InvalidValueException(
          field, text, "a duration such as 30m, 2h or 1d, or " + e.allowed());
    }
  }

  private static Instant after(String field, String text, Instant now, Duration duration) {
    if (duration.isZero() || duration.compareTo(Duration.between(now, RouteState.LATEST)) > 0) {
      throw new InvalidValueException(field, text, "more than 0, and end before the year 10000");
    }
    return now.plus(duration);
  }

  /** The field as a duration; null if it is absent. */
  static @Nullable Duration readDuration(Fields fields, String field) {
    String text = fields.string(field);
    if (text == null) {
      return null;
    }
    Duration duration = duration(text);
    if (duration == null) {
      throw new InvalidValueException(field, text, "a duration: 30m, 2h, 1d");
    }
    return duration;
  }

  private static @Nullable Duration duration(String text) {
    Matcher parts = DURATION.matcher(text);
    if (!parts.matches()) {
      return null;
    }
    long count = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }
}
