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
 * All open streams of an API. There are only so many of them, for each token and altogether, and
 * what waits to be read has one budget for all: who reads nothing takes no memory from the requests
 * that are served beside the streams. Thread-safe.
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
   * @param token the id of the token it was asked for with, or null where nobody has to sign in
   * @return null if there are too many already
   */
  public @Nullable OpenStream open(RoutingContext ctx, Audience audience, @Nullable String token) {
    if (!admit(audience, token)) {
      return null;
    }
    OpenStream stream = new OpenStream(ctx, this, audience, token);
    open.add(stream);
    stream.begin();
    return stream;
  }

  private synchronized boolean admit(Audience audience, @Nullable String token) {
    int all = count.getOrDefault(audience, 0);
    int own = token == null ? 0 : perToken.getOrDefault(token, 0);
    if (all >= audience.most || own >= audience.mostPerToken) {
      return false;
    }
    count.put(audience, all + 1);
    if (token != null) {
      perToken.put(token, own + 1);
    }
    return true;
  }

  void left(OpenStream stream, Audience audience, @Nullable String token) {
    open.remove(stream);
    synchronized (this) {
      count.computeIfPresent(audience, (key, all) -> all - 1);
      if (token != null) {
        perToken.computeIfPresent(token, (key, own) -> own == 1 ? null : own - 1);
      }
    }
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
