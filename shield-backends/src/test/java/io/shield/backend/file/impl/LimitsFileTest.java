package io.shield.backend.file.impl;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.backend.file.impl.SimulatedDisk.Crash;
import io.shield.backend.file.impl.SimulatedDisk.Crashed;
import io.shield.backend.file.impl.SimulatedDisk.Fault;
import io.shield.fixtures.MutableClock;
import io.shield.fixtures.Seeds;
import io.shield.model.KeyStrategy;
import io.shield.model.RateLimit;
import io.shield.model.RateLimitAlgorithm;
import io.shield.model.RouteStatus;
import io.shield.model.store.Head;
import io.shield.spi.limit.CounterStore;
import io.shield.spi.limit.KeptCounters;
import io.shield.spi.limit.KeptCounters.Kept;
import io.shield.spi.limit.KeptCounters.Limit;
import io.shield.spi.limit.LimitRule;
import io.shield.spi.limit.LiveCounter;
import io.shield.spi.limit.RateLimitHit;
import io.shield.spi.limit.RateLimitStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hits and counters on a disk that fails. */
class LimitsFileTest {
  private static final Path FILE = SimulatedDisk.DIRECTORY.resolve("state.json");
  private static final Path LIMITS = SimulatedDisk.DIRECTORY.resolve("state.json.limits");
  private static final Head HEAD = new Head("e", 7, "c");
  private static final Limit LIMIT =
      new Limit(
          "GET:/pay",
          null,
          KeyStrategy.IP,
          LimitRule.of(RateLimitAlgorithm.FIXED_WINDOW, new RateLimit(5, Duration.ofMinutes(1))));
  private static final long NOW = MutableClock.START.getEpochSecond() * 1_000_000;

  private final SimulatedDisk disk = new SimulatedDisk();
  private final MutableClock clock = MutableClock.create();

  private TestStore open() {
    return TestStore.open(disk, FILE, clock, TestStore.AUDIT_LIMIT);
  }

  private static boolean write(
      TestStore store, List<RateLimitHit> hits, Map<String, List<KeptCounters>> counters) {
    boolean[] written = {false};
    LimitsFile file = store.store.limits();
    file.hold(() -> written[0] = file.write(hits, counters), refusal -> {});
    return written[0];
  }

  private static RateLimitHit hit(String id, String key, int count) {
    return new RateLimitHit(
        id,
        MutableClock.START,
        "/pay",
        "GET",
        key,
        "5/minute",
        null,
        MutableClock.START.plusSeconds(60),
        count,
        count > 1 ? MutableClock.START.plusSeconds(1) : null);
  }

  private static KeptCounters counters(Kept... kept) {
    return new KeptCounters(LIMIT, HEAD, List.of(kept));
  }

  private static Kept kept(String key, int units) {
    return new Kept(
        new LiveCounter(key, List.of(new LiveCounter.Use(NOW, units))),
        units == 5,
        NOW + 60_000_000);
  }

  @Test
  void hitsOfSeveralProcessesAreMerged() {
    try (TestStore one = open();
        TestStore other = TestStore.open(disk.ofAnotherProcess(), FILE)) {
      assertThat(write(one, List.of(hit("1", "a", 2), hit("2", "b", 1)), Map.of())).isTrue();
      assertThat(write(other, List.of(hit("3", "a", 3), hit("4", "c", 1)), Map.of())).isTrue();
      assertThat(one.store.hits()).isEqualTo(other.store.hits());
      assertThat(one.store.hits())
          .extracting(hit -> hit.id() + " " + hit.key() + " " + hit.count())
          .containsExactly("2 b 1", "1 a 5", "4 c 1");
    }
  }

  @Test
  void noMoreHitsThanAllowedAreKeptTheOldestGoFirst() {
    List<RateLimitHit> many = new ArrayList<>();
    for (int i = 0; i < RateLimitStore.MAX_HITS + 5; i++) {
      many.add(hit("id" + i, "key" + i, 1));
    }
    try (TestStore store = open()) {
      write(store, many.subList(0, 10), Map.of());
      write(store, many.subList(10, many.size()), Map.of());
      assertThat(store.store.hits()).isEqualTo(many.subList(5, many.size()));
    }
  }

