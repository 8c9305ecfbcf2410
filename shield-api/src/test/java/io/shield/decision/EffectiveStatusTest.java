package io.shield.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.decision.EffectiveStatus.Edge;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a state means at a moment. Moments are small numbers of seconds; the statuses are written as
 * A(ctive), M(aintenance), D(isabled), E(nv_gated), and P for deprecated.
 */
class EffectiveStatusTest {
  private static final Instant ZERO = Instant.parse("2030-01-01T00:00:00Z");
  private static final int NOW = 15;

  private static Instant at(long seconds) {
    return ZERO.plusSeconds(seconds);
  }

  private static RouteStatus status(String letter) {
    return switch (letter) {
      case "A" -> RouteStatus.ACTIVE;
      case "M" -> RouteStatus.MAINTENANCE;
      case "D" -> RouteStatus.DISABLED;
      case "E" -> RouteStatus.ENV_GATED;
      case "P" -> RouteStatus.DEPRECATED;
      default -> throw new AssertionError(letter);
    };
  }

  private static RouteState.Builder state(RouteStatus base) {
    return RouteState.builder("GET:/x").status(base).allowedEnvs(List.of("dev"));
  }

  private static MaintenanceWindow window(long start, long end) {
    return new MaintenanceWindow(at(start), at(end), "planned");
  }

  /** A window so placed that {@link #NOW} stands where the column says, or none. */
  private static @Nullable MaintenanceWindow windowAround(String column) {
    return switch (column) {
      case "none" -> null;
      case "before" -> window(16, 20);
      case "at start" -> window(15, 20);
      case "inside" -> window(10, 20);
      case "at end" -> window(10, 15);
      case "after" -> window(10, 14);
      default -> throw new AssertionError(column);
    };
  }

  private static @Nullable Instant untilAround(String row) {
    return switch (row) {
      case "none" -> null;
      case "before" -> at(NOW).plusNanos(1);
      case "at" -> at(NOW);
      case "after" -> at(NOW - 1);
      default -> throw new AssertionError(row);
    };
  }

  /** Rows: base, and where now stands to {@code until}. Columns: where now stands to the window. */
  @ParameterizedTest
  @CsvSource(
      useHeadersInDisplayName = true,
      value = {
        "base, until,  none, before, at start, inside, at end, after",
        "A,    none,   A,    A,      M,        M,      A,      A",
        "A,    before, A,    A,      M,        M,      A,      A",
        "A,    at,     A,    A,      M,        M,      A,      A",
        "A,    after,  A,    A,      M,        M,      A,      A",
        "M,    none,   M,    A,      M,        M,      A,      A",
        "M,    before, M,    A,      M,        M,      A,      A",
        "M,    at,     A,    A,      M,        M,      A,      A",
        "M,    after,  A,    A,      M,        M,      A,      A",
        "D,    none,   D,    D,      D,        D,      D,      D",
        "D,    before, D,    D,      D,        D,      D,      D",
        "D,    at,     A,    A,      M,        M,      A,      A",
        "D,    after,  A,    A,      M,        M,      A,      A",
        "E,    none,   E,    E,      M,        M,      E,      E",
        "E,    before, E,    E,      M,        M,      E,      E",
        "E,    at,     A,    A,      M,        M,      A,      A",
        "E,    after,  A,    A,      M,        M,      A,      A",
        "P,    none,   P,    P,      M,        M,      P,      P",
        "P,    before, P,    P,      M,        M,      P,      P",
        "P,    at,     A,    A,      M,        M,      A,      A",
        "P,    after,  A,    A,      M,        M,      A,      A",
      })
  void meansWhatTheTableSays(
      String base,
      String until,
      String none,
      String before,
      String atStart,
      String inside,
      String atEnd,
      String after) {
    List<String> columns = List.of("none", "before", "at start", "inside", "at end", "after");
    List<String> expected = List.of(none, before, atStart, inside, atEnd, after);
    for (int i = 0; i < columns.size(); i++) {
      RouteState state =
          state(status(base))
              .until(untilAround(until))
              .window(windowAround(columns.get(i)))
              .build();

      assertThat(EffectiveStatus.at(state, at(NOW)))
          .as("window %s", columns.get(i))
          .isEqualTo(status(expected.get(i)));
      assertThat(EffectiveStatus.at(state.toBuilder().forceActive(true).build(), at(NOW)))
          .as("force_active, window %s", columns.get(i))
          .isEqualTo(RouteStatus.ACTIVE);
    }
  }

