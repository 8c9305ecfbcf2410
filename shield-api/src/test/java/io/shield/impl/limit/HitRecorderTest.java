package io.shield.impl.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.fixtures.MutableClock;
import io.shield.internal.limit.RateLimiting.HitSink.Refused;
import io.shield.model.RateLimitPolicy.LimitScope;
import io.shield.spi.limit.HitQuery;
import io.shield.spi.limit.RateLimitHit;
import io.shield.spi.limit.RateLimitStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Refusals gathered into hits. */
class HitRecorderTest {
  private final Vertx vertx = Vertx.vertx();
  private final MutableClock clock = MutableClock.create();
  private final HitRecorder recorder = new HitRecorder(vertx.getOrCreateContext(), clock);

  @AfterEach
  void close() {
    recorder.close();
    result(vertx.close());
  }

  private static <T> T result(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(120, TimeUnit.SECONDS).join();
  }

  private static Refused refused(String path, String key) {
    return new Refused(path, "GET", key, "5/minute", null, false, LimitScope.ROUTE);
  }

  private Instant later() {
    return clock.instant().plusSeconds(60);
  }

  /** Has nothing. */
  private static RateLimitStore store(Function<List<RateLimitHit>, Future<Void>> recording) {
    return new RateLimitStore() {
      @Override
      public Future<Void> record(List<RateLimitHit> batch) {
        return recording.apply(batch);
      }

      @Override
      public Future<List<RateLimitHit>> hits(HitQuery query) {
        return Future.succeededFuture(List.of());
      }
    };
  }

  @Test
  void aFloodIsOneBatchOfBoundedSize() {
    List<List<RateLimitHit>> batches = new CopyOnWriteArrayList<>();
    recorder.open(
        store(
            batch -> {
              batches.add(batch);
              return Future.succeededFuture();
            }));
    for (int i = 0; i < 60_000; i++) {
      recorder.refused(refused("/x", "ip:" + i % 2000), later());
    }
    await().atMost(Duration.ofMinutes(2)).until(() -> !batches.isEmpty());
    assertThat(batches.get(0)).hasSizeLessThanOrEqualTo(1000);
    long counted = batches.stream().flatMap(List::stream).mapToLong(RateLimitHit::count).sum();
    assertThat(counted).isBetween(1000L, 60_000L);
    // However slow the machine is, refusals by the thousand do not make as many writes.
    assertThat(batches.size()).isLessThan(20);
  }

  @Test
  void endsWhenWhatIsBeingWrittenIsWritten() {
    Promise<Void> disk = Promise.promise();
    AtomicBoolean asked = new AtomicBoolean();
    recorder.open(
        store(
            batch -> {
              asked.set(true);
              return disk.future();
            }));
    recorder.refused(refused("/x", "ip:1"), later());
    await().atMost(Duration.ofMinutes(2)).untilTrue(asked);
    Future<Void> closed = recorder.close();
    assertThat(closed.isComplete()).isFalse();
    disk.complete();
    result(closed);
  }

  @Test
  void refusalsOfAKeyAreAddedUpAcrossBatches() {
    recorder.open(RateLimitStore.inProcess());
    recorder.refused(refused("/x", "a"), later());
    recorder.refused(refused("/x", "a"), later());
    RateLimitHit first = result(recorder.hits(HitQuery.newest(10))).get(0);
    assertThat(first.count()).isEqualTo(2);
    clock.advance(Duration.ofSeconds(5));
    recorder.refused(refused("/y", "a"), later());
    recorder.refused(refused("/x", "a"), later());
    RateLimitHit second = result(recorder.hits(HitQuery.newest(10).of("/x"))).get(0);
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.timestamp()).isEqualTo(first.timestamp());
    assertThat(second.count()).isEqualTo(3);
    assertThat(second.lastHitAt()).isEqualTo(clock.instant());
    assertThat(second.resetAt()).isEqualTo(later());
    assertThat(result(recorder.hits(new HitQuery(null, 10, 1)))).hasSize(1);
    assertThat(result(recorder.hits(HitQuery.newest(10).of("POST:/x")))).isEmpty();
  }

  @Test
  void whatCannotBeKeptSpoilsNothingElse() {
    recorder.open(RateLimitStore.inProcess());
    recorder.refused(refused("/x".repeat(5000), "a"), later());
    recorder.refused(refused("/x", "b"), later());
    assertThat(result(recorder.hits(HitQuery.newest(10))))
        .extracting(RateLimitHit::key)
        .containsExactly("b");
  }

  @Test
  void theOldestHitsGoFirst() {
    RateLimitStore store = RateLimitStore.inProcess();
    List<RateLimitHit> batch = new ArrayList<>();
    for (int i = 0; i <= RateLimitStore.MAX_HITS; i++) {
      Instant now = clock.instant();
      batch.add(
          new RateLimitHit("i" + i, now, "/x", "GET", "k" + i, "5/minute", null, now, 1, null));
    }
    result(store.record(batch));
    List<RateLimitHit> kept = result(store.hits(HitQuery.newest(RateLimitStore.MAX_HITS)));
    assertThat(kept).hasSize(RateLimitStore.MAX_HITS);
    assertThat(kept.get(0).key()).isEqualTo("k" + RateLimitStore.MAX_HITS);
    assertThat(kept.get(kept.size() - 1).key()).isEqualTo("k1");
  }
}
