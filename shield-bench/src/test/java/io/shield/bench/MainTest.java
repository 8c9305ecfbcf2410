package io.shield.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int execute(String... args) {
    CommandLine line = Main.commandLine();
    return line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(args);
  }

  @Test
  void withoutANameListsTheBenchmarksInOneLine() {
    assertThat(execute()).isEqualTo(2);

    assertThat(err.toString().lines())
        .containsExactly(
            "shield bench: name a benchmark: lookup, limits, limits-redis, backend, propagation, pressure, fanout. See 'shield bench --help'.");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void anUnknownNameListsTheBenchmarksInOneLine() {
    assertThat(execute("lookups", "--quick")).isEqualTo(2);

    assertThat(err.toString().lines())
        .containsExactly(
            "shield bench: there is no benchmark 'lookups', only: lookup, limits, limits-redis, backend, propagation, pressure, fanout."
                + " See 'shield bench --help'.");
  }

  @Test
  void anUnknownOptionIsNamed() {
    assertThat(execute("lookup", "--fast")).isEqualTo(2);

    assertThat(err.toString().lines()).singleElement().asString().contains("'--fast'");
  }

  @Test
  void helpDescribesEveryBenchmark() {
    assertThat(execute("--help")).isZero();

    assertThat(out.toString()).contains("shield bench", "--quick");
    for (Choice benchmark : Benchmarks.ALL) {
      assertThat(out.toString()).contains(benchmark.name() + " - " + benchmark.description());
    }
  }
}
