package io.shield.admin.impl;

import io.shield.internal.Moments;
import io.shield.json.Fields;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads fields that hold durations, and times that may be given as one. */
final class Until {
  private Until() {}

  /**
   * The field as a moment to come: a duration from now on, a date or a time; null if it is absent.
   */
  static @Nullable Instant read(Fields fields, String field, Instant now) {
    String text = fields.string(field);
    return text == null ? null : Moments.utc(now).ahead(field, text);
  }

  /** As {@link #read}, of a field that must be given. */
  static Instant required(Fields fields, String field, Instant now) {
    return Moments.utc(now).ahead(field, fields.required(field));
  }

  /** The field as a duration; null if it is absent. */
  static @Nullable Duration readDuration(Fields fields, String field) {
    String text = fields.string(field);
    return text == null ? null : Moments.length(field, text);
  }
}
