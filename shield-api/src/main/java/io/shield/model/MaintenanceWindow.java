package io.shield.model;

import io.shield.error.InvalidValueException;
import io.shield.internal.value.Checks;
import java.time.Instant;

/**
 * A planned maintenance: the half-open interval [start, end).
 *
 * @param start the first moment inside
 * @param end the first moment after; later than {@code start}
 * @param reason shown to clients while the window is open, at most {@link
 *     RouteState#MAX_REASON_LENGTH} characters
 */
public record MaintenanceWindow(Instant start, Instant end, String reason) {
  public MaintenanceWindow {
    Checks.time("start", start);
    Checks.time("end", end);
    if (!end.isAfter(start)) {
      throw new InvalidValueException("end", end, "later than start (" + start + ")");
    }
    Checks.text("reason", reason, RouteState.MAX_REASON_LENGTH);
  }

  /** Whether {@code now} lies inside. */
  public boolean contains(Instant now) {
    return !now.isBefore(start) && now.isBefore(end);
  }
}
