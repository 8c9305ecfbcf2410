package io.shield.cli.terminal;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as people at a terminal say them: {@code 2h ago}, {@code in 3d}. */
final class RelativeTimes {
  private static final Pattern TIME =
      Pattern.compile("(until )?\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z");
  private static final long FAR_DAYS = 100;

  private RelativeTimes() {}

  /** The text with each time in it said by its distance from now; one that is far by its day. */
  static String of(String text, Instant now) {
    Matcher time = TIME.matcher(text);
    return time.replaceAll(found -> Matcher.quoteReplacement(said(found.group(), now)));
  }

  private static String said(String text, Instant now) {
    boolean until = text.startsWith("until ");
    try {
      Instant time = Instant.parse(until ? text.substring("until ".length()) : text);
      Duration distance = Duration.between(time, now);
      boolean past = !distance.isNegative();
      Duration length = distance.abs();
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

  /** In the unit that says enough: 90s is 1m, 47h is 47h, 48h is 2d. */
  private static String shortly(Duration length) {
    if (length.toSeconds() < 60) {
      return length.toSeconds() + "s";
    }
    if (length.toMinutes() < 60) {
      return length.toMinutes() + "m";
    }
    return length.toHours() < 48 ? length.toHours() + "h" : length.toDays() + "d";
  }
}
