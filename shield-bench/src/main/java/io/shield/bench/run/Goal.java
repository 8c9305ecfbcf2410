package io.shield.bench.run;

import java.util.regex.Pattern;

/**
 * What a figure has to be.
 *
 * @param kind the kind of the figure, see {@link Figure}
 * @param name the figure's name, in which <code>{word}</code> stands for any word without a dash
 * @param atMost whether it may be at most the bound, else at least
 * @param bound the most or the least
 */
public record Goal(String kind, String name, boolean atMost, double bound) {
  private static final Pattern PARAMETER = Pattern.compile("\\{\\w+}");

  /** A ratio that may be at most so much. */
  public static Goal ratioAtMost(String name, double bound) {
    return new Goal(Figure.RATIO, name, true, bound);
  }

  /** A ratio that has to be at least so much. */
  public static Goal ratioAtLeast(String name, double bound) {
    return new Goal(Figure.RATIO, name, false, bound);
  }

  /** A figure of another kind that may be at most so much. */
  public static Goal atMost(String kind, String name, double bound) {
    return new Goal(kind, name, true, bound);
  }

  /** Whether it is the goal of a figure. */
  boolean isOf(String figureKind, String figure) {
    return kind.equals(figureKind) && figure.matches(PARAMETER.matcher(name).replaceAll("[^-]+"));
  }

  /** Whether a value is good enough. */
  public boolean isReached(double value) {
    return atMost ? value <= bound : value >= bound;
  }

  String boundText() {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }

  /** For people: {@code at most 1.5}, with the unit where it is no ratio. */
  @Override
  public String toString() {
    String unit = kind.equals(Figure.RATIO) ? "" : " " + kind;
    return (atMost ? "at most " : "at least ") + boundText() + unit;
  }
}
