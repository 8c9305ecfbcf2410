package io.shield.internal.limit.counter;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.Seeds;
import io.shield.model.RateLimit;
import io.shield.model.RateLimitAlgorithm;
import io.shield.spi.limit.LimitRule;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class LimiterMemoryTest {
  private static final int MANY = 200_000;
  private static final long NOW = 1_900_000_000_000_000L;
  private static final long HOUR = 3_600_000_000L;
  private static final long SOME_BYTES = 100_000;

  private static Limiter limiter(RateLimitAlgorithm algorithm, int count, int maxKeys) {
    LimitRule rule = LimitRule.of(algorithm, new RateLimit(count, Duration.ofHours(1)));
    return Limiter.create(rule, maxKeys);
  }

  /** The rule's bytes would be those of as many objects; collectors say what is alive. */
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "MOVING_WINDOW")
  void aKeyTakesLessThanAnObjectBesideItsString(RateLimitAlgorithm algorithm) {
    String[] keys = new String[MANY];
    for (int i = 0; i < MANY; i++) {
      keys[i] = "key " + i;
    }
    Limiter limiter = limiter(algorithm, 5, 2 * MANY);
    for (String key : keys) {
      limiter.charge(key, 1, NOW);
    }
    long bytes;
    try {
      long with = live();
      assertThat(limiter.size()).isEqualTo(keys.length);
      limiter = null;
      bytes = with - live();
    } finally {
      Reference.reachabilityFence(keys);
    }

    double most = algorithm == RateLimitAlgorithm.FIXED_WINDOW ? 32 : 42;
    assertThat((double) bytes / MANY).isBetween(20.0, most);
  }

  /** What other test classes of this process leave goes when it likes: until no more goes. */
  private static long live() {
    long before = Long.MAX_VALUE;
    long used = collected();
    while (used < before - SOME_BYTES) {
      before = used;
      used = collected();
    }
    return used;
  }

  private static long collected() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @ParameterizedTest
  @EnumSource
  void aFloodNeitherEvictsOffendersNorBlocksNewcomers(RateLimitAlgorithm algorithm) {
    int maxKeys = 10_000;
    Limiter limiter = limiter(algorithm, 2, maxKeys);
    for (int i = 0; i < 1000; i++) {
      limiter.charge("offender " + i, 2, NOW);
    }

    for (int i = 0; i < MANY; i++) {
      assertThat(limiter.charge("flood " + i, 1, NOW + i)).isNotNegative();
    }

    assertThat(limiter.size()).isLessThanOrEqualTo(maxKeys);
    for (int i = 0; i < 1000; i++) {
      assertThat(limiter.charge("offender " + i, 1, NOW + MANY)).isNegative();
    }
    assertThat(limiter.uncounted()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void newcomersPassUncountedWhenAllOthersAreOffenders(RateLimitAlgorithm algorithm) {
    Limiter limiter = limiter(algorithm, 1, 100);
    for (int i = 0; i < 100; i++) {
      limiter.charge("offender " + i, 1, NOW);
    }

    assertThat(limiter.charge("newcomer", 1, NOW)).isZero();
    assertThat(limiter.charge("newcomer", 1, NOW)).isZero();

    assertThat(limiter.uncounted()).isEqualTo(2);
    assertThat(limiter.size()).isEqualTo(100);
    for (int i = 0; i < 100; i++) {
      assertThat(limiter.charge("offender " + i, 1, NOW)).isNegative();
    }
  }

  @ParameterizedTest
  @EnumSource
  void idleKeysGoWhenOthersCome(RateLimitAlgorithm algorithm) {
    Limiter limiter = limiter(algorithm, 2, 100_000);
    for (int i = 0; i < 50_000; i++) {
      limiter.charge("early " + i, 1, NOW);
    }

    for (int i = 0; i < 60_000; i++) {
      limiter.charge("late " + i, 1, NOW + 3 * HOUR);
    }
    assertThat(limiter.size()).isLessThan(70_000);

    limiter.sweep(NOW + 6 * HOUR);
    assertThat(limiter.size()).isZero();
  }

  /** Strings of "Aa" and "BB" have the same hash code. */
  @Test
  void keysThatCollideOnPurposeDoNotMakeLongChains() {
    Limiter limiter = limiter(RateLimitAlgorithm.FIXED_WINDOW, 2, 100_000);
    for (int i = 0; i < 1 << 16; i++) {
      StringBuilder key = new StringBuilder();
      for (int bit = 0; bit < 16; bit++) {
        key.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      assertThat(limiter.charge(key.toString(), 1, NOW)).isNotNegative();
    }

    assertThat(limiter.size()).isLessThanOrEqualTo(16);
  }

  /** Who knows how keys are spread could fill one segment with them, and make one heap of that. */
  @Test
  void keysMadeToMeetInOneSegmentAreSpread() {
    int mixer = 0x9e37_79b9;
    int made = 5_000;
    Limiter limiter = limiter(RateLimitAlgorithm.FIXED_WINDOW, 1, 100_000);
    for (int i = 0; i < made; i++) {
      int mixed = (0x2345_0000 + 4 * i) * inverse(mixer);
      limiter.charge(ofHash(mixed ^ (mixed >>> 15) ^ (mixed >>> 30)), 1, NOW);
    }

    assertThat(limiter.uncounted()).isZero();
    assertThat(limiter.size()).isEqualTo(made);
  }

  /** What an odd number is multiplied with to be 1. */
  private static int inverse(int odd) {
    int inverse = odd;
    for (int i = 0; i < 5; i++) {
      inverse *= 2 - odd * inverse;
    }
    return inverse;
  }

  /** A string of a hash code: its characters are the digits of a number to the base of 31. */
  private static String ofHash(int hash) {
    char[] digits = new char[7];
    int zeros = 0;
    for (int i = 0; i < digits.length; i++) {
      zeros = 31 * zeros + '@';
    }
    long rest = Integer.toUnsignedLong(hash - zeros);
    for (int i = digits.length - 1; i >= 0; i--) {
      digits[i] = (char) ('@' + rest % 31);
      rest /= 31;
    }
    String text = new String(digits);
    assertThat(text.hashCode()).isEqualTo(hash);
    return text;
  }

  /** Dropping a key moves others, round the end of the table too. */
  @Test
  void aSweepDropsAllThatIsIdle() {
    Random random = Seeds.random("aSweepDropsAllThatIsIdle");
    for (int run = 0; run < 2000; run++) {
      Limiter limiter = limiter(RateLimitAlgorithm.FIXED_WINDOW, 2, 100);
      int live = 0;
      for (int i = 0; i < 50; i++) {
        boolean used = random.nextBoolean();
        limiter.charge("key " + random.nextLong(), used ? 1 : 0, NOW);
        live += used ? 1 : 0;
      }
      limiter.sweep(NOW);
      assertThat(limiter.size()).isEqualTo(live);
    }
  }
}
