package io.shield.internal.log;

import io.shield.decision.Decision.Refusal;
import io.shield.decision.RefusalKind;
import io.vertx.core.http.HttpMethod;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of refused requests in the log, logger {@value #NAME}, level info: a line tells how many
 * like it were not told before. Of one route and kind at most one a second is told, and of all
 * together at most {@value #LINES_PER_SECOND}. The last of those that were not told is told when no
 * more come. Thread-safe, without a lock.
 */
public final class RefusalLog {
  /** The logger's name. */
  public static final String NAME = "io.shield.refusals";

  /** How many lines a second there are at most. */
  static final int LINES_PER_SECOND = 20;

  private static final long SECOND = 1_000_000_000L;
  private static final long BETWEEN_LINES = SECOND / LINES_PER_SECOND;

  /** What is not told of a route and a kind, and when the next may be. */
  private static final class Sample {
    private final String template;
    private final AtomicLong due;
    private final LongAdder untold = new LongAdder();

    /** How many of those a line has told since; written by whoever writes the line. */
    private volatile long summedUp;

    /** Whether it waits for {@link #tellRest}. */
    private final AtomicBoolean waits = new AtomicBoolean();

    /** The last that was not told; of several at the same moment, any. */
    private volatile @Nullable Untold last;

    Sample(String template, long now) {
      this.template = template;
      this.due = new AtomicLong(now);
    }
  }

  private record Untold(HttpMethod method, Refusal refusal) {}

  private final Logger logger;
  private final LongSupplier nanos;
  private final Map<String, Map<RefusalKind, Sample>> samples = new ConcurrentHashMap<>();

  /** Those of which something may not be told yet. */
  private final Queue<Sample> rest = new ConcurrentLinkedQueue<>();

  /** When the lines written so far are paid for, at so many a second. */
  private final AtomicLong paid;

  /** Tells the logger of that name. */
  public RefusalLog() {
    this(LoggerFactory.getLogger(NAME), System::nanoTime);
  }

  RefusalLog(Logger logger, LongSupplier nanos) {
    this.logger = logger;
    this.nanos = nanos;
    this.paid = new AtomicLong(nanos.getAsLong());
  }

  /** A request was refused. */
  public void refused(String template, HttpMethod method, Refusal refusal) {
    if (!logger.isInfoEnabled()) {
      return;
    }
    long now = nanos.getAsLong();
    Sample sample = sample(template, refusal.kind(), now);
    long due = sample.due.get();
    if (now - due < 0 || !isAffordable(now) || !sample.due.compareAndSet(due, now + SECOND)) {
      leave(sample, method, refusal);
      return;
    }
    tell(template, method, refusal, untold(sample));
  }

  private void leave(Sample sample, HttpMethod method, Refusal refusal) {
    sample.untold.increment();
    Untold last = sample.last;
    if (last == null || !last.method.equals(method) || !last.refusal.equals(refusal)) {
      sample.last = new Untold(method, refusal);
    }
    if (!sample.waits.get() && sample.waits.compareAndSet(false, true)) {
      rest.add(sample);
    }
  }

  /** How many were not told; from now on they are. */
  private static long untold(Sample sample) {
    long all = sample.untold.sum();
    long untold = all - sample.summedUp;
    sample.summedUp = all;
    return untold;
  }

  /**
   * Tells of what was left out and was followed by no line within a second; to be called about once
   * a second, by one thread at a time.
   */
  public void tellRest() {
    long now = nanos.getAsLong();
    Sample sample = rest.poll();
    for (int left = rest.size(); sample != null; left--) {
      // Before it is looked at: what is left out from now on lets it wait again.
      sample.waits.set(false);
      if (!tellRest(sample, now) && sample.waits.compareAndSet(false, true)) {
        rest.add(sample);
      }
      sample = left > 0 ? rest.poll() : null;
    }
  }

  /** False if it is not time yet. */
  private boolean tellRest(Sample sample, long now) {
    Untold last = sample.last;
    if (last == null || sample.untold.sum() == sample.summedUp) {
      return true;
    }
    long due = sample.due.get();
    if (now - due < 0 || !isAffordable(now) || !sample.due.compareAndSet(due, now + SECOND)) {
      return false;
    }
    // The line is itself one of them.
    tell(sample.template, last.method, last.refusal, untold(sample) - 1);
    return true;
  }

  private Sample sample(String template, RefusalKind kind, long now) {
    Map<RefusalKind, Sample> known = samples.get(template);
    if (known == null) {
      Map<RefusalKind, Sample> all = new EnumMap<>(RefusalKind.class);
      for (RefusalKind each : RefusalKind.values()) {
        all.put(each, new Sample(template, now));
      }
      Map<RefusalKind, Sample> others = samples.putIfAbsent(template, all);
      known = others == null ? all : others;
    }
    return Objects.requireNonNull(known.get(kind));
  }

  /** Whether there may be one more line; who loses a race is not told. */
  private boolean isAffordable(long now) {
    long before = paid.get();
    long from = before - now > 0 ? before : now;
    return from - now <= SECOND - BETWEEN_LINES && paid.compareAndSet(before, from + BETWEEN_LINES);
  }

  private void tell(String template, HttpMethod method, Refusal refusal, long untold) {
    LogLine.info(logger)
        .with("route", template)
        .with("method", method.name())
        .with("status", refusal.kind().statusCode())
        .with("code", refusal.kind().code())
        .with("untold", untold)
        .with("reason", refusal.reason())
        .log("refused");
  }
}
