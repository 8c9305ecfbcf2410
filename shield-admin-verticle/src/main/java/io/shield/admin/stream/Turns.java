package io.shield.admin.stream;

import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Does something for each of many, on one event loop and a little at a time: the requests of that
 * loop are served in between. All that is asked for on a context is done in the order in which it
 * was asked for. Confined to its context.
 */
public final class Turns {
  private static final long TURN_NANOS = 100_000;

  private static final class Job<T> {
    private final Iterator<T> items;
    private final Consumer<T> work;
    private final Runnable done;

    Job(Iterator<T> items, Consumer<T> work, Runnable done) {
      this.items = items;
      this.work = work;
      this.done = done;
    }

    boolean isDone() {
      return !items.hasNext();
    }

    void next() {
      work.accept(items.next());
    }
  }

  private final ContextInternal context;
  private final Deque<Job<?>> jobs = new ArrayDeque<>();
  private boolean busy;

  private Turns(ContextInternal context) {
    this.context = context;
  }

  /** Those of a context, whoever asks; to be called on it. */
  public static Turns of(ContextInternal context) {
    return (Turns)
        context.unwrap().contextData().computeIfAbsent(Turns.class, key -> new Turns(context));
  }

  /**
   * Does it for all that are there now; the first ones at once, if nothing else waits. Nothing
   * bounds what waits here: whoever asks again and again looks at what is not done yet.
   *
   * @param done run when it was done for all
   */
  public <T> void forEach(Collection<T> items, Consumer<T> work, Runnable done) {
    jobs.add(new Job<>(List.copyOf(items).iterator(), work, done));
    if (!busy) {
      busy = true;
      turn();
    }
  }

  private void turn() {
    long end = System.nanoTime() + TURN_NANOS;
    try {
      do {
        step();
      } while (!jobs.isEmpty() && System.nanoTime() < end);
    } finally {
      busy = !jobs.isEmpty();
      if (busy) {
        later();
      }
    }
  }

  private void step() {
    Job<?> first = jobs.element();
    if (first.isDone()) {
      jobs.remove();
      first.done.run();
    } else {
      first.next();
    }
  }

  /**
   * As a timer that is due: what is handed to an event loop while it does such things comes before
   * what it reads, for up to a second.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // a turn that fails tells its context
  private void later() {
    context.nettyEventLoop().schedule(() -> context.emit(v -> turn()), 0, TimeUnit.NANOSECONDS);
  }
}
