package io.shield.impl;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.Seeds;
import io.shield.fixtures.history.HistoryChecker;
import io.shield.fixtures.history.HistoryChecker.Invariant;
import io.shield.fixtures.history.HistoryEvent;
import io.shield.fixtures.history.HistoryEvent.Accepted;
import io.shield.fixtures.history.HistoryEvent.Refused;
import io.shield.fixtures.history.HistoryEvent.Saw;
import io.shield.fixtures.history.HistoryEvent.Unknown;
import io.shield.impl.Simulation.Weather;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The engine's replica and change path in a simulated world. Left as they are, no history breaks an
 * invariant; with a bug planted, the checker finds it.
 */
class SimulationTest {
  private static final int RUNS = Integer.getInteger("shield.simulations", 40);
  private static final int TRIES = 40;
  private static final VertxInternal VERTX = (VertxInternal) Vertx.vertx();

  @AfterAll
  static void close() {
    VERTX.close().await();
  }

  private static List<HistoryEvent> run(long seed, Weather weather, @Nullable PlantedBug bug) {
    return unheard(() -> Simulation.run(VERTX, seed, weather, bug));
  }

  /** What fails in so many worlds is logged there as in this one; nobody wants to read that. */
  private static <T> T unheard(Supplier<T> simulation) {
    PrintStream err = System.err;
    System.setErr(new PrintStream(OutputStream.nullOutputStream()));
    try {
      return simulation.get();
    } finally {
      System.setErr(err);
    }
  }

  private static Map<Invariant, List<String>> check(
      long seed, Weather weather, @Nullable PlantedBug bug) {
    return HistoryChecker.check(run(seed, weather, bug));
  }

  @ParameterizedTest
  @EnumSource
  void nothingBreaksAsItIs(Weather weather) {
    long first = Seeds.next("SimulationTest " + weather);
    for (long seed = first; seed < first + RUNS; seed++) {
      assertThat(check(seed, weather, null))
          .as(weather + " with -D" + Seeds.PROPERTY + "=" + seed)
          .isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyPlantedBugIsCaught(PlantedBug bug) {
    Weather weather =
        switch (bug) {
          case LOAD_BEFORE_SUBSCRIBE -> Weather.CALM;
          case AN_OLDER_STORE_IS_BELIEVED -> Weather.DISASTER;
          case LINEAGE_NOT_COMPARED -> Weather.LINEAGE_CUT;
          default -> Weather.STORM;
        };
    long first = Seeds.next("SimulationTest " + bug);
    Set<Invariant> broken = EnumSet.noneOf(Invariant.class);
    for (long seed = first; seed < first + TRIES && !broken.contains(bug.breaks()); seed++) {
      broken.addAll(check(seed, weather, bug).keySet());
      assertThat(check(seed, weather, null))
          .as("the same without the bug, -D" + Seeds.PROPERTY + "=" + seed)
          .isEmpty();
    }
    assertThat(broken).as("what " + TRIES + " runs with " + bug + " break").contains(bug.breaks());
  }

  /** The seeds are given, since the time passes there only: what holds for them holds always. */
  @ParameterizedTest
  @EnumSource(names = {"STORM", "DISASTER"})
  void nobodyWaitsForLongerThanAChangeMayTake(Weather weather) {
    for (long seed = 1; seed <= 20; seed++) {
      long world = seed;
      assertThat(unheard(() -> Simulation.longestWait(VERTX, world, weather)))
          .as("the longest wait in the world of seed " + seed + ", ms")
          .isLessThan(SimulatedNode.CHANGE_TIMEOUT.toMillis());
    }
  }

  @Test
  void aSeedGivesTheSameHistoryAgain() {
    long seed = Seeds.next("SimulationTest again");
    for (Weather weather : Weather.values()) {
      assertThat(outline(seed, weather))
          .hasSizeGreaterThan(100)
          .containsExactlyElementsOf(outline(seed, weather));
    }
  }

  /** A history without what is random in every run: ids. */
  private static List<String> outline(long seed, Weather weather) {
    List<String> outline = new ArrayList<>();
    for (HistoryEvent event : run(seed, weather, null)) {
      if (event instanceof Saw saw) {
        outline.add(saw.node() + " saw " + saw.at().revision());
      } else if (event instanceof Accepted accepted) {
        outline.add(accepted.op() + " accepted " + accepted.revision());
      } else if (event instanceof Refused refused) {
        outline.add(refused.op() + " refused");
      } else if (event instanceof Unknown unknown) {
        outline.add(unknown.op() + " unknown");
      }
    }
    return outline;
  }
}
