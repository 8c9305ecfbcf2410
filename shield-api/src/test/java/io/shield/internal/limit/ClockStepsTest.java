package io.shield.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.decision.Decision;
import io.shield.decision.Site;
import io.shield.fixtures.MutableClock;
import io.shield.fixtures.Seeds;
import io.shield.fixtures.TestCaller;
import io.shield.fixtures.TestRequest;
import io.shield.internal.limit.time.LimitClock;
import io.shield.model.RateLimitAlgorithm;
import io.shield.model.RateLimitPolicy;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Wall clocks that are set, by milliseconds or by years, forwards and back, once for one reading or
 * for good: nobody waits longer than the algorithm makes true time wait.
 */
class ClockStepsTest {
  private static final int COUNT = 5;
  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final String LIMIT = COUNT + "/10 seconds";
  private static final Duration ROUNDING = Duration.ofMillis(12);
  private static final HttpMethod GET = HttpMethod.GET;

  private final MutableClock wall = MutableClock.create();
  private long nanos = 123_456_789;
  private RateLimiting limits;

  /** Which time is counted by: the system's, beside a monotonic one, or one that was set. */
  enum Kind {
    ANCHORED,
    GIVEN
  }

  static Stream<Arguments> all() {
    return Stream.of(Kind.values())
        .flatMap(
            kind -> Stream.of(RateLimitAlgorithm.values()).map(how -> Arguments.of(kind, how)));
  }

  private void start(Kind kind, RateLimitAlgorithm algorithm) {
    LimitClock clock =
        kind == Kind.ANCHORED ? LimitClock.anchored(wall, () -> nanos) : LimitClock.of(wall);
    limits = new RateLimiting(new Site("test", null), clock, (refused, at) -> {});
    inForce(algorithm, LIMIT);
  }

  private void inForce(RateLimitAlgorithm algorithm, String limit) {
    RateLimitPolicy policy =
        RateLimitPolicy.of("GET", "/x", limit).toBuilder().algorithm(algorithm).build();
    Map<DocumentKey, Versioned<?>> stored =
        Map.of(DocumentKey.policy(policy.key()), new Versioned<>(policy, 1));
    limits.prepare(Snapshot.of(new Head("e", 1, "c"), stored)).run();
  }

  /** True time goes on. */
  private void pass(Duration time) {
    wall.advance(time);
    nanos += time.toNanos();
  }

  private Decision.RateLimited ask(String address) {
    return limits
        .charge(new TestRequest("/x", GET, limits.of("/x", GET), new TestCaller(address)))
        .refusal();
  }

  private Duration untilAdmitted(Decision.RateLimited refusal) {
    return Duration.between(wall.instant(), refusal.resetAt());
  }

  private static Duration longestWait(RateLimitAlgorithm algorithm) {
    return switch (algorithm) {
      case FIXED_WINDOW, MOVING_WINDOW -> PERIOD;
      case SLIDING_WINDOW -> PERIOD.multipliedBy(2);
      case TOKEN_BUCKET -> PERIOD.dividedBy(COUNT);
    };
  }

  private void useUp(String address) {
    int asked = 0;
    while (ask(address) == null) {
      assertThat(++asked).isLessThanOrEqualTo(2 * COUNT);
    }
  }

