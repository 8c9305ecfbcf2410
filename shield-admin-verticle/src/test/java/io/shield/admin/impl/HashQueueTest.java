package io.shield.admin.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A flood of sign-ins is refused when too many wait, and what was taken in is done. */
class HashQueueTest {
  private static final int ROOM = 66;

  private final Vertx vertx = Vertx.vertx();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger running = new AtomicInteger();

  @AfterEach
  void close() throws Exception {
    gate.countDown();
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private Boolean work() throws InterruptedException {
    running.incrementAndGet();
    return gate.await(20, TimeUnit.SECONDS);
  }

  @Test
  void isBounded() {
    HashQueue queue = new HashQueue(vertx);
    List<Future<Boolean>> taken = new ArrayList<>();
    for (int i = 0; i < ROOM; i++) {
      taken.add(queue.run(this::work));
    }
    Future<Boolean> refused = queue.run(this::work);
    assertThat(refused.failed()).isTrue();
    assertThat(refused.cause())
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> {
              assertThat(e.status()).isEqualTo(429);
              assertThat(e.retryAfter()).isPositive();
            });
    await().until(() -> running.get() == 2);
    gate.countDown();
    await().until(() -> taken.stream().allMatch(Future::succeeded));
    assertThat(running).hasValue(ROOM);
    Future<Boolean> later = queue.run(this::work);
    await().until(later::succeeded);
  }

  @Test
  void aFailureMakesRoomToo() {
    HashQueue queue = new HashQueue(vertx);
    for (int i = 0; i < 5; i++) {
      Future<Object> failed =
          queue.run(
              () -> {
                throw new IllegalStateException("broken");
              });
      await().until(failed::failed);
    }
    gate.countDown();
    Future<Boolean> later = queue.run(this::work);
    await().until(later::succeeded);
  }
}
