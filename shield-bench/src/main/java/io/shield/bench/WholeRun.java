package io.shield.bench;

import java.io.PrintWriter;

/**
 * A run of a whole system, which JMH cannot measure.
 *
 * @param name what it is called on the command line
 * @param description one line that says what is measured, and beside what
 * @param body measures and prints
 */
record WholeRun(String name, String description, Body body) implements Choice {
  /** Does the work. */
  interface Body {
    /** Measures and prints; quickly if asked to. */
    void run(boolean quick, PrintWriter out) throws Exception;
  }
}
