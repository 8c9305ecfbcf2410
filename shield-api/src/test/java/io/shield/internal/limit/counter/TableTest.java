package io.shield.internal.limit.counter;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.Seeds;
import io.shield.internal.limit.counter.Limiter.LimiterContext;
import io.shield.model.RateLimit;
import io.shield.model.RateLimitAlgorithm;
import io.shield.spi.limit.LimitRule;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TableTest {
  private static final int MAX_KEYS = 300;
  private static final int OPERATIONS = 200_000;
  private static final int SHIFT = 30;

  private static Algorithm algorithm(RateLimitAlgorithm algorithm) {
    LimitRule rule = LimitRule.of(algorithm, new RateLimit(5, Duration.ofHours(1)));
    return Algorithm.of(rule, LimiterContext.alone());
  }

  /**
   * Of few hashes, so that places are taken by others and removing moves keys, round the end too.
   */
  @ParameterizedTest
  @EnumSource
  void eachKeyHasTheNumbersThatItWasGiven(RateLimitAlgorithm kind) {
    Random random = Seeds.random("TableTest " + kind);
    Algorithm algorithm = algorithm(kind);
    Counter counter = new Counter();
    Table table = new Table(algorithm, MAX_KEYS, SHIFT, counter);
    Map<String, Long> expected = new HashMap<>();
    for (int i = 0; i < OPERATIONS; i++) {
      // Now few keys, now as many as there may be.
      int keys = 1 + i * 4 / OPERATIONS * (MAX_KEYS - 1) / 3;
      int number = random.nextInt(keys);
      String key = "key " + number;
      int hash = hash(number);
      Long known = expected.get(key);

      assertThat(table.find(hash, key)).as("%s at %s", key, i).isEqualTo(known != null);
      if (known == null) {
        Counter inserted = table.insert(hash, key);
        assertThat(numbers(inserted)).containsExactly(0, 0, 0);
        expected.put(key, write(algorithm, table, counter, random.nextInt(1000)));
      } else {
        assertThat(numbers(counter))
            .as("%s at %s", key, i)
            .containsExactly(known, known + 1, algorithm.needsMore() ? known + 2 : 0);
        if (algorithm.hasLog()) {
          assertThat(counter.log().at(0)).isEqualTo(known);
        }
        if (random.nextBoolean()) {
          table.remove(counter.place);
          expected.remove(key);
        } else {
          expected.put(key, write(algorithm, table, counter, random.nextInt(1000)));
        }
      }
      assertThat(table.size()).isEqualTo(expected.size());
    }
  }

  private static int hash(int number) {
    int spread = number % 7 == 0 ? Table.HASH : number / 5 * 0x9e37_79b9;
    return spread & Table.HASH;
  }

  private static long write(Algorithm algorithm, Table table, Counter counter, long value) {
    counter.used = value;
    counter.time = value + 1;
    if (algorithm.needsMore()) {
      counter.more = value + 2;
    }
    if (algorithm.hasLog()) {
      counter.log(new Log());
      counter.log().append(1, value);
    }
    if (value % 2 == 0) {
      // So that it is read from the table, not from where it was written.
      int other = table.next(counter.place);
      while (!table.isTaken(other)) {
        other = table.next(other);
      }
      table.at(other);
    }
    return value;
  }

  private static long[] numbers(Counter counter) {
    return new long[] {counter.used, counter.time, counter.more};
  }
}
