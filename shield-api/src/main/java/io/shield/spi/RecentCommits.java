package io.shield.spi;

import io.shield.model.store.Commit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers by request id which commits were accepted, so that a repeated change commits once. Not
 * thread-safe.
 */
public final class RecentCommits {
  /** How long an id is remembered at least. */
  public static final Duration RETENTION = Duration.ofMinutes(15);

  private record Accepted(String requestId, Instant at) {}

  private final InstantSource clock;
  private final Map<String, Commit> byRequest = new HashMap<>();
  private final Deque<Accepted> oldestFirst = new ArrayDeque<>();

  public RecentCommits(InstantSource clock) {
    this.clock = clock;
  }

  /** The commit of an accepted request, or null if it is not remembered. */
  public @Nullable Commit find(String requestId) {
    return byRequest.get(requestId);
  }

  /** Remembers an accepted commit and forgets those past their time. */
  public void add(Commit commit) {
    Instant now = clock.instant();
    Instant limit = now.minus(RETENTION);
    while (!oldestFirst.isEmpty() && oldestFirst.getFirst().at().isBefore(limit)) {
      byRequest.remove(oldestFirst.removeFirst().requestId());
    }
    byRequest.put(commit.change().requestId(), commit);
    oldestFirst.addLast(new Accepted(commit.change().requestId(), now));
  }
}
