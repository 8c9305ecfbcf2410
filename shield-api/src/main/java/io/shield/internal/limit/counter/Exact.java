package io.shield.internal.limit.counter;

/** Whole numbers multiplied and divided without overflow, rounding error or allocation. */
final class Exact {
  private Exact() {}

  /**
   * {@code a * b / c}, rounded down.
   *
   * @param a not negative
   * @param b not negative
   * @param c 1 to 2<sup>62</sup>; the result must fit into 63 bits
   */
  static long mulDiv(long a, long b, long c) {
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    return high == 0 && low >= 0 ? low / c : divide(high, low, c);
  }

  /** {@code a * b / c}, rounded up; limits as above. */
  static long mulDivUp(long a, long b, long c) {
    long quotient = mulDiv(a, b, c);
    return rest(a, b, c, quotient) == 0 ? quotient : quotient + 1;
  }

  /** What {@link #mulDiv} left over. It is less than c, so that cut-off high bits do not matter. */
  static long rest(long a, long b, long c, long quotient) {
    return a * b - quotient * c;
  }

  /** Long division, bit by bit: only huge limits over long periods get here. */
  private static long divide(long high, long low, long divisor) {
    long rest = high;
    long quotient = 0;
    for (int bit = 63; bit >= 0; bit--) {
      rest = (rest << 1) | ((low >>> bit) & 1);
      quotient <<= 1;
      if (rest >= divisor) {
        rest -= divisor;
        quotient |= 1;
      }
    }
    return quotient;
  }
}
