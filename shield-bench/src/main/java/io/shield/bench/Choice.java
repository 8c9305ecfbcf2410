package io.shield.bench;

import io.shield.bench.run.Goal;
import java.util.List;

/** What can be asked for by name. */
sealed interface Choice permits Benchmark, WholeRun {
  /** What it is called on the command line. */
  String name();

  /** One line that says what is measured, and beside what. */
  String description();

  /** What its figures have to be. */
  List<Goal> goals();
}
