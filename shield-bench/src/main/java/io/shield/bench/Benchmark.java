package io.shield.bench;

import io.shield.bench.run.Goal;
import java.util.List;

/**
 * What JMH measures.
 *
 * @param name what it is called on the command line
 * @param description one line that says what is measured, and beside what
 * @param heapMegabytes the heap of the JVMs it is measured in
 * @param include the regular expression by which JMH finds its classes
 * @param comparisons what is divided by what; every measurement of {@code ours} needs a baseline
 */
record Benchmark(
    String name,
    String description,
    int heapMegabytes,
    String include,
    List<Comparison> comparisons)
    implements Choice {
  Benchmark {
    comparisons = List.copyOf(comparisons);
  }

  @Override
  public List<Goal> goals() {
    return comparisons.stream()
        .filter(Comparison::hasGoal)
        .map(comparison -> Goal.ratioAtMost(comparison.name(), comparison.goal()))
        .toList();
  }
}
