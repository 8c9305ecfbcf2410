package io.shield.model.webhook;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of one try to tell a webhook something.
 *
 * @param id the event's id
 * @param event the action
 * @param path what it is about
 * @param at when it was tried
 * @param attempt which try it was, from 1
 * @param outcome what became of it
 * @param status the HTTP status of the answer, 0 without one
 * @param problem what was wrong, or null
 */
public record Delivery(
    String id,
    String event,
    String path,
    Instant at,
    int attempt,
    Outcome outcome,
    int status,
    @Nullable String problem) {
  public Delivery {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(event, "event");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(outcome, "outcome");
  }

  /** What becomes of a try. */
  public enum Outcome {
    /** It was taken. */
    DELIVERED,
    /** It is tried again later. */
    FAILED,
    /** It was tried for a day and is kept until somebody has it delivered again. */
    PARKED;

    /** Its name in JSON. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The outcome of a name in JSON. */
    public static Outcome parse(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT));
    }
  }
}
