package io.shield.json;

import io.shield.model.InvalidValueException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

/** Times as they are written: ISO-8601 in UTC. */
public final class Times {
  private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private Times() {}

  /**
   * Reads an ISO-8601 time with any offset; one without an offset is UTC.
   *
   * @param field the field's name, for the message
   * @throws InvalidValueException if it cannot be read or lies outside the years 1970 to 9999
   */
  public static Instant parse(String field, String text) {
    Instant instant = parseAny(field, text);
    if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
      throw new InvalidValueException(field, text, "between the years 1970 and 9999");
    }
    return instant;
  }

  private static Instant parseAny(String field, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException noOffset) {
      try {
        return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
      } catch (DateTimeParseException notATime) {
        throw new InvalidValueException(
            field, text, "an ISO-8601 time such as 2030-01-01T02:00:00Z");
      }
    }
  }

  /**
   * Reads an HTTP-date (RFC 9110, section 5.6.7, the fixed-length form) or an ISO-8601 time.
   *
   * @throws InvalidValueException if it is neither
   */
  public static Instant parseDate(String field, String text) {
    try {
      return DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
    } catch (DateTimeParseException notHttp) {
      try {
        return parse(field, text);
      } catch (InvalidValueException notIso) {
        throw new InvalidValueException(
            field,
            text,
            "an HTTP-date such as 'Sat, 01 Jan 2028 00:00:00 GMT' or an ISO-8601 time");
      }
    }
  }

  /** An HTTP-date (RFC 9110, section 5.6.7); fractions of a second are cut. */
  public static String httpDate(Instant instant) {
    return HTTP_DATE.format(instant.truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC));
  }

  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", java.util.Locale.ENGLISH);
}
