package io.shield.bench;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.format.OutputFormat;

/**
 * Tells which measurement is being made, one line each, and passes on what JMH has to say besides
 * its comments: errors.
 */
final class Progress implements OutputFormat {
  private final PrintWriter out;
  private final int measurements;
  private int begun;

  Progress(PrintWriter out, int measurements) {
    this.out = out;
    this.measurements = measurements;
  }

  @Override
  public void startBenchmark(BenchmarkParams params) {
    begun++;
    println("[" + begun + "/" + measurements + "] " + Measurement.label(params));
  }

  @Override
  public void print(String text) {
    out.print(text);
  }

  @Override
  public void println(String text) {
    if (!text.isBlank() && !text.startsWith("#")) {
      out.println(text);
      out.flush();
    }
  }

  @Override
  public void write(int b) {
    out.write(b);
  }

  @Override
  public void write(byte[] bytes) {
    out.write(new String(bytes, StandardCharsets.UTF_8));
  }

  @Override
  public void flush() {
    out.flush();
  }

  @Override
  public void close() {
    out.flush();
  }

  @Override
  public void verbosePrintln(String text) {}

  @Override
  public void startRun() {}

  @Override
  public void endRun(Collection<RunResult> results) {}

  @Override
  public void endBenchmark(BenchmarkResult result) {}

  @Override
  public void iteration(BenchmarkParams params, IterationParams kind, int number) {}

  @Override
  public void iterationResult(
      BenchmarkParams params, IterationParams kind, int number, IterationResult result) {}
}
