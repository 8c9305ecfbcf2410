package io.shield.bench;

/**
 * How much time each measurement gets. Many short iterations rather than few long ones: their
 * median leaves out those in which others had the processor.
 *
 * @param forks how many fresh JVMs; two JVMs can compile the same code differently
 * @param warmups iterations before it counts, in each fork
 * @param iterations iterations that count, in each fork
 * @param millis how long an iteration lasts
 */
record Effort(int forks, int warmups, int iterations, int millis) {
  static final Effort QUICK = new Effort(1, 7, 13, 50);
  static final Effort FULL = new Effort(3, 20, 40, 100);

  /** About how long a number of measurements takes, each of whose forks needs so long to start. */
  long seconds(int measurements, int startMillis) {
    double each = (startMillis + (warmups + iterations) * millis) / 1000.0;
    return Math.round(measurements * forks * each);
  }

  @Override
  public String toString() {
    return forks + (forks == 1 ? " fork of " : " forks of ") + iterations + " x " + millis + " ms";
  }
}