  /** One row: base, until, whether the window [10, 20) is set, the edges such as {@code 10:A>M}. */
  record EdgeCase(String base, @Nullable Integer until, boolean windowed, List<String> edges) {
    RouteState state() {
      return EffectiveStatusTest.state(status(base))
          .until(until == null ? null : at(until))
          .window(windowed ? window(10, 20) : null)
          .build();
    }

    List<Edge> expected() {
      List<Edge> expected = new ArrayList<>();
      for (String edge : edges) {
        String[] parts = edge.split("[:>]", -1);
        expected.add(new Edge(at(Long.parseLong(parts[0])), status(parts[1]), status(parts[2])));
      }
      return expected;
    }
  }

  static List<EdgeCase> edgeCases() {
    return """
        A -  no  |
        A 5  no  |
        M -  no  |
        M 5  no  | 5:M>A
        D -  no  |
        D 5  no  | 5:D>A
        E -  no  |
        E 5  no  | 5:E>A
        P -  no  |
        P 5  no  | 5:P>A
        A -  yes | 10:A>M 20:M>A
        A 5  yes | 10:A>M 20:M>A
        A 10 yes | 10:A>M 20:M>A
        A 15 yes | 10:A>M 20:M>A
        A 20 yes | 10:A>M 20:M>A
        A 25 yes | 10:A>M 20:M>A
        M -  yes | 10:A>M 20:M>A
        M 5  yes | 10:A>M 20:M>A
        M 10 yes | 10:A>M 20:M>A
        M 15 yes | 10:A>M 20:M>A
        M 20 yes | 10:A>M 20:M>A
        M 25 yes | 10:A>M 20:M>A
        D -  yes |
        D 5  yes | 5:D>A 10:A>M 20:M>A
        D 10 yes | 10:D>M 20:M>A
        D 15 yes | 15:D>M 20:M>A
        D 20 yes | 20:D>A
        D 25 yes | 25:D>A
        E -  yes | 10:E>M 20:M>E
        E 5  yes | 5:E>A 10:A>M 20:M>A
        E 10 yes | 10:E>M 20:M>A
        E 15 yes | 10:E>M 20:M>A
        E 20 yes | 10:E>M 20:M>A
        E 25 yes | 10:E>M 20:M>E 25:E>A
        P -  yes | 10:P>M 20:M>P
        P 5  yes | 5:P>A 10:A>M 20:M>A
        P 10 yes | 10:P>M 20:M>A
        P 15 yes | 10:P>M 20:M>A
        P 20 yes | 10:P>M 20:M>A
        P 25 yes | 10:P>M 20:M>P 25:P>A
        """
        .lines()
        .map(EffectiveStatusTest::edgeCase)
        .toList();
  }

  private static EdgeCase edgeCase(String line) {
    String[] sides = line.split("\\|", -1);
    String[] words = sides[0].trim().split("\\s+", -1);
    List<String> edges =
        Arrays.stream(sides[1].trim().split(" ", -1)).filter(edge -> !edge.isEmpty()).toList();
    Integer until = words[1].equals("-") ? null : Integer.valueOf(words[1]);
    return new EdgeCase(words[0], until, words[2].equals("yes"), edges);
  }

