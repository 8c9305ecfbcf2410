package io.shield.admin.impl;

import io.shield.admin.impl.Throttle.Attempt;
import io.shield.admin.impl.Throttle.Line;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where sign-ins wait to be judged, so that a flood of them takes neither the machine nor the turn
 * of an operator. Who signed in lately waits in a line of its own, with a worker of its own. Of the
 * others, an address that has hardly failed comes before those that have. In each line addresses
 * take turns, however much one of them asks for. Thread-safe.
 */
final class SignInQueue {
  private static final int MAX_WAITING = 16;
  private static final int MAX_OF_ONE = 4;

  private record Job<T>(Supplier<Future<T>> work, Promise<T> promise) {}

  /** Those who wait in one line. */
  private static final class Turns {
    private final Map<String, Queue<Job<?>>> waiting = new LinkedHashMap<>();
    private int size;

    boolean add(String whose, Job<?> job) {
      Queue<Job<?>> own = waiting.getOrDefault(whose, new ArrayDeque<>());
      if (size >= MAX_WAITING || own.size() >= MAX_OF_ONE) {
        return false;
      }
      size++;
      own.add(job);
      waiting.putIfAbsent(whose, own);
      return true;
    }

    /** The next one; who it is of has the last turn then. */
    @Nullable Job<?> poll() {
      Iterator<Map.Entry<String, Queue<Job<?>>>> first = waiting.entrySet().iterator();
      if (!first.hasNext()) {
        return null;
      }
      Map.Entry<String, Queue<Job<?>>> next = first.next();
      first.remove();
      Job<?> job = next.getValue().poll();
      if (!next.getValue().isEmpty()) {
        waiting.put(next.getKey(), next.getValue());
      }
      size--;
      return job;
    }
  }

  /** What serves some lines, the first before the second. */
  private static final class Worker {
    private final List<Turns> lines;
    private int free;

    Worker(int free, Turns... lines) {
      this.free = free;
      this.lines = List.of(lines);
    }

    @Nullable Job<?> next() {
      for (Turns line : lines) {
        Job<?> job = line.poll();
        if (job != null) {
          return job;
        }
      }
      return null;
    }
  }

  private final Turns knownLine = new Turns();
  private final Turns freshLine = new Turns();
  private final Turns failedLine = new Turns();
  private final Worker known;
  private final Worker strangers;

  /**
   * @param atOnce how many are judged at a time of those who signed in lately, and of the others
   */
  SignInQueue(int atOnce) {
    known = new Worker(atOnce, knownLine);
    strangers = new Worker(atOnce, freshLine, failedLine);
  }

  private Turns turns(Line line) {
    return switch (line) {
      case KNOWN -> knownLine;
      case FRESH -> freshLine;
      case FAILED -> failedLine;
    };
  }

  /** Does the work soon; refused when too much waits already. */
  <T> Future<T> run(Attempt attempt, Supplier<Future<T>> work) {
    Promise<T> promise = Promise.promise();
    Worker worker = attempt.line() == Line.KNOWN ? known : strangers;
    Job<?> next;
    synchronized (this) {
      if (!turns(attempt.line()).add(attempt.whose(), new Job<>(work, promise))) {
        return Future.failedFuture(
            RefusedException.tooMany("too many sign-ins at once", Duration.ofSeconds(1)));
      }
      next = worker.free == 0 ? null : worker.next();
      if (next != null) {
        worker.free--;
      }
    }
    if (next != null) {
      begin(worker, next);
    }
    return promise.future();
  }

  private <T> void begin(Worker worker, Job<T> job) {
    // Composed, so that work that throws has ended too.
    Future.succeededFuture()
        .compose(v -> job.work.get())
        .onComplete(
            result -> {
              beginNext(worker);
              if (result.succeeded()) {
                job.promise.complete(result.result());
              } else {
                job.promise.fail(result.cause());
              }
            });
  }

  private void beginNext(Worker worker) {
    Job<?> next;
    synchronized (this) {
      next = worker.next();
      if (next == null) {
        worker.free++;
        return;
      }
    }
    begin(worker, next);
  }
}
