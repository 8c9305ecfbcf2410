package io.shield.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.bench.run.Goal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Benchmark BENCHMARK =
      new Benchmark(
          "sample",
          "a sample",
          64,
          "none",
          List.of(
              new Comparison("sample-fast", "Fast.run", "Base.run"),
              new Comparison("sample-{kind}-{size}", "Ours.get", "Map.get").likeEachOther()),
          List.of(Goal.ratioAtMost("sample-fast", 0.5)));

  private final Locale locale = Locale.getDefault();

  @AfterEach
  void restoreLocale() {
    Locale.setDefault(locale);
  }

  private static Measurement measured(
      String method, Map<String, String> params, double nanos, double bytes) {
    return measured(method, params, List.of(nanos), bytes);
  }

  private static Measurement measured(
      String method, Map<String, String> params, List<Double> forks, double bytes) {
    double nanos = forks.get(0);
    return new Measurement(method, params, nanos, forks, 0.5, nanos * 2, bytes);
  }

  private static List<String> lines(Measurement... measurements) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    Report report = new Report(BENCHMARK, List.of(measurements));
    report.table(out);
    Machine.print(out, new Machine(4, 0.25), new Machine(4, 1.26));
    report.results().print(out);
    out.flush();
    return text.toString().lines().toList();
  }

  private static Map<String, String> params(String kind, int size) {
    return Map.of("size", Integer.toString(size), "kind", kind);
  }

  @Test
  void ratiosComeLastAndAllocationsBeforeThem() {
    List<String> lines =
        lines(
            measured("Base.run", Map.of(), 40, 64),
            measured("Fast.run", Map.of(), 2.5, 0),
            measured("Map.get", params("odd", 10), 20, 64.04),
            measured("Map.get", params("odd", 1000), 30, 72),
            measured("Ours.get", params("odd", 10), 28.66, 64.06),
            measured("Ours.get", params("odd", 1000), 900, 88));

    assertThat(lines.subList(lines.size() - 11, lines.size()))
        .containsExactly(
            "sample-fast: at most 0.5; reached with 0.063",
            "alloc sample-fast 0",
            "alloc sample-fast-baseline 64",
            "alloc sample-odd-10 64.06",
            "alloc sample-odd-10-baseline 64.04",
            "alloc sample-odd-1000 88",
            "alloc sample-odd-1000-baseline 72",
            "goal sample-fast 0.5",
            "ratio sample-fast 0.063",
            "ratio sample-odd-10 1.43",
            "ratio sample-odd-1000 30");
  }

  @Test
  void forksTellHowCertainARatioIs() {
    assertThat(
            lines(
                measured("Base.run", Map.of(), List.of(40.0, 50.0, 20.0), 0),
                measured("Fast.run", Map.of(), List.of(20.0, 25.0, 10.0), 0)))
        .contains("interval sample-fast 0.500 0.500")
        .endsWith("ratio sample-fast 0.500");
  }

  @Test
  void ratiosThatShouldNotDifferAreApartWhereTheirIntervalsAre() {
    Measurement map = measured("Map.get", Map.of(), List.of(10.0, 10.0, 10.0), 0);
    Measurement odd = measured("Ours.get", params("odd", 10), List.of(20.0, 20.1, 19.9), 0);
    Measurement even = measured("Ours.get", params("even", 10), List.of(20.1, 20.0, 19.9), 0);
    Measurement slow = measured("Ours.get", params("slow", 10), List.of(30.0, 30.1, 29.9), 0);

    assertThat(lines(map, odd, even)).contains("apart sample 0");
    assertThat(lines(map, odd, even, slow)).contains("apart sample 2");
  }

  @Test
  void whatRanOnceSaysNothingOfThat() {
    Measurement map = measured("Map.get", Map.of(), 10, 0);

    assertThat(lines(map, measured("Ours.get", params("odd", 10), 30, 0)))
        .noneMatch(line -> line.startsWith("apart") || line.startsWith("interval"));
  }

  @Test
  void aGoalThatIsMissedIsCalledSo() {
    assertThat(lines(measured("Base.run", Map.of(), 4, 0), measured("Fast.run", Map.of(), 6, 0)))
        .contains("sample-fast: at most 0.5; missed with 1.50");
  }

  @Test
  void theTableNamesTheMethodItsParametersAndTheMachine() {
    List<String> lines =
        lines(
            measured("Map.get", params("odd", 10), 20, 64),
            measured("Ours.get", params("odd", 10), 28.66, 64));

    assertThat(lines)
        .anyMatch(
            line -> line.matches("Ours\\.get kind=odd size=10 +28\\.66 +0\\.50 +57\\.32 +64\\.0"));
    assertThat(lines)
        .anyMatch(line -> line.startsWith("4 cores, load average 0.3 before and 1.3 after, "));
    assertThat(lines).noneMatch(line -> line.contains("busy"));
  }

  @Test
  void numbersHaveADecimalPointWhereverItRuns() {
    Locale.setDefault(Locale.GERMANY);

    assertThat(lines(measured("Base.run", Map.of(), 4, 0), measured("Fast.run", Map.of(), 6, 0)))
        .endsWith("ratio sample-fast 1.50");
  }

  @Test
  void aBaselineWithoutAParameterStandsBesideAllItsValues() {
    assertThat(
            lines(
                measured("Map.get", Map.of("size", "10"), 20, 0),
                measured("Ours.get", params("odd", 10), 10, 0),
                measured("Ours.get", params("even", 10), 30, 0)))
        .endsWith("ratio sample-odd-10 0.500", "ratio sample-even-10 1.50");
  }

  @Test
  void aMissingBaselineIsNamed() {
    Measurement alone = measured("Ours.get", params("odd", 10), 20, 64);
    Measurement other = measured("Map.get", params("even", 10), 20, 64);

    assertThatThrownBy(() -> lines(alone, other))
        .hasMessage("Ours.get kind=odd size=10 has no baseline Map.get beside it");
  }

  @Test
  void aMachineWithOtherWorkIsCalledBusy() {
    assertThat(new Machine(4, 2.0).isBusy()).isFalse();
    assertThat(new Machine(4, 2.1).isBusy()).isTrue();
    assertThat(new Machine(4, -1).isBusy()).isFalse();
  }
}
