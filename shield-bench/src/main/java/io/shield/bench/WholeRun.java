package io.shield.bench;

import io.shield.bench.run.Extent;
import io.shield.bench.run.Goal;
import io.shield.bench.run.Results;
import java.io.PrintWriter;
import java.util.List;

/**
 * A run of a whole system, which JMH cannot measure.
 *
 * @param name what it is called on the command line
 * @param description one line that says what is measured, and beside what
 * @param goals what its figures have to be
 * @param body measures
 */
record WholeRun(String name, String description, List<Goal> goals, Body body) implements Choice {
  WholeRun {
    goals = List.copyOf(goals);
  }

  /** Does the work. */
  interface Body {
    /** Measures, prints tables for people, and adds figures to the results. */
    void run(Extent extent, PrintWriter out, Results results) throws Exception;
  }
}
