package io.shield.internal;

import io.shield.error.InvalidValueException;
import io.shield.json.Times;
import io.shield.model.RouteState;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads moments as people give them: a duration such as {@code 2h} from a moment, a date, or a time
 * with or without an offset.
 *
 * @param now what durations are counted from
 * @param zone what a time without an offset is in
 */
public record Moments(Instant now, ZoneId zone) {
  private static final Pattern DURATION = Pattern.compile("(\\+?)(\\d{1,9})(ms|s|m|h|d|w)");
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
  private static final Pattern LOCAL =
      Pattern.compile("(\\d{4}-\\d{2}-\\d{2})[T ](\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?)");

  /** A moment that is some time from now on is read by people: in milliseconds. */
  public Moments {
    now = now.truncatedTo(ChronoUnit.MILLIS);
  }

  /** Those of a caller who gives no zone: UTC. */
  public static Moments utc(Instant now) {
    return new Moments(now, ZoneOffset.UTC);
  }

  /**
   * A duration such as {@code 30m}, {@code +2h}, {@code 1d} or {@code 250ms}; null if it is none.
   */
  public static @Nullable Duration duration(String text) {
    Matcher parts = DURATION.matcher(text);
    if (!parts.matches()) {
      return null;
    }
    long count = Long.parseLong(parts.group(2));
    return switch (parts.group(3)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      case "d" -> Duration.ofDays(count);
      default -> Duration.ofDays(Math.multiplyExact(count, 7L));
    };
  }

  /**
   * A length of time that is more than 0.
   *
   * @throws InvalidValueException if it is none
   */
  public static Duration length(String field, String text) {
    Duration duration = duration(text);
    if (duration == null || duration.isZero()) {
      throw new InvalidValueException(field, text, "a duration: 30m, 2h, 1d");
    }
    return duration;
  }

  /** Whether a text says a time of day or a date without saying where. */
  public static boolean lacksOffset(String text) {
    return DATE.matcher(text).matches() || LOCAL.matcher(text).matches();
  }

  /**
   * A moment to come: a duration counts from now on.
   *
   * @param field names it in the message
   * @throws InvalidValueException if it cannot be read
   */
  public Instant ahead(String field, String text) {
    Duration duration = duration(text);
    if (duration == null) {
      return time(field, text);
    }
    if (duration.isZero() || duration.compareTo(Duration.between(now, RouteState.LATEST)) > 0) {
      throw new InvalidValueException(field, text, "more than 0, and end before the year 10000");
    }
    return now.plus(duration);
  }

  /** A moment that was: a duration counts back from now. */
  public Instant back(String field, String text) {
    Duration duration = duration(text);
    if (duration == null) {
      return time(field, text);
    }
    if (text.startsWith("+")) {
      throw new InvalidValueException(
          field, text, "a duration that looks back, without a plus: " + text.substring(1));
    }
    boolean longer = duration.compareTo(Duration.between(RouteState.EARLIEST, now)) > 0;
    return longer ? RouteState.EARLIEST : now.minus(duration);
  }

  private Instant time(String field, String text) {
    try {
      if (lacksOffset(text)) {
        return bounded(field, text, local(field, text));
      }
      return Times.parseDate(field, text);
    } catch (InvalidValueException e) {
      boolean read = e.allowed().startsWith("between") || e.allowed().startsWith("a time that");
      throw read
          ? e
          : new InvalidValueException(
              field,
              text,
              "a duration such as 30m, 2h or 1d, a date, or a time such as 2030-01-01T02:00:00Z");
    }
  }

  private static Instant bounded(String field, String text, Instant instant) {
    if (instant.isBefore(RouteState.EARLIEST) || instant.isAfter(RouteState.LATEST)) {
      throw new InvalidValueException(field, text, "between the years 1970 and 9999");
    }
    return instant;
  }

  /**
   * When clocks change, a time of day may not exist, or exist twice: nobody knows which is meant.
   */
  private Instant local(String field, String text) {
    LocalDateTime local;
    try {
      local =
          DATE.matcher(text).matches()
              ? LocalDate.parse(text).atStartOfDay()
              : LocalDateTime.parse(text.replace(' ', 'T'));
    } catch (DateTimeParseException e) {
      throw new InvalidValueException(field, text, "a day and a time that exist");
    }
    List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
    if (offsets.size() == 1) {
      return local.toInstant(offsets.get(0));
    }
    boolean twice = offsets.size() > 1;
    var change = zone.getRules().getTransition(local);
    String readings =
        List.of(change.getOffsetBefore(), change.getOffsetAfter()).stream()
            .map(offset -> DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(local.atOffset(offset)))
            .collect(Collectors.joining(" or "));
    throw new InvalidValueException(
        field,
        text,
        "a time that exists once in "
            + zone
            + ": clocks change then, and it "
            + (twice ? "exists twice" : "does not exist")
            + ". Give "
            + readings);
  }

  /**
   * A zone by its name.
   *
   * @throws InvalidValueException if there is none of that name
   */
  public static ZoneId zone(String field, String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new InvalidValueException(field, name, "a time zone such as Europe/Berlin or UTC");
    }
  }
}
