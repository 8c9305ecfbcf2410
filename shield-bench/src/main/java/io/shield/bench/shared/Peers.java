package io.shield.bench.shared;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.github.bucket4j.redis.lettuce.cas.LettuceBasedProxyManager;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.redisson.Redisson;
import org.redisson.api.RRateLimiter;
import org.redisson.api.RateType;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** Bucket4j on Lettuce, and Redisson's RateLimiter: one key that is never refused. */
final class Peers implements AutoCloseable {
  private static final long PLENTY = 1_000_000_000;
  private static final Duration PERIOD = Duration.ofHours(1);

  private final RedisClient lettuce;
  private final AsyncBucketProxy casBucket;
  private final AsyncBucketProxy batchingBucket;
  private final RedissonClient redisson;
  private final RRateLimiter limiter;

  Peers(String url) {
    lettuce = RedisClient.create(url);
    StatefulRedisConnection<String, byte[]> connection =
        lettuce.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
    LettuceBasedProxyManager<String> manager = Bucket4jLettuce.casBasedBuilder(connection).build();
    casBucket =
        manager.asAsync().builder().build("bucket4j:cas", () -> completedFuture(configuration()));
    batchingBucket =
        manager
            .asAsync()
            .builder()
            .withOptimization(Optimizations.batching())
            .build("bucket4j:batching", () -> completedFuture(configuration()));
    Config config = new Config();
    config.useSingleServer().setAddress(url);
    redisson = Redisson.create(config);
    limiter = redisson.getRateLimiter("redisson");
    limiter.trySetRate(RateType.OVERALL, PLENTY, PERIOD);
  }

  private static BucketConfiguration configuration() {
    return BucketConfiguration.builder()
        .addLimit(limit -> limit.capacity(PLENTY).refillGreedy(PLENTY, PERIOD))
        .build();
  }

  CompletionStage<Boolean> cas() {
    return casBucket.tryConsume(1);
  }

  CompletionStage<Boolean> batching() {
    return batchingBucket.tryConsume(1);
  }

  CompletionStage<Boolean> redisson() {
    return limiter.tryAcquireAsync(1);
  }

  @Override
  public void close() {
    lettuce.shutdown();
    redisson.shutdown();
  }
}
