package io.shield.json;

import io.shield.error.InvalidValueException;
import io.shield.model.RouteState;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Times as they are written: ISO-8601 in UTC. */
public final class Times {
  private static final List<String> DAYS = List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
  private static final List<String> MONTHS =
      List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

  /** Has its names from here: to look up a locale's takes Java a hundred classes. */
  private static final DateTimeFormatter HTTP_DATE =
      new DateTimeFormatterBuilder()
          .appendText(ChronoField.DAY_OF_WEEK, numbered(DAYS))
          .appendPattern("', 'dd' '")
          .appendText(ChronoField.MONTH_OF_YEAR, numbered(MONTHS))
          .appendPattern("' 'yyyy' 'HH:mm:ss' GMT'")
          .toFormatter(Locale.ROOT);

  private Times() {}

  /**
   * Reads an ISO-8601 time with any offset; one without an offset is UTC.
   *
   * @param field the field's name, for the message
   * @throws InvalidValueException if it cannot be read or lies outside the years 1970 to 9999
   */
  public static Instant parse(String field, String text) {
    Instant instant = iso(text);
    if (instant == null) {
      throw new InvalidValueException(field, text, "an ISO-8601 time such as 2030-01-01T02:00:00Z");
    }
    return bounded(field, text, instant);
  }

  /**
   * Reads an HTTP-date (RFC 9110, section 5.6.7, the fixed-length form) or an ISO-8601 time.
   *
   * @throws InvalidValueException if it is neither, or lies outside the years 1970 to 9999
   */
  public static Instant parseDate(String field, String text) {
    Instant instant = http(text);
    if (instant == null) {
      instant = iso(text);
    }
    if (instant == null) {
      throw new InvalidValueException(
          field, text, "an HTTP-date such as 'Sat, 01 Jan 2028 00:00:00 GMT' or an ISO-8601 time");
    }
    return bounded(field, text, instant);
  }

  private static @Nullable Instant iso(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException noOffset) {
      try {
        return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
      } catch (DateTimeParseException notATime) {
        return null;
      }
    }
  }

  private static @Nullable Instant http(String text) {
    try {
      return DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
    } catch (DateTimeParseException notADate) {
      return null;
    }
  }

  private static Instant bounded(String field, String text, Instant instant) {
    if (instant.isBefore(RouteState.EARLIEST) || instant.isAfter(RouteState.LATEST)) {
      throw new InvalidValueException(field, text, "between the years 1970 and 9999");
    }
    return instant;
  }

  private static Map<Long, String> numbered(List<String> names) {
    Map<Long, String> numbered = new HashMap<>();
    names.forEach(name -> numbered.put(numbered.size() + 1L, name));
    return numbered;
  }

  /** An HTTP-date (RFC 9110, section 5.6.7); fractions of a second are cut. */
  public static String httpDate(Instant instant) {
    return HTTP_DATE.format(instant.truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC));
  }
}
