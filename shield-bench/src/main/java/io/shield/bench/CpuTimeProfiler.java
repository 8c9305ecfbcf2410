package io.shield.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Measures the processor time of an operation: what the threads of Java used in an iteration,
 * divided by its operations. Unlike time on the wall it does not count while others run.
 *
 * <p>JMH makes one in each fork, by its name.
 */
public final class CpuTimeProfiler implements InternalProfiler {
  /** The name of the result, in nanoseconds an operation. */
  static final String RESULT = "cpu.time.norm";

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private long before;

  @Override
  public String getDescription() {
    return "Processor time of an operation";
  }

  @Override
  public void beforeIteration(BenchmarkParams params, IterationParams iteration) {
    before = used();
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams params, IterationParams iteration, IterationResult result) {
    double each = (double) (used() - before) / result.getMetadata().getAllOps();
    return List.of(new ScalarResult(RESULT, each, "ns/op", AggregationPolicy.AVG));
  }

  private static long used() {
    long sum = 0;
    for (long id : THREADS.getAllThreadIds()) {
      // Negative for a thread that ended meanwhile.
      sum += Math.max(0, THREADS.getThreadCpuTime(id));
    }
    return sum;
  }
}
