package io.shield.bench.run;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that was measured.
 *
 * @param kind {@link #RATIO}, or the unit: {@code millis}, {@code bytes}, {@code MiB}
 * @param name what it is called, words with dashes between
 * @param interval the value, and where it lies with a certainty of 95 %
 * @param goal what it has to be; null if nobody asks for anything
 */
public record Figure(String kind, String name, Interval interval, @Nullable Goal goal) {
  /** The kind of a value that is divided by its baseline's. */
  public static final String RATIO = "ratio";

  /** The value. */
  public double value() {
    return interval.value();
  }

  /** Whether it is divided by its baseline's. */
  public boolean isRatio() {
    return kind.equals(RATIO);
  }

  /** The value, and the interval where there is one: {@code 0.925 (0.850 to 1.20)}. */
  String valueText() {
    return text(value()) + (interval.isKnown() ? " (" + intervalText() + ")" : "");
  }

  String intervalText() {
    return interval.isKnown() ? text(interval.low()) + " to " + text(interval.high()) : "";
  }

  /** With a decimal point everywhere, and three decimals where two would say little. */
  static String text(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    double size = Math.abs(value);
    return String.format(Locale.ROOT, size < 1 ? "%.3f" : size < 1000 ? "%.2f" : "%.0f", value);
  }
}
