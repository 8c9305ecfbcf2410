package io.shield.cli.terminal;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as people at a terminal say them: {@code 2h ago}, {@code in 3d}. */
final class RelativeTimes {
  private static final String INSTANT = "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d+)?Z";
  private static final Pattern TIME = Pattern.compile("(?:until )?" + INSTANT);

  private static final Pattern FINER =
      Pattern.compile("(\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3})\\d+Z");

  /** From one to another. */
  private static final Pattern SPAN = Pattern.compile("(" + INSTANT + ") to (" + INSTANT + ")");

  private static final long FAR_DAYS = 100;

  private RelativeTimes() {}

  /** The text with each time in it said by its distance from now; one that is far by its day. */
  static String of(String text, Instant now) {
    Matcher span = SPAN.matcher(text);
    String lengths =
        span.replaceAll(
            found ->
                Matcher.quoteReplacement(found.group(1) + lasting(found.group(1), found.group(2))));
    Matcher time = TIME.matcher(lengths);
    return time.replaceAll(found -> Matcher.quoteReplacement(said(found.group(), now)));
  }

  /** The text with each time in it without what is less than a millisecond. */
  static String inMillis(String text) {
    return FINER.matcher(text).replaceAll("$1Z");
  }

  private static String lasting(String start, String end) {
    try {
      return " for " + shortly(Duration.between(Instant.parse(start), Instant.parse(end)));
    } catch (DateTimeParseException notATime) {
      return " to " + end;
    }
  }

  private static String said(String text, Instant now) {
    boolean until = text.startsWith("until ");
    try {
      Instant time = Instant.parse(until ? text.substring("until ".length()) : text);
      Duration distance = Duration.between(time, now);
      boolean past = !distance.isNegative();
      Duration length = distance.abs().plusMillis(500);
      if (length.toDays() >= FAR_DAYS) {
        return (until ? "until " : "") + time.toString().substring(0, 10);
      }
      String said = shortly(length);
      if (until) {
        return past ? "ended " + said + " ago" : "ends in " + said;
      }
      return past ? said + " ago" : "in " + said;
    } catch (DateTimeParseException notATime) {
      return text;
    }
  }

  /** To the nearest of the unit that says enough: 100s, 90m, 2h, 36h, 3d. */
  private static String shortly(Duration length) {
    long seconds = length.toSeconds();
    if (seconds < 120) {
      return seconds + "s";
    }
    long minutes = (seconds + 30) / 60;
    if (minutes < 180 && minutes % 60 != 0) {
      return minutes + "m";
    }
    long hours = (minutes + 30) / 60;
    return hours < 48 ? hours + "h" : (hours + 12) / 24 + "d";
  }
}
