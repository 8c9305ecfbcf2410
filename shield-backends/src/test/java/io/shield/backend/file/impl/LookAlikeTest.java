package io.shield.backend.file.impl;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.MutableClock;
import io.shield.model.RouteStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two processes write files that look alike from outside: of the same size, within one tick of the
 * clock, under a number that was just freed.
 */
class LookAlikeTest {
  private static final Path FILE = SimulatedDisk.DIRECTORY.resolve("state.json");

  private final SimulatedDisk disk = new SimulatedDisk();
  private final MutableClock clock = MutableClock.create();

  private TestStore open(FileOps ops) {
    return TestStore.open(ops, FILE, clock, 1);
  }

  /** A commit after which the file holds one audit entry and one request, as before it. */
  private void set(TestStore store, String reason) {
    clock.advance(Duration.ofHours(1));
    store.set("GET:/a", RouteStatus.DISABLED, reason);
  }

  /** Sets what is then set in turn, until all that the file remembers of it is there. */
  private void settle(TestStore store) {
    for (String reason : List.of("of one", "of two", "of one", "of two", "of one")) {
      set(store, reason);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noWriteIsTakenForAnother(boolean coarseTimes) {
    disk.freeze();
    if (coarseTimes) {
      disk.coarsen();
    }
    try (TestStore one = open(disk);
        TestStore two = open(disk.ofAnotherProcess())) {
      settle(one);
      two.store.refresh();
      FileStamp before = stamp();

      set(two, "of two");
      assertThat(stamp().size()).isEqualTo(before.size());
      assertThat(stamp().key()).isEqualTo(before.key());
      long seen = two.version("GET:/a");
      // One has not looked since: its commit has to find out.
      one.accept(TestStore.setting("GET:/b", 0, RouteStatus.DISABLED, "of one"));

      assertThat(one.state("GET:/a").reason()).isEqualTo("of two");
      assertThat(one.version("GET:/b")).isEqualTo(seen + 1);
    }
  }

  @Test
  void aPollSeesItToo() {
    disk.freeze();
    try (TestStore one = open(disk);
        TestStore two = open(disk.ofAnotherProcess())) {
      settle(one);
      two.store.refresh();
      set(two, "of two");

      one.poll();

      assertThat(one.state("GET:/a").reason()).isEqualTo("of two");
      assertThat(one.timesOutdated).isEqualTo(1);
    }
  }

  private FileStamp stamp() {
    try {
      return disk.stamp(FILE);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
