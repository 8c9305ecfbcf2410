package io.shield.model;

import io.shield.error.InvalidValueException;
import io.shield.internal.value.Checks;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One limit: so many requests in so long.
 *
 * @param count requests per period, 1 to {@link #MAX_COUNT}
 * @param period the period's length; a month counts 30 days, a year 365
 */
public record RateLimit(long count, Duration period) {
  /** The largest count of one limit. */
  public static final long MAX_COUNT = 1_000_000_000_000L;

  /** How a limit that limits nothing is written. */
  public static final String UNLIMITED = "unlimited";

  private static final Pattern FORM =
      Pattern.compile(
          "(\\d{1,13})\\s*(?:/|\\s+per\\s+)\\s*(?:(\\d{1,9})\\s*)?"
              + "(second|minute|hour|day|month|year)s?",
          Pattern.CASE_INSENSITIVE);
  private static final int MAX_LENGTH = 200;
  private static final Duration MAX_PERIOD = Duration.ofDays(36_500);

  public RateLimit {
    if (count < 1 || count > MAX_COUNT) {
      throw new InvalidValueException("limit", count, "between 1 and " + MAX_COUNT);
    }
    if (period.isNegative() || period.isZero() || period.compareTo(MAX_PERIOD) > 0) {
      throw new InvalidValueException("limit", period, "more than nothing and at most 100 years");
    }
  }

  /**
   * Reads a limit string: {@code 100/minute}, {@code 5 per second}, {@code 10/2 minutes}, several
   * joined by {@code ;}, or {@code unlimited}.
   *
   * @return the limits in the order given; empty for {@code unlimited}
   * @throws InvalidValueException if it cannot be read
   */
  public static List<RateLimit> parse(String field, String text) {
    Checks.nonEmptyLine(field, text, MAX_LENGTH);
    if (text.trim().equalsIgnoreCase(UNLIMITED)) {
      return List.of();
    }
    List<RateLimit> limits = new ArrayList<>();
    for (String part : text.split(";", -1)) {
      limits.add(parseOne(field, text, part.trim()));
    }
    return List.copyOf(limits);
  }

  private static RateLimit parseOne(String field, String text, String part) {
    Matcher form = FORM.matcher(part);
    if (!form.matches()) {
      throw notALimit(field, text);
    }
    long count = Long.parseLong(form.group(1));
    long multiple = form.group(2) == null ? 1 : Long.parseLong(form.group(2));
    Duration unit = unit(form.group(3).toLowerCase(Locale.ROOT));
    if (count < 1 || count > MAX_COUNT || multiple < 1) {
      throw notALimit(field, text);
    }
    Duration period = unit.multipliedBy(multiple);
    if (period.compareTo(MAX_PERIOD) > 0) {
      throw new InvalidValueException(field, text, "of periods of at most 100 years");
    }
    return new RateLimit(count, period);
  }

  private static Duration unit(String name) {
    return switch (name) {
      case "second" -> Duration.ofSeconds(1);
      case "minute" -> Duration.ofMinutes(1);
      case "hour" -> Duration.ofHours(1);
      case "day" -> Duration.ofDays(1);
      case "month" -> ChronoUnit.DAYS.getDuration().multipliedBy(30);
      default -> ChronoUnit.DAYS.getDuration().multipliedBy(365);
    };
  }

  private static InvalidValueException notALimit(String field, String text) {
    return new InvalidValueException(
        field,
        text,
        "of the form <count>/<granularity>, e.g. 100/minute, 5 per second, 10/2 minutes, several"
            + " joined by ';', or 'unlimited'; granularities: second, minute, hour, day, month,"
            + " year (or their plurals)");
  }
}
