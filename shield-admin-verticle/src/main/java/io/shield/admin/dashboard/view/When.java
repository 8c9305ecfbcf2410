package io.shield.admin.dashboard.view;

/**
 * A moment as it is shown.
 *
 * @param iso ISO-8601 in UTC, empty if there is none
 * @param text how long ago it is, or how far ahead
 */
public record When(String iso, String text) {
  /** No moment. */
  public static final When NONE = new When("", "");

  /** Whether there is one. */
  public boolean isSet() {
    return !iso.isEmpty();
  }
}
