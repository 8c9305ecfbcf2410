package io.shield.spi;

import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.Head;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers by request id which changes were accepted, so that a repeated one commits once. Of each
 * only its place in the history is kept: who repeats a change brings it along. Not thread-safe.
 */
public final class RecentCommits {
  /** How long an id is remembered, unless more than {@link #MOST} came meanwhile. */
  public static final Duration RETENTION = Duration.ofMinutes(15);

  /**
   * How many ids are remembered at most: those of the last ten minutes at up to 100 commits a
   * second. A repetition of an older one is judged like any change, and conflicts with what it made
   * itself.
   */
  public static final int MOST = 60_000;

  private record Accepted(Head head, String predecessor, Instant at) {}

  private final InstantSource clock;

  /** By request id, the oldest first. */
  private final Map<String, Accepted> byRequest = new LinkedHashMap<>();

  public RecentCommits(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * The commit of a change that was accepted before, or null if its request id is not remembered.
   * If the id was another change's, the answer has that one's head.
   */
  public @Nullable Commit find(Change change) {
    Accepted accepted = byRequest.get(change.requestId());
    if (accepted == null) {
      return null;
    }
    Head head = accepted.head();
    Head before = new Head(head.epoch(), head.revision() - 1, accepted.predecessor());
    return Commit.following(before, head.commitId(), change);
  }

  /** Remembers an accepted commit, and forgets those past their time and those too many. */
  public void add(Commit commit) {
    Instant now = clock.instant();
    byRequest.put(
        commit.change().requestId(), new Accepted(commit.head(), commit.predecessor(), now));
    Instant limit = now.minus(RETENTION);
    for (var oldest = byRequest.values().iterator(); oldest.hasNext(); ) {
      if (!oldest.next().at().isBefore(limit) && byRequest.size() <= MOST) {
        return;
      }
      oldest.remove();
    }
  }
}
