package io.shield.bench.shared;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Asks for decisions, so many at the same time, and counts those that were made.
 *
 * @param warmMillis how long it goes before anything counts
 * @param millis how long it counts
 */
record Load(int warmMillis, int millis) {
  static final Load QUICK = new Load(700, 1300);
  static final Load FULL = new Load(4_000, 8_000);

  /** Decisions in one turn of an event loop at most, so that answers are read in between. */
  private static final int TURN = 256;

  /** One of so many, which take as long together. */
  Load part(int parts) {
    return new Load(warmMillis / parts, millis / parts);
  }

  /**
   * Decisions a second on one event loop, of which many are made at once.
   *
   * @param failed how many there have been that do not count
   */
  double onEventLoop(
      Context context, int underWay, Supplier<? extends Future<?>> ask, LongSupplier failed)
      throws InterruptedException {
    Turns turns = new Turns(context, underWay, ask);
    context.runOnContext(v -> turns.run());
    return measured(() -> turns.done.sum() - failed.getAsLong(), () -> turns.over = true);
  }

  /** Decisions a second of what answers on threads of its own. */
  double elsewhere(int underWay, Supplier<? extends CompletionStage<?>> ask)
      throws InterruptedException {
    Chains chains = new Chains(ask);
    for (int i = 0; i < underWay; i++) {
      chains.next();
    }
    return measured(chains.done::sum, () -> chains.over = true);
  }

  private double measured(LongSupplier done, Runnable end) throws InterruptedException {
    Thread.sleep(warmMillis);
    long before = done.getAsLong();
    long began = System.nanoTime();
    Thread.sleep(millis);
    double perSecond = (done.getAsLong() - before) * 1e9 / (System.nanoTime() - began);
    end.run();
    // What is under way ends before somebody else begins.
    Thread.sleep(100);
    return perSecond;
  }

  /** The median of how long one after the other takes, in microseconds. */
  double medianMicros(Context context, Supplier<? extends Future<?>> ask) {
    double[] micros = new double[millis];
    CompletableFuture<Void> over = new CompletableFuture<>();
    context.runOnContext(v -> one(-micros.length, micros, ask, over));
    over.orTimeout(1, TimeUnit.MINUTES).join();
    Arrays.sort(micros);
    return micros[micros.length / 2];
  }

  private static void one(
      int number,
      double[] micros,
      Supplier<? extends Future<?>> ask,
      CompletableFuture<Void> over) {
    if (number == micros.length) {
      over.complete(null);
      return;
    }
    long began = System.nanoTime();
    ask.get()
        .onComplete(
            answer -> {
              if (number >= 0) {
                micros[number] = (System.nanoTime() - began) / 1000.0;
              }
              one(number + 1, micros, ask, over);
            });
  }

  private static final class Turns {
    private final Context context;
    private final Supplier<? extends Future<?>> ask;
    private final LongAdder done = new LongAdder();
    private volatile boolean over;
    private int free;
    private boolean scheduled;

    Turns(Context context, int underWay, Supplier<? extends Future<?>> ask) {
      this.context = context;
      this.free = underWay;
      this.ask = ask;
    }

    void run() {
      scheduled = false;
      for (int i = 0; i < TURN && free > 0 && !over; i++) {
        Future<?> decision = ask.get();
        if (decision.isComplete()) {
          done.increment();
        } else {
          free--;
          decision.onComplete(
              made -> {
                free++;
                done.increment();
                schedule();
              });
        }
      }
      if (free > 0 && !over) {
        schedule();
      }
    }

    private void schedule() {
      if (!scheduled) {
        scheduled = true;
        context.runOnContext(v -> run());
      }
    }
  }

  private static final class Chains {
    private final Supplier<? extends CompletionStage<?>> ask;
    private final LongAdder done = new LongAdder();
    private volatile boolean over;

    Chains(Supplier<? extends CompletionStage<?>> ask) {
      this.ask = ask;
    }

    void next() {
      if (!over) {
        ask.get()
            .whenComplete(
                (made, failure) -> {
                  done.increment();
                  next();
                });
      }
    }
  }
}
