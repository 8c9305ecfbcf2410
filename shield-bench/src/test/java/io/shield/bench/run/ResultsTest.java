package io.shield.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultsTest {
  private final Results results =
      new Results(
          List.of(
              Goal.ratioAtMost("fan-{clients}-last", 1.3),
              Goal.ratioAtLeast("http", 0.97),
              Goal.atMost("bytes", "fan-{clients}-last", 4096)));

  private List<String> printed() {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    results.print(out);
    return text.toString().lines().toList();
  }

  @Test
  void goalsComeFirstAndRatiosLast() {
    results.add(Figure.RATIO, "http", new Interval(0.925, 0.85, 1.2));
    results.add("bytes", "fan-100-last", 5000);
    results.add(Figure.RATIO, "fan-100-last", 1.25);
    results.add(Figure.RATIO, "fan-100-last-wall", 7);

    assertThat(printed())
        .containsExactly(
            "http: at least 0.97; missed with 0.925 (0.850 to 1.20)",
            "fan-100-last: at most 4096 bytes; missed with 5000",
            "fan-100-last: at most 1.3; reached with 1.25",
            "bytes fan-100-last 5000",
            "interval http 0.850 1.20",
            "goal http 0.97",
            "goal fan-100-last 4096",
            "goal fan-100-last 1.3",
            "ratio http 0.925",
            "ratio fan-100-last 1.25",
            "ratio fan-100-last-wall 7");
  }

  @Test
  void aTableHasRatiosAndWhatHasAGoal() {
    results.add(Figure.RATIO, "http", new Interval(0.98, 0.96, 1));
    results.add("millis", "http-p99", 3);
    results.add("bytes", "fan-100-last", 5000);

    assertThat(results.markdown())
        .containsExactly(
            "| figure | value | 95 % interval | goal | |",
            "|---|---|---|---|---|",
            "| `http` | 0.980 | 0.960 to 1 | at least 0.97 | reached |",
            "| `fan-100-last` | 5000 bytes |  | at most 4096 bytes | **missed** |");
  }

  @Test
  void programsAreToldTheSame() {
    results.add(Figure.RATIO, "http", new Interval(0.5, 0.25, 0.75));
    results.add("millis", "http-p99", 3);

    assertThat(results.json().encode())
        .isEqualTo(
            "[{\"kind\":\"ratio\",\"name\":\"http\",\"value\":0.5,\"low\":0.25,\"high\":0.75,"
                + "\"at_least\":0.97,\"reached\":false},"
                + "{\"kind\":\"millis\",\"name\":\"http-p99\",\"value\":3.0}]");
  }

  @Test
  void theMeanOfRatiosIsGeometric() {
    Interval interval = Interval.ofRatios(new double[] {0.5, 2, 0.5, 2});

    assertThat(interval.value()).isCloseTo(1, within(1e-9));
    assertThat(interval.low() * interval.high()).isCloseTo(1, within(1e-9));
    assertThat(interval.high()).isGreaterThan(2);
  }

  @Test
  void twoPairsSayNothingOfTheInterval() {
    assertThat(Interval.ofRatios(new double[] {1, 4}).isKnown()).isFalse();
    assertThat(Interval.ofRatios(new double[] {1, 4}).value()).isCloseTo(2, within(1e-9));
  }
}
