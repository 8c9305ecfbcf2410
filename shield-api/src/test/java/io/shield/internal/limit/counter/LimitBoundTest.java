package io.shield.internal.limit.counter;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.Seeds;
import io.shield.model.RateLimit;
import io.shield.model.RateLimitAlgorithm;
import io.shield.spi.limit.LimitRule;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records what several threads were admitted and holds it against what the algorithms promise. */
class LimitBoundTest {
  private static final int THREADS = 4;
  private static final int PHASES = 400;
  private static final int CHARGES = 100;
  private static final long ROUNDS = 100;
  private static final long PERIOD = 1_000_000;
  private static final LimitRule ANY =
      new LimitRule(RateLimitAlgorithm.FIXED_WINDOW, new RateLimit(70, Duration.ofSeconds(1)), 30);

  private record Admitted(long at, long cost) {}

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final AtomicLong clock = new AtomicLong(1_900_000_000_000_000L);

  @AfterEach
  void stop() throws InterruptedException {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  /** Charges of all sizes, of which some are refunded at once and some after others happened. */
  @ParameterizedTest
  @EnumSource
  void manyThreadsAreNotAdmittedMoreThanTheBound(RateLimitAlgorithm algorithm) throws Exception {
    LimitRule rule = new LimitRule(algorithm, ANY.limit(), ANY.burst());
    Limiter limiter = Limiter.create(rule);
    Random random = Seeds.random("manyThreadsAreNotAdmittedMoreThanTheBound " + algorithm);
    SplittableRandom seeds = new SplittableRandom(random.nextLong());
    CyclicBarrier phase = new CyclicBarrier(THREADS, () -> moveClock(random));

    List<Admitted> history = runAll(() -> new ArrayList<>(charges(limiter, split(seeds), phase)));

    assertThat(history).hasSizeGreaterThan(PHASES);
    checkBound(rule, history);
  }

  private static SplittableRandom split(SplittableRandom seeds) {
    synchronized (seeds) {
      return seeds.split();
    }
  }

  private void moveClock(Random random) {
    clock.addAndGet(random.nextInt(4) == 0 ? random.nextLong(2 * PERIOD) : random.nextInt(50_000));
  }

  private List<Admitted> charges(Limiter limiter, SplittableRandom random, CyclicBarrier phase)
      throws Exception {
    List<Admitted> kept = new ArrayList<>();
    Admitted held = null;
    for (int i = 0; i < PHASES; i++) {
      phase.await(120, TimeUnit.SECONDS);
      long now = clock.get();
      for (int j = 0; j < CHARGES; j++) {
        long cost = random.nextInt(4) == 0 ? random.nextInt(1, 20) : 1;
        if (limiter.charge("hot", cost, now) < 0) {
          continue;
        }
        Admitted admitted = new Admitted(now, cost);
        if (random.nextInt(3) > 0) {
          kept.add(admitted);
          continue;
        }
        if (held != null) {
          limiter.refund("hot", held.cost(), held.at());
        }
        held = admitted;
      }
    }
    return kept;
  }

  private static void checkBound(LimitRule rule, List<Admitted> unsorted) {
    List<Admitted> history = new ArrayList<>(unsorted);
    history.sort((a, b) -> Long.compare(a.at(), b.at()));
    for (int i = 0; i < history.size(); i++) {
      long start = history.get(i).at();
      long sum = 0;
      for (int j = i; j < history.size(); j++) {
        long end = history.get(j).at();
        if (end - start > 3 * PERIOD) {
          break;
        }
        sum += history.get(j).cost();
        assertThat(sum).as("from %s to %s", start, end).isLessThanOrEqualTo(most(rule, start, end));
      }
    }
  }

  /** What may be admitted from one moment to another, both included. */
  private static long most(LimitRule rule, long start, long end) {
    long capacity = rule.capacity();
    long windows = end / PERIOD - start / PERIOD + 1;
    return switch (rule.algorithm()) {
      case FIXED_WINDOW, SLIDING_WINDOW -> windows * capacity;
      case MOVING_WINDOW -> ((end - start) / PERIOD + 1) * capacity;
      case TOKEN_BUCKET -> capacity + (end - start) * rule.limit().count() / PERIOD;
    };
  }

  /** Its log is not exact any more: it has fewer entries than there are charges. */
  @Test
  void aBigMovingWindowKeepsItsBoundToo() {
    Random random = Seeds.random("aBigMovingWindowKeepsItsBoundToo");
    LimitRule rule =
        LimitRule.of(
            RateLimitAlgorithm.MOVING_WINDOW, new RateLimit(50_000, Duration.ofSeconds(1)));
    Limiter limiter = Limiter.create(rule);
    ArrayDeque<Admitted> window = new ArrayDeque<>();
    long now = clock.get();
    long sum = 0;
    for (int i = 0; i < 300_000; i++) {
      now += random.nextInt(30);
      long cost = random.nextInt(1, 10);
      long answer = limiter.charge("hot", cost, now);
      while (!window.isEmpty() && window.getFirst().at() <= now - PERIOD) {
        sum -= window.removeFirst().cost();
      }
      if (answer >= 0) {
        window.addLast(new Admitted(now, cost));
        sum += cost;
      } else {
        now -= answer;
        assertThat(limiter.peek("hot", cost, now)).isNotNegative();
      }
      assertThat(sum).isLessThanOrEqualTo(rule.capacity());
    }
  }

  /**
   * The rules differ in how the same capacity is made up, so that the bound stays. Each round all
   * threads use up a key while the rule is replaced again and again.
   */
  @ParameterizedTest
  @EnumSource
  void nothingIsLostWhileRulesAreReplaced(RateLimitAlgorithm algorithm) throws Exception {
    LimitRule one = new LimitRule(algorithm, new RateLimit(400, Duration.ofHours(1)), 600);
    LimitRule other = new LimitRule(algorithm, new RateLimit(600, Duration.ofHours(1)), 400);
    Limiter[] current = {Limiter.create(one)};
    List<Future<List<Admitted>>> running = new ArrayList<>();
    for (int i = 0; i < THREADS - 1; i++) {
      running.add(threads.submit(() -> useUp(current)));
    }
    for (int i = 0; running.stream().anyMatch(r -> !r.isDone()); i++) {
      Limiter next = current(current).replacedBy(i % 2 == 0 ? other : one, clock.get());
      synchronized (current) {
        current[0] = next;
      }
    }

    long admitted = 0;
    for (Future<List<Admitted>> each : running) {
      admitted += each.get().size();
    }
    assertThat(admitted).isEqualTo(ROUNDS * 1000);
  }

  /** However often the rule was replaced since somebody took the limiter. */
  @Test
  void aLimiterReplacedVeryOftenStillForwards() {
    LimitRule one =
        LimitRule.of(RateLimitAlgorithm.FIXED_WINDOW, new RateLimit(10, Duration.ofHours(1)));
    LimitRule other =
        LimitRule.of(RateLimitAlgorithm.TOKEN_BUCKET, new RateLimit(10, Duration.ofHours(1)));
    Limiter first = Limiter.create(one);
    first.charge("key", 3, 0);
    Limiter last = first;
    for (int i = 0; i < 50_000; i++) {
      last = last.replacedBy(i % 2 == 0 ? other : one, 0);
    }
    assertThat(first.charge("key", 1, 0)).isEqualTo(6);
    assertThat(last.charge("key", 1, 0)).isEqualTo(5);
  }

  private List<Admitted> useUp(Limiter[] current) {
    List<Admitted> admitted = new ArrayList<>();
    long now = clock.get();
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < 1000; i++) {
        if (current(current).charge("key " + round, 1, now) >= 0) {
          admitted.add(new Admitted(now, 1));
        }
      }
    }
    return admitted;
  }

  private static Limiter current(Limiter[] current) {
    synchronized (current) {
      return current[0];
    }
  }

  private List<Admitted> runAll(Callable<List<Admitted>> task) throws Exception {
    List<Admitted> all = new ArrayList<>();
    List<Callable<List<Admitted>>> tasks = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      tasks.add(task);
    }
    for (Future<List<Admitted>> each : threads.invokeAll(tasks)) {
      all.addAll(each.get());
    }
    return all;
  }
}
