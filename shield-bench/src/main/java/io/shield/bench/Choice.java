package io.shield.bench;

/** What can be asked for by name. */
sealed interface Choice permits Benchmark, WholeRun {
  /** What it is called on the command line. */
  String name();

  /** One line that says what is measured, and beside what. */
  String description();
}