  /** By any key, and for one reading only. */
  @ParameterizedTest
  @MethodSource("all")
  void oneWrongReadingBlocksNobody(Kind kind, RateLimitAlgorithm algorithm) {
    start(kind, algorithm);
    useUp("192.0.2.1");
    wall.advance(Duration.ofDays(1));
    ask("192.0.2.9");
    wall.advance(Duration.ofDays(-1));
    useUp("192.0.2.1");
    useUp("192.0.2.2");
    for (String address : List.of("192.0.2.1", "192.0.2.2")) {
      Decision.RateLimited refusal = ask(address);
      assertThat(untilAdmitted(refusal)).isLessThanOrEqualTo(longestWait(algorithm).plus(ROUNDING));
      pass(untilAdmitted(refusal).plus(ROUNDING));
      assertThat(ask(address)).isNull();
      useUp("192.0.2.1");
      useUp("192.0.2.2");
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void noStepMakesAnybodyWaitLonger(Kind kind, RateLimitAlgorithm algorithm) {
    Random random = Seeds.random("noStepMakesAnybodyWaitLonger " + kind + " " + algorithm);
    start(kind, algorithm);
    Duration longest = longestWait(algorithm).plus(ROUNDING);
    for (int i = 0; i < 20_000; i++) {
      if (random.nextInt(5) == 0) {
        step(random);
      }
      pass(Duration.ofMillis(random.nextInt(3000)));
      String address = "192.0.2." + random.nextInt(3);
      Decision.RateLimited refusal = ask(address);
      if (refusal == null) {
        continue;
      }
      Duration wait = untilAdmitted(refusal);
      // What is told follows steps of some milliseconds only when they add up.
      assertThat(wait).isBetween(ROUNDING.negated(), longest);
      if (random.nextBoolean()) {
        pass(wait.plus(ROUNDING));
        assertThat(ask(address)).as("after the wait it was told").isNull();
      }
    }
  }

  /** From a millisecond to years, back and forth; sometimes for one question only. */
  private void step(Random random) {
    Duration size = Duration.ofMillis((long) Math.pow(10, random.nextDouble() * 11));
    Duration step = random.nextBoolean() ? size : size.negated();
    if (wall.instant().plus(step).isBefore(Instant.EPOCH.plus(PERIOD.multipliedBy(100)))
        || wall.instant().plus(step).isAfter(Instant.EPOCH.plus(Duration.ofDays(40_000)))) {
      return;
    }
    wall.advance(step);
    if (random.nextInt(3) == 0) {
      ask("192.0.2.77");
      wall.advance(step.negated());
    }
  }

  /** Whatever the wall clock does meanwhile, which a monotonic source does not know. */
  @ParameterizedTest
  @EnumSource(names = {"MOVING_WINDOW", "TOKEN_BUCKET", "SLIDING_WINDOW"})
  void noStepAdmitsMore(RateLimitAlgorithm algorithm) {
    Random random = Seeds.random("noStepAdmitsMore " + algorithm);
    start(Kind.ANCHORED, algorithm);
    List<Long> admitted = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      if (random.nextInt(5) == 0) {
        step(random);
      }
      pass(Duration.ofMillis(random.nextInt(1500)));
      if (ask("192.0.2.1") == null) {
        admitted.add(nanos / 1000);
      }
    }
    long most = algorithm == RateLimitAlgorithm.MOVING_WINDOW ? COUNT : 2 * COUNT;
    assertThat(admitted).hasSizeGreaterThan(1000);
    for (int i = 0; i + most < admitted.size(); i++) {
      long time = admitted.get((int) (i + most)) - admitted.get(i);
      assertThat(time).isGreaterThanOrEqualTo(PERIOD.toNanos() / 1000);
    }
  }

  /** A window that is open goes on to its end; the next one ends when the wall clock says so. */
  @ParameterizedTest
  @EnumSource
  void windowsFollowTheWallClockWithinAPeriod(Kind kind) {
    start(kind, RateLimitAlgorithm.FIXED_WINDOW);
    useUp("192.0.2.1");
    Instant end = ask("192.0.2.1").resetAt();
    assertThat(end.toEpochMilli() % PERIOD.toMillis()).isZero();
    wall.advance(Duration.ofSeconds(-3));
    assertThat(ask("192.0.2.1").resetAt()).isEqualTo(end.minusSeconds(3));
    pass(PERIOD);
    useUp("192.0.2.1");
    Instant next = ask("192.0.2.1").resetAt();
    assertThat(next.toEpochMilli() % PERIOD.toMillis()).isZero();
  }

  @ParameterizedTest
  @MethodSource("all")
  void aResetAndANewRuleKeepNoTimeOfTheWrongReading(Kind kind, RateLimitAlgorithm algorithm) {
    start(kind, algorithm);
    wall.advance(Duration.ofDays(400));
    useUp("192.0.2.1");
    wall.advance(Duration.ofDays(-400));
    limits.resetAll(Head.NONE);
    for (int i = 0; i < COUNT; i++) {
      assertThat(ask("192.0.2.1")).isNull();
    }
    // All of five is all of ten.
    inForce(algorithm, "10/10 seconds");
    Decision.RateLimited refusal = ask("192.0.2.1");
    assertThat(untilAdmitted(refusal)).isLessThanOrEqualTo(longestWait(algorithm).plus(ROUNDING));
    inForce(RateLimitAlgorithm.FIXED_WINDOW, "1/10 seconds");
    inForce(algorithm, LIMIT);
    assertThat(untilAdmitted(ask("192.0.2.1")))
        .isLessThanOrEqualTo(longestWait(algorithm).plus(ROUNDING));
  }

  /** The file it was kept in may have been written by a machine whose clock was ahead. */
  @ParameterizedTest
  @MethodSource("all")
  void whatWasKeptKeepsNoTimeLaterThanNow(Kind kind, RateLimitAlgorithm algorithm) {
    wall.advance(Duration.ofDays(3));
    start(kind, algorithm);
    useUp("192.0.2.1");
    var kept = limits.counters(Head.NONE);
    wall.advance(Duration.ofDays(-3));
    start(kind, algorithm);
    limits.restore(kept);
    Decision.RateLimited refusal = ask("192.0.2.1");
    assertThat(refusal).isNotNull();
    assertThat(untilAdmitted(refusal)).isLessThanOrEqualTo(longestWait(algorithm).plus(ROUNDING));
  }

  /** A process that was started after the clock was set goes on where the other one ended. */
  @ParameterizedTest
  @EnumSource
  void whatIsKeptIsKeptByTheWallClock(RateLimitAlgorithm algorithm) {
    start(Kind.ANCHORED, algorithm);
    wall.advance(Duration.ofDays(3));
    useUp("192.0.2.1");
    Instant admitted = ask("192.0.2.1").resetAt();
    var kept = limits.counters(Head.NONE);
    start(Kind.ANCHORED, algorithm);
    limits.restore(kept);
    assertThat(ask("192.0.2.1").resetAt()).isBetween(admitted.minusMillis(1), admitted);
  }

  @Test
  void theSystemsClockIsReadBesideAMonotonicOne() {
    try (LimitClock clock = LimitClock.of(InstantSource.system())) {
      long first = clock.exact();
      assertThat(clock.exact()).isGreaterThanOrEqualTo(first);
      assertThat(Math.abs(System.currentTimeMillis() - first / 1000)).isLessThan(60_000);
    }
  }
}
