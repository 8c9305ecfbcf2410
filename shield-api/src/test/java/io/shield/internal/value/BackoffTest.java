package io.shield.internal.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.Seeds;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final int CLIENTS = 1000;

  private final Random random = Seeds.random("backoff");

  @Test
  void waitsDoubleUpToTheLimitAndBeginAgain() {
    Backoff backoff = new Backoff(200, 1000, random);
    assertThat(backoff.next()).isBetween(100L, 200L);
    assertThat(backoff.next()).isBetween(200L, 400L);
    assertThat(backoff.next()).isBetween(400L, 800L);
    assertThat(backoff.next()).isBetween(500L, 1000L);
    assertThat(backoff.next()).isBetween(500L, 1000L);
    backoff.reset();
    assertThat(backoff.next()).isBetween(100L, 200L);
  }

  /** All lose their server at one moment, and it stays away for some tries. */
  @Test
  void manyDoNotComeBackTogether() {
    List<Backoff> clients =
        IntStream.range(0, CLIENTS).mapToObj(i -> new Backoff(200, 3000, random)).toList();
    long[] back = new long[CLIENTS];
    for (int attempt = 0; attempt < 6; attempt++) {
      for (int i = 0; i < CLIENTS; i++) {
        back[i] += clients.get(i).next();
      }
    }
    long most =
        IntStream.range(0, 100)
            .mapToLong(tenth -> LongStream.of(back).filter(millis -> millis / 100 == tenth).count())
            .max()
            .orElseThrow();
    assertThat(most).as("in one tenth of a second").isLessThan(CLIENTS / 8);
  }
}
