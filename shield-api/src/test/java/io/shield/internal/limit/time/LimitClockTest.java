package io.shield.internal.limit.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.MutableClock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What requests are counted by that come together. */
class LimitClockTest {
  /** So that few ask in a millisecond, and no thread reads for all. */
  private static final Duration STEP = Duration.ofNanos(10_000);

  private final MutableClock wall = MutableClock.create();
  private long nanos = -5_432_100;
  private final LimitClock clock = LimitClock.anchored(wall, () -> nanos);

  private void pass(Duration time) {
    nanos += time.toNanos();
    wall.advance(time);
  }

  @Test
  void allOfAMillisecondHaveOneTime() {
    Set<Long> times = new HashSet<>();
    for (int i = 0; i < 2_000; i++) {
      long ticked = clock.ticked();
      assertThat(clock.exact() - ticked).isBetween(0L, 999L);
      times.add(ticked);
      pass(STEP);
    }
    assertThat(times).hasSizeBetween(20, 21);
  }

  /** Nobody has to ask for the exact time for that. */
  @Test
  void theWallClockIsFollowedWithinAMillisecond() {
    wall.advance(Duration.ofHours(1));
    nanos += 1_000_000;
    clock.ticked();
    assertThat(clock.wallOffset()).isBetween(3_598_000_000L, 3_600_000_000L);
  }

  @Test
  void readingTwoClocksMovesNothing() {
    for (int i = 0; i < 1_000; i++) {
      pass(Duration.ofNanos(700_000));
      wall.advance(Duration.ofMillis(i % 2 == 0 ? 9 : -9));
      clock.ticked();
      assertThat(clock.wallOffset()).isZero();
    }
  }
}
