package io.shield.bench.propagation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TimesTest {
  @Test
  void quantilesAreNearestRanks() {
    long[] nanos = LongStream.rangeClosed(1, 200).map(i -> (201 - i) * 1_000_000).toArray();

    Times times = Times.of(nanos);

    assertThat(times.millis(0.5)).isEqualTo(100);
    assertThat(times.millis(0.99)).isEqualTo(198);
    assertThat(times.millis(1)).isEqualTo(200);
    assertThat(Times.of(new long[] {3_000_000}).millis(0.5)).isEqualTo(3);
  }
}
