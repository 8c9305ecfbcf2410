package io.shield.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.bench.run.Figure;
import io.shield.bench.run.Goal;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int execute(String... args) {
    return execute(Main.commandLine(), args);
  }

  private int execute(CommandLine line, String... args) {
    return line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(args);
  }

  @Test
  void withoutANameListsTheBenchmarksInOneLine() {
    assertThat(execute()).isEqualTo(2);

    assertThat(err.toString().lines())
        .containsExactly(
            "shield bench: name a benchmark: lookup, http, limits, limits-redis, backend, original, memory, propagation, pressure, fanout, startup, soak, all, list. See 'shield bench --help'.");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void anUnknownNameListsTheBenchmarksInOneLine() {
    assertThat(execute("lookups", "--quick")).isEqualTo(2);

    assertThat(err.toString().lines())
        .containsExactly(
            "shield bench: there is no benchmark 'lookups', only: lookup, http, limits, limits-redis, backend, original, memory, propagation, pressure, fanout, startup, soak, all, list."
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

  private static WholeRun run(String name, WholeRun.Body body) {
    return new WholeRun(name, "a sample", List.of(Goal.ratioAtMost(name + "-time", 1.5)), body);
  }

  private static CommandLine samples() {
    return Main.commandLine(
        List.of(
            run("one", (extent, out, results) -> results.add(Figure.RATIO, "one-time", 1.25)),
            run(
                "two",
                (extent, out, results) -> {
                  throw new IOException("no disk");
                }),
            run(
                "three",
                (extent, out, results) ->
                    results.add(Figure.RATIO, "three-time", extent.isQuick() ? 2 : 3))));
  }

  @Test
  void allGoesOnWhenOneFailsAndSaysSo() {
    assertThat(execute(samples(), "all", "--quick")).isEqualTo(1);

    assertThat(err.toString()).isEqualToIgnoringNewLines("shield bench: no disk\n");
    assertThat(out.toString().lines().toList())
        .endsWith(
            "All together:",
            "one-time: at most 1.5; reached with 1.25",
            "three-time: at most 1.5; missed with 2",
            "failed: two: no disk",
            "ratio one-time 1.25",
            "ratio three-time 2");
  }

  @Test
  void listSaysWhatTheGoalsAre() {
    assertThat(execute(samples(), "list")).isZero();

    assertThat(out.toString().lines())
        .startsWith("one - a sample", "  one-time: at most 1.5", "two - a sample");
  }

  @Test
  void everyGoalOfABenchmarkBearsItsName() {
    for (Choice benchmark : Benchmarks.ALL) {
      assertThat(benchmark.goals())
          .allSatisfy(goal -> assertThat(goal.name()).startsWith(benchmark.name() + "-"));
    }
  }

  @Test
  void programsGetNothingButJson() {
    assertThat(execute(samples(), "one", "-o", "json")).isZero();

    JsonObject answer = new JsonObject(out.toString());
    assertThat(answer.getString("benchmark")).isEqualTo("one");
    assertThat(answer.getString("extent")).isEqualTo("full");
    assertThat(answer.getJsonArray("figures").getJsonObject(0).getBoolean("reached")).isTrue();
    assertThat(err.toString()).contains("ratio one-time 1.25");
  }

  @Test
  void figuresGoIntoADocument(@TempDir Path directory) throws IOException {
    Path document = directory.resolve("benchmarks.md");
    Files.writeString(document, "# A\n<!-- one -->\nold\n<!-- end of one -->\nB\n");

    assertThat(execute(samples(), "one", "--write", document.toString())).isZero();

    assertThat(Files.readAllLines(document))
        .startsWith("# A", "<!-- one -->")
        .doesNotContain("old")
        .contains("| `one-time` | 1.25 |  | at most 1.5 | reached |")
        .endsWith("<!-- end of one -->", "B");
    assertThat(Files.readString(document)).contains("`./shield bench one`, ");
  }

  @Test
  void aDocumentWithoutAPlaceIsNamed(@TempDir Path directory) throws IOException {
    Path document = Files.writeString(directory.resolve("benchmarks.md"), "nothing\n");

    assertThat(execute(samples(), "one", "--write", document.toString())).isEqualTo(1);

    assertThat(err.toString()).contains("has no line '<!-- one -->'");
  }
}
