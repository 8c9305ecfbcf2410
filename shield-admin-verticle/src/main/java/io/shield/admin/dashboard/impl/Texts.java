package io.shield.admin.dashboard.impl;

import io.shield.admin.dashboard.view.Status;
import io.shield.admin.dashboard.view.When;
import io.shield.model.RouteStatus;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Words for what is shown. */
final class Texts {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyy-MM-dd").withZone(ZoneOffset.UTC);
  private static final Duration LONG = Duration.ofDays(30);
  private static final int ID_BYTES = 10;

  private Texts() {}

  static Status status(RouteStatus status) {
    String label =
        switch (status) {
          case ACTIVE -> "Active";
          case MAINTENANCE -> "Maintenance";
          case DISABLED -> "Disabled";
          case ENV_GATED -> "Env-gated";
          case DEPRECATED -> "Deprecated";
        };
    return new Status(status.wireName(), label);
  }

  static When when(@Nullable Instant moment, Instant now) {
    return moment == null
        ? When.NONE
        : new When(moment.truncatedTo(ChronoUnit.SECONDS).toString(), relative(moment, now));
  }

  /** How far away a moment is; the page's script says it in the same words. */
  private static String relative(Instant moment, Instant now) {
    Duration distance = Duration.between(moment, now).abs();
    if (distance.compareTo(LONG) > 0) {
      return DAY.format(moment);
    }
    if (distance.toSeconds() < 10) {
      return "now";
    }
    long seconds = distance.toSeconds();
    String text =
        seconds < 60
            ? seconds + " s"
            : seconds < 3570
                ? Math.round(seconds / 60.0) + " min"
                : seconds < 84_600
                    ? Math.round(seconds / 3600.0) + " h"
                    : Math.round(seconds / 86_400.0) + " d";
    return moment.isAfter(now) ? "in " + text : text + " ago";
  }

  /** A name for an element that is about a key: whatever is in the key, two never share one. */
  static String id(String prefix, String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return prefix + HexFormat.of().formatHex(hash, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** "1 route", "12 routes". */
  static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
