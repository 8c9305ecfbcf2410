package io.shield.bench;

import io.shield.bench.run.Extent;
import io.shield.bench.run.Results;
import java.io.PrintWriter;
import java.util.List;

/** Runs benchmarks. */
final class Execution {
  private final Extent extent;
  private final PrintWriter out;
  private final PrintWriter log;

  /**
   * @param out what is printed for people
   * @param log progress
   */
  Execution(Extent extent, PrintWriter out, PrintWriter log) {
    this.extent = extent;
    this.out = out;
    this.log = log;
  }

  /** Runs one and prints what came out. */
  Outcome run(Choice choice) throws Exception {
    out.println(choice.name() + ": " + choice.description());
    Machine before = Machine.now();
    Results results =
        choice instanceof WholeRun whole ? whole(whole) : measured((Benchmark) choice);
    Machine after = Machine.now();
    out.println();
    Machine.print(out, before, after);
    out.println();
    results.print(out);
    return new Outcome(choice, extent, results, before, after);
  }

  private Results whole(WholeRun choice) throws Exception {
    Results results = new Results(choice.goals());
    out.flush();
    choice.body().run(extent, out, results);
    return results;
  }

  private Results measured(Benchmark choice) throws Exception {
    BenchmarkRun run = new BenchmarkRun(choice, extent.isQuick() ? Effort.QUICK : Effort.FULL);
    out.println(run.announcement());
    out.flush();
    Report report = new Report(choice, run.execute(log));
    out.println();
    report.table(out);
    return report.results();
  }

  /** Prints what all runs came to: every goal and every ratio, and what failed. */
  void summary(List<Outcome> outcomes, List<String> failures) {
    out.println();
    out.println("All together:");
    outcomes.forEach(outcome -> outcome.results().printGoals(out));
    failures.forEach(failure -> out.println("failed: " + failure));
    outcomes.forEach(outcome -> outcome.results().printRatios(out));
    out.flush();
  }
}