  @Test
  void hitsOfTheOriginalAreReadAndStayWhereTheyAre() {
    disk.edit(FILE, Edits.original());
    try (TestStore store = open()) {
      write(store, List.of(hit("1", "a", 1)), Map.of());
      assertThat(store.store.hits())
          .extracting(RateLimitHit::id)
          .containsExactly("5bd5ab04-db28-445b-b8cc-2096352c9231", "1");
      store.set("GET:/new", RouteStatus.ACTIVE, "");
    }
    assertThat(disk.text(FILE)).contains("5bd5ab04-db28-445b-b8cc-2096352c9231");
    disk.edit(FILE, disk.text(FILE).replace("2026-11-23T18:51:22.842605Z", "yesterday"));
    try (TestStore store = open()) {
      assertThat(store.store.hits()).extracting(RateLimitHit::id).containsExactly("1");
      assertThat(store.log.warnings())
          .filteredOn(line -> line.contains("is not shown"))
          .singleElement()
          .asString()
          .contains("timestamp", "yesterday");
    }
  }

  @Test
  void anEnginesCountersReplaceItsOwnAndTheMostOfOthersStays() {
    try (TestStore store = open()) {
      write(store, List.of(), Map.of("one", List.of(counters(kept("a", 3), kept("b", 5)))));
      write(store, List.of(), Map.of("two", List.of(counters(kept("a", 4), kept("b", 2)))));
      assertThat(used(store)).containsExactlyInAnyOrder("a 4", "b 5");
      write(store, List.of(), Map.of("one", List.of(counters(kept("a", 1)))));
      assertThat(used(store)).as("b was reset in one").containsExactly("a 4");
      KeptCounters later = new KeptCounters(LIMIT, new Head("e", 8, "d"), List.of(kept("a", 2)));
      write(store, List.of(), Map.of("one", List.of(later)));
      assertThat(used(store)).as("a reset may lie between").containsExactlyInAnyOrder("a 4", "a 2");
    }
  }

  private static List<String> used(TestStore store) {
    return store.store.limits().counters().stream()
        .flatMap(counters -> counters.counters().stream())
        .map(k -> k.counter().key() + " " + k.counter().uses().get(0).units())
        .toList();
  }

  @Test
  void whatIsReadIsWhatWasWritten() {
    LimitRule rule =
        new LimitRule(
            RateLimitAlgorithm.TOKEN_BUCKET, new RateLimit(7, Duration.ofNanos(1_500_000)), 3);
    Limit limit = new Limit("__shield:global_rl__", "pro", KeyStrategy.API_KEY, rule);
    LiveCounter counter =
        new LiveCounter(
            "key:\"\u00e9\"", List.of(new LiveCounter.Use(1, 2), new LiveCounter.Use(3, 4)));
    KeptCounters given = new KeptCounters(limit, HEAD, List.of(new Kept(counter, true, NOW + 1)));
    try (TestStore store = open()) {
      write(store, List.of(), Map.of("one", List.of(given)));
    }
    try (TestStore store = open()) {
      assertThat(store.store.limits().counters()).containsExactly(given);
    }
  }

  @Test
  void passedWindowsAreDropped() {
    try (TestStore store = open()) {
      write(store, List.of(), Map.of("one", List.of(counters(kept("a", 3)))));
      clock.advance(Duration.ofSeconds(60));
      write(store, List.of(hit("1", "a", 1)), Map.of());
      assertThat(used(store)).isEmpty();
    }
  }

