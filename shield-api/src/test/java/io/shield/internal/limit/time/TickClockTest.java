package io.shield.internal.limit.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.fixtures.MutableClock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TickClockTest {
  private static final long START = MutableClock.START.toEpochMilli() * 1000;

  private final MutableClock source = MutableClock.create();

  private long micros() {
    return source.millis() * 1000;
  }

  @Test
  void followsItsSource() {
    try (TickClock clock = TickClock.of(this::micros)) {
      assertThat(clock.micros()).isEqualTo(START);

      source.advance(Duration.ofSeconds(5));

      await().until(() -> clock.micros() == START + 5_000_000);
    }
  }

  @Test
  void readsItsSourceNoMoreWhenNobodyAsksAndAgainWhenSomebodyDoes() {
    AtomicInteger reads = new AtomicInteger();
    LongSupplier counted =
        () -> {
          reads.incrementAndGet();
          return micros();
        };
    try (TickClock clock = TickClock.of(counted)) {
      clock.micros();
      await().until(() -> reads.get() >= TickClock.IDLE_TICKS);
      int[] before = {-1};
      await()
          .pollInterval(Duration.ofMillis(50))
          .until(
              () -> {
                int now = reads.get();
                boolean still = now == before[0];
                before[0] = now;
                return still;
              });

      source.advance(Duration.ofSeconds(5));
      assertThat(clock.micros()).as("not the time it fell asleep").isEqualTo(START + 5_000_000);
      await().until(() -> reads.get() > before[0] + 1);
    }
  }

  @Test
  void goesOnWithoutItsThreadWhenClosed() {
    TickClock clock = TickClock.of(this::micros);
    clock.micros();
    clock.close();
    clock.close();

    source.advance(Duration.ofSeconds(5));

    await().until(() -> clock.micros() == START + 5_000_000);
  }

  /** Of a clock that nobody closes no thread is left. */
  @Test
  void itsThreadEndsWhenNobodyAsksForLong() {
    Set<Thread> others = threads();
    TickClock clock = new TickClock(this::micros, 1_000_000);
    clock.micros();
    assertThat(isTicking(others)).isTrue();
    await().until(() -> !isTicking(others));

    source.advance(Duration.ofSeconds(5));
    assertThat(clock.micros()).isEqualTo(START + 5_000_000);
    assertThat(isTicking(others)).isTrue();
    clock.close();
    await().until(() -> !isTicking(others));
  }

  /** Whether there is a thread beside those of engines that other tests have just closed. */
  private static boolean isTicking(Set<Thread> others) {
    return !others.containsAll(threads());
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("shield-tick"))
        .collect(Collectors.toSet());
  }
}
