package io.shield.backend.cluster.impl;

import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.Head;
import io.shield.spi.RecentCommits;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which requests were accepted lately, oldest first. Used on one event loop. */
final class Requests {
  /**
   * An accepted request. What was asked for is not kept: who repeats it brings it along.
   *
   * @param id the request id
   * @param head where it put the store
   * @param predecessor the commit before it
   * @param at when, by the clock of the member that committed it
   */
  record Accepted(String id, Head head, String predecessor, Instant at) {}

  private final Map<String, Accepted> byId = new LinkedHashMap<>();

  Requests(List<Accepted> accepted) {
    accepted.forEach(each -> byId.put(each.id(), each));
  }

  void add(Accepted accepted) {
    byId.put(accepted.id(), accepted);
    Instant limit = accepted.at().minus(RecentCommits.RETENTION);
    for (var oldest = byId.values().iterator(); oldest.hasNext(); ) {
      if (!oldest.next().at().isBefore(limit) && byId.size() <= RecentCommits.MOST) {
        return;
      }
      oldest.remove();
    }
  }

  /** The commit that a change was accepted as, or null if that is not remembered. */
  @Nullable Commit find(Change change) {
    Accepted accepted = byId.get(change.requestId());
    if (accepted == null) {
      return null;
    }
    Head head = accepted.head();
    Head before = new Head(head.epoch(), head.revision() - 1, accepted.predecessor());
    return Commit.following(before, head.commitId(), change);
  }

  List<Accepted> all() {
    return List.copyOf(byId.values());
  }
}
