package io.shield.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.fixtures.MutableClock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TickClockTest {
  private static final long START = MutableClock.START.toEpochMilli() * 1000;

  private final MutableClock source = MutableClock.create();

  @Test
  void followsItsSource() {
    try (TickClock clock = TickClock.of(source)) {
      assertThat(clock.micros()).isEqualTo(START);

      source.advance(Duration.ofSeconds(5));

      await().until(() -> clock.micros() == START + 5_000_000);
    }
  }

  @Test
  void readsItsSourceNoMoreWhenNobodyAsksAndAgainWhenSomebodyDoes() {
    AtomicInteger reads = new AtomicInteger();
    InstantSource counted =
        () -> {
          reads.incrementAndGet();
          return source.instant();
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
    TickClock clock = TickClock.of(source);
    clock.micros();
    clock.close();
    clock.close();

    source.advance(Duration.ofSeconds(5));

    await().until(() -> clock.micros() == START + 5_000_000);
  }
}
