package io.shield.admin.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.admin.impl.Throttle.Attempt;
import io.shield.admin.impl.Throttle.Line;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A flood of sign-ins is refused when too many wait, and what was taken in is done. */
class SignInQueueTest {
  private final Vertx vertx = Vertx.vertx();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger running = new AtomicInteger();
  private final SignInQueue queue = new SignInQueue(1);

  @AfterEach
  void close() throws Exception {
    gate.countDown();
    vertx.close().toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);
  }

  private Future<Boolean> work() {
    running.incrementAndGet();
    return vertx.executeBlocking(() -> gate.await(120, TimeUnit.SECONDS), false);
  }

  private Future<Boolean> run(Line line, String whose) {
    return queue.run(new Attempt(line, whose, whose, whose), this::work);
  }

  /** How many wait in a line until one of a newcomer is refused. */
  private int room(Line line) {
    int room = 0;
    while (!run(line, line + " " + room).failed()) {
      room++;
    }
    return room;
  }

  @Test
  void isBounded() {
    List<Future<Boolean>> taken = new ArrayList<>();
    for (Line line : Line.values()) {
      for (int i = 0; i < 16; i++) {
        taken.add(run(line, "" + i));
      }
      room(line);
      Future<Boolean> refused = run(line, "late");
      assertThat(refused.cause())
          .isInstanceOfSatisfying(
              RefusedException.class,
              e -> {
                assertThat(e.status()).isEqualTo(429);
                assertThat(e.retryAfter()).isPositive();
              });
    }
    assertThat(running).as("one of those who are known, one of the others").hasValue(2);
    gate.countDown();
    await().until(() -> taken.stream().allMatch(Future::succeeded));
    Future<Boolean> later = run(Line.FAILED, "late");
    await().until(later::succeeded);
  }

  @Test
  void oneAddressDoesNotTakeTheRoomOfAll() {
    List<Future<Boolean>> flood = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      flood.add(run(Line.FAILED, "one"));
    }
    assertThat(flood.stream().filter(Future::failed).count()).isEqualTo(15);
    assertThat(run(Line.FAILED, "another").failed()).isFalse();
  }

  @Test
  void whoIsKnownDoesNotWaitForStrangers() {
    room(Line.FRESH);
    room(Line.FAILED);
    assertThat(running).hasValue(1);
    run(Line.KNOWN, "operator");
    assertThat(running).hasValue(2);
  }

  @Test
  void addressesTakeTurnsAndThoseThatFailedComeLast() {
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    run(Line.FRESH, "first");
    for (String whose : List.of("a", "a", "a", "b")) {
      noting(order, Line.FAILED, whose);
    }
    noting(order, Line.FRESH, "c");
    gate.countDown();
    await().until(() -> order.size() == 5);
    assertThat(order).containsExactly("c", "a", "b", "a", "a");
  }

  private void noting(List<String> order, Line line, String whose) {
    queue.run(
        new Attempt(line, whose, whose, whose),
        () -> {
          order.add(whose);
          return work();
        });
  }

  @Test
  void aFailureMakesRoomToo() {
    for (int i = 0; i < 5; i++) {
      Future<Object> failed =
          queue.run(
              new Attempt(Line.FRESH, "one", "one", "one"),
              () -> Future.failedFuture(new IllegalStateException("broken")));
      await().until(failed::failed);
    }
    gate.countDown();
    Future<Boolean> later = run(Line.FRESH, "one");
    await().until(later::succeeded);
  }
}
