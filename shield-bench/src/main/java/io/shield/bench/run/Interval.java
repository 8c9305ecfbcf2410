package io.shield.bench.run;

import org.openjdk.jmh.util.ListStatistics;

/**
 * A value, and where it lies with a certainty of 95 %.
 *
 * @param value the value
 * @param low the least that it may be; not a number where nothing is known
 * @param high the most that it may be; not a number where nothing is known
 */
public record Interval(double value, double low, double high) {
  private static final double CERTAINTY = 0.95;

  /** A value of which nothing more is known. */
  public static Interval exactly(double value) {
    return new Interval(value, Double.NaN, Double.NaN);
  }

  /**
   * The geometric mean of ratios, one for each pair of measurements, with the interval by Student's
   * distribution of their logarithms: twice as much and half as much weigh the same.
   *
   * @param ratios at least one, all above 0; one says nothing about the interval, two hardly
   */
  public static Interval ofRatios(double[] ratios) {
    if (ratios.length == 1) {
      return exactly(ratios[0]);
    }
    double[] logarithms = new double[ratios.length];
    for (int i = 0; i < ratios.length; i++) {
      logarithms[i] = Math.log(ratios[i]);
    }
    ListStatistics statistics = new ListStatistics(logarithms);
    double mean = statistics.getMean();
    double error = statistics.getMeanErrorAt(CERTAINTY);
    return new Interval(Math.exp(mean), Math.exp(mean - error), Math.exp(mean + error));
  }

  /** The mean of values, with its interval by Student's distribution. */
  public static Interval ofValues(double[] values) {
    ListStatistics statistics = new ListStatistics(values);
    double mean = statistics.getMean();
    double error = statistics.getMeanErrorAt(CERTAINTY);
    return new Interval(mean, mean - error, mean + error);
  }

  /** Whether more is known than the value. */
  public boolean isKnown() {
    return !Double.isNaN(low);
  }

  /** Whether both may be the same value. */
  public boolean overlaps(Interval other) {
    return low <= other.high && other.low <= high;
  }
}