  @Test
  void restartsDoNotPileCountersUpAndThereIsABound() {
    try (TestStore store = open()) {
      for (String writer : List.of("one", "two", "three")) {
        List<Kept> many = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
          many.add(kept("same" + i, 1));
        }
        write(store, List.of(), Map.of(writer, List.of(new KeptCounters(LIMIT, HEAD, many))));
      }
      assertThat(used(store)).hasSize(10);
      for (String writer : List.of("one", "two")) {
        List<Kept> many = new ArrayList<>();
        for (int i = 0; i < 60_000; i++) {
          many.add(kept(writer + i, writer.equals("two") ? 5 : 1));
        }
        write(store, List.of(), Map.of(writer, List.of(new KeptCounters(LIMIT, HEAD, many))));
      }
      assertThat(used(store)).hasSize(CounterStore.MAX_COUNTERS);
      assertThat(used(store).stream().filter(used -> used.endsWith(" 5"))).hasSize(60_000);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not JSON",
        "[]",
        "{}",
        "{\"format\":2,\"hits\":[],\"counters\":[]}",
        "{\"format\":1,\"hits\":[{}],\"counters\":[]}",
        "{\"format\":1,\"hits\":[],\"counters\":[{\"writer\":1}]}",
        "{\"format\":1,\"hits\":[],\"counters\":[",
      })
  void aBrokenFileIsReportedOnceAndReplaced(String content) {
    open().close();
    disk.edit(LIMITS, content);
    try (TestStore store = open()) {
      assertThat(store.store.hits()).isEmpty();
      assertThat(store.store.limits().counters()).isEmpty();
      assertThat(store.log.warnings()).singleElement().asString().startsWith(LIMITS.toString());
      assertThat(write(store, List.of(hit("1", "a", 1)), Map.of())).isTrue();
      assertThat(store.store.hits()).hasSize(1);
      assertThat(store.log.warnings()).hasSize(1);
      store.set("GET:/a", RouteStatus.ACTIVE, "");
    }
  }

  @Test
  void aFullDiskIsOneLineAndWhatCouldNotBeWrittenIsNotLost() {
    try (TestStore store = open()) {
      write(store, List.of(hit("1", "a", 1)), Map.of());
      String before = disk.text(LIMITS);
      disk.full(true);
      for (int i = 0; i < 3; i++) {
        assertThat(write(store, List.of(hit("2", "b", 1)), Map.of())).isFalse();
      }
      assertThat(disk.text(LIMITS)).isEqualTo(before);
      assertThat(store.log.warnings())
          .singleElement()
          .asString()
          .contains(LIMITS + " cannot be written", "no space left");
      disk.full(false);
      assertThat(write(store, List.of(hit("2", "b", 1)), Map.of())).isTrue();
      assertThat(store.log.infos()).last().asString().contains("kept again");
    }
  }

  /**
   * Every operation fails in turn: what was there stays, or what is new is there, and all goes on.
   */
  @Test
  void everyFailureLeavesTheFormerOrTheNextFile() {
    for (int at = 0; at < operations(); at++) {
      SimulatedDisk fresh = new SimulatedDisk();
      try (TestStore store = TestStore.open(fresh, FILE)) {
        write(store, List.of(hit("1", "a", 1)), Map.of());
        fresh.failAt(at, Fault.FAIL);
        boolean written = write(store, List.of(hit("2", "a", 1)), Map.of());
        String story = "failure at " + at + " " + fresh.operations();
        fresh.failAt(-1, Fault.NONE);
        assertThat(store.store.hits())
            .as(story)
            .singleElement()
            .extracting(RateLimitHit::count)
            .isEqualTo(written ? 2L : 1L);
        assertThat(store.log.warnings()).as(story).hasSizeLessThanOrEqualTo(1);
        assertThat(fresh.files()).as(story).allMatch(file -> !file.toString().endsWith(".tmp"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Crash.class)
  void everyCrashLeavesAFileThatCanBeRead(Crash crash) {
    Random random = Seeds.random("crashes of hits " + crash);
    for (int at = 0; at < operations(); at++) {
      for (Fault fault : List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
        SimulatedDisk fresh = new SimulatedDisk();
        try (TestStore store = TestStore.open(fresh, FILE)) {
          write(store, List.of(hit("1", "a", 1)), Map.of());
          fresh.failAt(at, fault);
          write(store, List.of(hit("2", "a", 1)), Map.of());
        } catch (Crashed expected) {
          // Goes on below.
        }
        String story = fault + " at " + at + " " + fresh.operations();
        fresh.crash(crash, random);
        try (TestStore store = TestStore.open(fresh, FILE)) {
          assertThat(store.store.hits()).as(story).hasSize(1);
          assertThat(store.store.hits().get(0).count()).as(story).isBetween(1L, 2L);
          assertThat(store.log.warnings()).as(story).isEmpty();
          assertThat(write(store, List.of(hit("3", "a", 1)), Map.of())).as(story).isTrue();
        }
      }
    }
  }

  private static int operations() {
    SimulatedDisk fresh = new SimulatedDisk();
    try (TestStore store = TestStore.open(fresh, FILE)) {
      write(store, List.of(hit("1", "a", 1)), Map.of());
      fresh.failAt(Integer.MAX_VALUE, Fault.NONE);
      write(store, List.of(hit("2", "a", 1)), Map.of());
      return fresh.operations().size();
    }
  }
}
