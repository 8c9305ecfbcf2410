package io.shield.simple.impl;

import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.simple.impl.HeadState.Next;
import io.shield.simple.impl.Request.Page;
import io.shield.spi.RecentCommits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the writing process knows of its store between two calls.
 *
 * @param snapshot every document
 * @param requests the request ids that the head holds
 * @param pages the request ids that it holds no more
 */
record Known(Snapshot snapshot, List<Request> requests, List<Page> pages) {
  Known {
    requests = List.copyOf(requests);
    pages = List.copyOf(pages);
  }

  Head head() {
    return snapshot.head();
  }

  /** The accepted request of an id, or null. */
  @Nullable Request find(String id) {
    return Stream.concat(
            requests.stream(), pages.stream().flatMap(page -> page.requests().stream()))
        .filter(request -> request.id().equals(id))
        .findAny()
        .orElse(null);
  }

  /** What is known after a commit. */
  Known after(Journal journal, Next next) {
    List<Page> grown = new ArrayList<>(pages);
    if (next.pushedOut() != null) {
      grown.add(next.pushedOut());
    }
    return new Known(snapshot.apply(journal.commit()), next.state().requests(), grown);
  }

  /** The pages whose ids need not be remembered any more. */
  List<Page> expired(Instant now) {
    Instant limit = now.minus(RecentCommits.RETENTION);
    return pages.stream().filter(page -> page.isOlderThan(limit)).toList();
  }

  Known without(Page page) {
    return new Known(
        snapshot, requests, pages.stream().filter(other -> !other.equals(page)).toList());
  }
}
