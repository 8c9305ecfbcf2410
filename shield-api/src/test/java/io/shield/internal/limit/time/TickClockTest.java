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
  void readsItsSourceForEachOfAFewQuestions() {
    AtomicInteger reads = new AtomicInteger();
    Set<Thread> others = threads();
    try (TickClock clock = TickClock.of(counted(reads))) {
      for (int i = 0; i < 10 * TickClock.MANY; i++) {
        if (i % (TickClock.MANY - 1) == 0) {
          source.advance(Duration.ofMillis(1));
        }
        clock.micros();
      }
      assertThat(reads).hasValue(10 * TickClock.MANY);
      assertThat(isTicking(others)).isFalse();
    }
  }

  @Test
  void readsItsSourceForAllWhereManyAsk() {
    AtomicInteger reads = new AtomicInteger();
    try (TickClock clock = TickClock.of(counted(reads))) {
      for (int round = 0; round < 2; round++) {
        int before = reads.get();
        askMany(clock);
        await().until(() -> reads.get() >= before + TickClock.MANY + TickClock.TICKS / 2);
        awaitSilence(reads);

        source.advance(Duration.ofSeconds(5));
        assertThat(clock.micros()).as("not what was read last").isEqualTo(micros());
      }
    }
  }

  private LongSupplier counted(AtomicInteger reads) {
    return () -> {
      reads.incrementAndGet();
      return micros();
    };
  }

  private static void askMany(TickClock clock) {
    for (int i = 0; i < TickClock.MANY; i++) {
      clock.micros();
    }
  }

  private static void awaitSilence(AtomicInteger reads) {
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
  }

  @Test
  void saysWholeMilliseconds() {
    try (TickClock clock = TickClock.of(() -> 5_000_999)) {
      assertThat(clock.micros()).isEqualTo(5_000_000);
      askMany(clock);
      assertThat(clock.micros()).isEqualTo(5_000_000);
    }
  }

  @Test
  void goesOnWithoutItsThreadWhenClosed() {
    TickClock clock = TickClock.of(this::micros);
    askMany(clock);
    clock.close();
    clock.close();

    source.advance(Duration.ofSeconds(5));

    await().until(() -> clock.micros() == START + 5_000_000);
  }

  /** Of a clock that nobody closes no thread is left. */
  @Test
  void itsThreadEndsWhenItIsNotWantedForLong() {
    Set<Thread> others = threads();
    AtomicInteger reads = new AtomicInteger();
    TickClock clock = new TickClock(counted(reads), 1_000_000);
    for (int round = 0; round < 2; round++) {
      int before = reads.get();
      askMany(clock);
      await().until(() -> reads.get() > before + TickClock.MANY);
      await().until(() -> !isTicking(others));
      source.advance(Duration.ofSeconds(5));
    }
    clock.close();
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
