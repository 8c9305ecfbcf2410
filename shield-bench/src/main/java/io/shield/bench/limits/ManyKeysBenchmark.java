package io.shield.bench.limits;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.shield.internal.limit.counter.Limiter;
import io.shield.internal.limit.time.TickClock;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A million keys in random order, beside buckets in a bounded cache. The strings asked with are not
 * those that were stored, as in a server.
 */
public class ManyKeysBenchmark {
  private static final int KEYS = 1 << 20;

  /** Addresses to ask with. */
  @State(Scope.Thread)
  public static class Asked {
    private final String[] keys = new String[KEYS];
    private int next;

    /** Shuffled. */
    @Setup
    public void build() {
      for (int i = 0; i < KEYS; i++) {
        keys[i] = address(i);
      }
      Random random = new Random(42);
      for (int i = KEYS - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        String key = keys[i];
        keys[i] = keys[j];
        keys[j] = key;
      }
      System.gc();
    }

    String key() {
      return keys[next++ & (KEYS - 1)];
    }
  }

  /** A limiter that knows all keys. */
  @State(Scope.Benchmark)
  public static class Shielded {
    @Param({"fixed_window", "sliding_window", "token_bucket"})
    public String algorithm;

    private final TickClock clock = TickClock.of(() -> System.currentTimeMillis() * 1000);
    private Limiter limiter;

    /** Charges every key once. */
    @Setup
    public void build() {
      limiter = Limits.shield(algorithm, 2 * KEYS);
      long now = clock.micros();
      for (int i = 0; i < KEYS; i++) {
        limiter.charge(address(i), 1, now);
      }
      if (limiter.size() != KEYS) {
        throw new IllegalStateException("only " + limiter.size() + " keys are counted");
      }
    }

    /** Ends the clock's thread. */
    @TearDown
    public void close() {
      clock.close();
    }
  }

  /**
   * A cache with all keys. It does not look at the clock: nothing ever expires. It does its upkeep
   * on the thread that asks, which takes less time here than to hand it to others.
   */
  @State(Scope.Benchmark)
  public static class Cached {
    private final LoadingCache<String, Bucket> buckets =
        Caffeine.newBuilder()
            .initialCapacity(2 * KEYS)
            .maximumSize(2 * KEYS)
            .executor(Runnable::run)
            .build(key -> Limits.bucket());

    /** Charges every key once. */
    @Setup
    public void build() {
      for (int i = 0; i < KEYS; i++) {
        buckets.get(address(i)).tryConsume(1);
      }
      if (buckets.estimatedSize() != KEYS) {
        throw new IllegalStateException("only " + buckets.estimatedSize() + " keys are counted");
      }
    }
  }

  private static String address(int i) {
    return "10." + (i >> 16) + "." + ((i >> 8) & 255) + "." + (i & 255);
  }

  /** Ours. */
  @Benchmark
  public long shield(Shielded shielded, Asked asked) {
    return shielded.limiter.charge(asked.key(), 1, shielded.clock.micros());
  }

  /** The baseline. */
  @Benchmark
  public boolean caffeine(Cached cached, Asked asked) {
    return cached.buckets.get(asked.key()).tryConsume(1);
  }
}
