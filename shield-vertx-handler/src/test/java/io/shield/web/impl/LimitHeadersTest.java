package io.shield.web.impl;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.web.ShieldHandlerOptions.RateLimitHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.InstantSource;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LimitHeadersTest {
  private final LimitHeaders limits =
      new LimitHeaders(RateLimitHeaders.LEGACY, InstantSource.system());

  private MultiMap told(long capacity, long reset) {
    MultiMap headers = HttpHeaders.headers();
    limits.refused(headers, capacity, reset);
    return headers;
  }

  /** Numbers that share all but their first bits, small ones, and those at the ends. */
  @Test
  void everyNumberIsToldAsItIs() {
    long[] numbers = {
      0, 1, 1023, 1024, 1088, 1024, 1_764_500_000, 1_764_500_064, -1, -64, Long.MAX_VALUE
    };
    for (int round = 0; round < 2; round++) {
      for (long number : numbers) {
        MultiMap headers = told(number, number);

        assertThat(headers.get("x-ratelimit-limit")).isEqualTo(Long.toString(number));
        assertThat(headers.get("x-ratelimit-reset")).isEqualTo(Long.toString(number));
        assertThat(headers.get("X-RateLimit-Remaining")).isEqualTo("0");
      }
    }
  }

  /** Limits and full hours are round numbers, and neither drives the other out each time. */
  @Test
  void roundNumbersAreEncodedOnce() {
    Set<String> texts = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int round = 0; round < 100; round++) {
      MultiMap headers = told(1_000_000_000, 1_796_025_600);
      texts.add(headers.get("x-ratelimit-limit"));
      texts.add(headers.get("x-ratelimit-reset"));
    }
    assertThat(texts).hasSizeLessThan(100);
  }

  @Test
  void namesAreSentAsTheyAreDocumented() {
    assertThat(told(7, 8).names())
        .containsExactlyInAnyOrder(
            "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset");
  }
}
