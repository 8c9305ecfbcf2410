package io.shield.impl;

import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.local.LocalIoHandler;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A Vert.x context on which nothing happens by itself: the test's thread runs it, millisecond by
 * millisecond of a time that only passes there. With one seed everything happens again.
 */
final class SimulatedTime {
  final Random random;
  final ContextInternal context;
  private final MockTicker ticker = Ticker.newMockTicker();
  private final ManualIoEventLoop loop;

  SimulatedTime(VertxInternal vertx, long seed) {
    random = new Random(seed);
    loop = new ManualIoEventLoop(null, Thread.currentThread(), LocalIoHandler.newFactory(), ticker);
    context =
        vertx
            .contextBuilder()
            .withThreadingModel(ThreadingModel.EVENT_LOOP)
            .withEventLoop(loop)
            .build();
  }

  /** Milliseconds since the beginning. */
  long now() {
    return TimeUnit.NANOSECONDS.toMillis(ticker.nanoTime());
  }

  /** Does something after so many milliseconds, at least 1. */
  void after(long millis, Runnable work) {
    context.setTimer(Math.max(1, millis), timer -> work.run());
  }

  /** True once in so many times. */
  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  /** A number from 1 to the bound. */
  int upTo(int bound) {
    return 1 + random.nextInt(bound);
  }

  <T> Promise<T> promise() {
    return context.promise();
  }

  /** Lets time pass. */
  void pass(long millis) {
    for (long i = 0; i < millis; i++) {
      ticker.advance(1, TimeUnit.MILLISECONDS);
      while (loop.runNow() > 0) {
        // What was run may have left more to run at the same moment.
      }
    }
  }
}
