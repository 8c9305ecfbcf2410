package io.shield.admin.stream;

import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All open streams of an API. There are only so many of them, for each token, for each account and
 * altogether, and what waits to be read has one budget for all: who reads nothing takes no memory
 * from the requests that are served beside the streams. Thread-safe.
 */
public final class Streams {
  private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

  /** When who finds too many streams open may try again. */
  public static final Duration COME_AGAIN = Duration.ofSeconds(30);

  private static final long MOST_WAITING_BYTES = 64L * 1024 * 1024;

  /** Of the memory there is. */
  private static final int SHARE = 16;

  private final long budget;
  private final Set<OpenStream> open = ConcurrentHashMap.newKeySet();
  private final Map<Audience, Integer> count = new EnumMap<>(Audience.class);
  private final Map<String, Integer> perToken = new HashMap<>();
  private final Map<String, Integer> perAccount = new HashMap<>();
  private final AtomicLong waiting = new AtomicLong();

  /** What waits on streams that are being cut. */
  private final AtomicLong released = new AtomicLong();

  private final LongAdder cuts = new LongAdder();

  /** None yet. */
  public Streams() {
    this(Math.min(MOST_WAITING_BYTES, Runtime.getRuntime().maxMemory() / SHARE));
  }

  Streams(long budget) {
    this.budget = budget;
  }

  /**
   * Opens a stream as the answer to a request; to be called on its context.
   *
   * @param follower who asks, or null where nobody has to sign in
   * @return null if there are too many already
   */
  public @Nullable OpenStream open(
      RoutingContext ctx, Audience audience, @Nullable Follower follower) {
    if (!admit(audience, follower)) {
      return null;
    }
    OpenStream stream = new OpenStream(ctx, this, audience, follower);
    open.add(stream);
    stream.begin();
    return stream;
  }

  private synchronized boolean admit(Audience audience, @Nullable Follower follower) {
    if (count.getOrDefault(audience, 0) >= audience.most) {
      return false;
    }
    if (follower != null) {
      int ofToken = perToken.getOrDefault(follower.token(), 0);
      int ofAccount = perAccount.getOrDefault(follower.account(), 0);
      if (ofToken >= audience.mostPerToken || ofAccount >= audience.mostPerAccount) {
        return false;
      }
      perToken.merge(follower.token(), 1, Integer::sum);
      perAccount.merge(follower.account(), 1, Integer::sum);
    }
    count.merge(audience, 1, Integer::sum);
    return true;
  }

  void left(OpenStream stream, Audience audience, @Nullable Follower follower) {
    open.remove(stream);
    synchronized (this) {
      count.merge(audience, -1, Integer::sum);
      if (follower != null) {
        oneLess(perToken, follower.token());
        oneLess(perAccount, follower.account());
      }
    }
  }

  private static void oneLess(Map<String, Integer> counts, String whose) {
    counts.computeIfPresent(whose, (key, own) -> own == 1 ? null : own - 1);
  }

  void queue(long bytes) {
    waiting.addAndGet(bytes);
  }

  void release(long bytes) {
    released.addAndGet(bytes);
  }

  /** Cuts those who are furthest behind when too much waits. */
  void relieve() {
    if (waiting.get() - released.get() > budget) {
      cutTheSlowest();
    }
  }

  private synchronized void cutTheSlowest() {
    List<OpenStream> slowest = new ArrayList<>(open);
    slowest.sort(Comparator.comparingLong(OpenStream::waiting).reversed());
    for (OpenStream stream : slowest) {
      // Some more than needed, so that this is not done again at the next event.
      if (waiting.get() - released.get() <= budget / 4 * 3) {
        return;
      }
      stream.condemn();
    }
  }

  void countCut() {
    cuts.increment();
    LOG.debug("A stream was cut: its client reads too slowly");
  }

  /** How many are open. */
  public int size() {
    return open.size();
  }

  /** How many were cut because the client read too slowly. */
  public long cuts() {
    return cuts.sum();
  }

  /** How many bytes wait to be read. */
  public long waitingBytes() {
    return waiting.get();
  }
}