  @Test
  void theEdgeTableIsComplete() {
    assertThat(edgeCases()).hasSize(5 * 2 + 5 * 6).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("edgeCases")
  void hasTheEdgesOfTheTable(EdgeCase row) {
    assertThat(EffectiveStatus.edges(row.state())).isEqualTo(row.expected());
    assertThat(EffectiveStatus.edges(row.state().toBuilder().forceActive(true).build())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("edgeCases")
  void findsTheNextAndTheLastEdge(EdgeCase row) {
    List<Edge> edges = row.expected();
    for (int second = 0; second < 30; second++) {
      Edge next = null;
      Edge last = null;
      for (Edge edge : edges) {
        if (edge.at().isAfter(at(second))) {
          next = next == null ? edge : next;
        } else {
          last = edge;
        }
      }

      assertThat(EffectiveStatus.nextEdge(row.state(), at(second)))
          .as("at %s", second)
          .isEqualTo(next);
      assertThat(EffectiveStatus.lastEdge(row.state(), at(second)))
          .as("at %s", second)
          .isEqualTo(last);
    }
  }

  @ParameterizedTest
  @MethodSource("edgeCases")
  void theStatusChangesAtTheEdgesAndNowhereElse(EdgeCase row) {
    RouteState state = row.state();
    List<Edge> seen = new ArrayList<>();
    for (Instant moment = ZERO; moment.isBefore(at(30)); moment = moment.plusMillis(500)) {
      RouteStatus before = EffectiveStatus.at(state, moment.minusNanos(1));
      RouteStatus now = EffectiveStatus.at(state, moment);
      if (before != now) {
        seen.add(new Edge(moment, before, now));
      }
    }

    assertThat(EffectiveStatus.edges(state)).isEqualTo(seen);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      useHeadersInDisplayName = true,
      value = {
        "base, until, windowed, now, reopens",
        "M,    -,     false,    0,   -",
        "M,    5,     false,    0,   5",
        "M,    5,     false,    4,   5",
        "D,    -,     false,    0,   -",
        "D,    5,     false,    0,   5",
        "A,    -,     true,     10,  20",
        "A,    -,     true,     19,  20",
        "M,    -,     true,     10,  20",
        "M,    15,    true,     12,  20",
        "D,    -,     true,     0,   -",
        "D,    -,     true,     12,  -",
        "D,    5,     true,     0,   5",
        "D,    10,    true,     0,   20",
        "D,    15,    true,     12,  20",
        "D,    15,    true,     16,  20",
        "D,    20,    true,     12,  20",
        "D,    25,    true,     12,  25",
        "E,    -,     true,     12,  20",
        "E,    15,    true,     12,  20",
        "E,    25,    true,     12,  20",
        "P,    -,     true,     12,  20",
        "P,    25,    true,     12,  20",
      })
  void aClosedRouteReopens(
      String base, @Nullable Integer until, boolean windowed, int now, @Nullable Integer reopens) {
    RouteState state = new EdgeCase(base, until, windowed, List.of()).state();

    assertThat(EffectiveStatus.at(state, at(now)))
        .isIn(RouteStatus.MAINTENANCE, RouteStatus.DISABLED);
    assertThat(EffectiveStatus.reopensAt(state, at(now)))
        .isEqualTo(reopens == null ? null : at(reopens));
  }

  @ParameterizedTest
  @CsvSource({
    "A, none, true, true",
    "P, none, true, true",
    "M, none, false, false",
    "D, none, false, false",
    "E, none, false, false",
    "A, before, true, false",
    "P, inside, false, false",
    "A, at end, true, true",
    "M, after, true, true"
  })
  void isOpenAndStaysSo(String base, String window, boolean open, boolean stays) {
    RouteState state = state(status(base)).window(windowAround(window)).build();
    assertThat(EffectiveStatus.isOpen(state, at(NOW))).isEqualTo(open);
    assertThat(EffectiveStatus.staysOpen(state, at(NOW))).isEqualTo(stays);
  }

  @Test
  void edgesKeepTheirNanoseconds() {
    RouteState state =
        state(RouteStatus.ACTIVE)
            .window(new MaintenanceWindow(at(1).plusNanos(1), at(1).plusNanos(2), ""))
            .build();

    assertThat(EffectiveStatus.at(state, at(1))).isEqualTo(RouteStatus.ACTIVE);
    assertThat(EffectiveStatus.at(state, at(1).plusNanos(1))).isEqualTo(RouteStatus.MAINTENANCE);
    assertThat(EffectiveStatus.at(state, at(1).plusNanos(2))).isEqualTo(RouteStatus.ACTIVE);
  }

  @Test
  void theEndsOfTimeAreNoError() {
    RouteState state =
        state(RouteStatus.ENV_GATED)
            .window(new MaintenanceWindow(RouteState.EARLIEST, RouteState.LATEST, ""))
            .until(RouteState.LATEST)
            .build();

    assertThat(EffectiveStatus.edges(state)).hasSize(2);
    assertThat(EffectiveStatus.at(state, Instant.MIN)).isEqualTo(RouteStatus.ENV_GATED);
    assertThat(EffectiveStatus.at(state, Instant.MAX)).isEqualTo(RouteStatus.ACTIVE);
    assertThat(EffectiveStatus.reopensAt(state, at(0))).isEqualTo(RouteState.LATEST);
  }
}
