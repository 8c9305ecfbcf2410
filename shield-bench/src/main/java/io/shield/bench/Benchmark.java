package io.shield.bench;

import io.shield.bench.run.Goal;
import java.util.List;

/**
 * What JMH measures.
 *
 * @param name what it is called on the command line
 * @param description one line that says what is measured, and beside what
 * @param heapMegabytes the heap of the JVMs it is measured in
 * @param startMillis what a JVM takes beside its iterations: its start, the set-up and its checks
 * @param include the regular expression by which JMH finds its classes
 * @param slow regular expressions of what takes minutes to set up and a quick run leaves out
 * @param comparisons what is divided by what; every measurement of {@code ours} needs a baseline
 * @param goals what the ratios, and what is allocated, have to be
 */
record Benchmark(
    String name,
    String description,
    int heapMegabytes,
    int startMillis,
    String include,
    List<String> slow,
    List<Comparison> comparisons,
    List<Goal> goals)
    implements Choice {
  private static final int START_MILLIS = 1000;

  /** Of which nothing takes long to set up. */
  Benchmark(
      String name,
      String description,
      int heapMegabytes,
      String include,
      List<Comparison> comparisons,
      List<Goal> goals) {
    this(name, description, heapMegabytes, START_MILLIS, include, List.of(), comparisons, goals);
  }

  Benchmark {
    slow = List.copyOf(slow);
    comparisons = List.copyOf(comparisons);
    goals = List.copyOf(goals);
  }
}
