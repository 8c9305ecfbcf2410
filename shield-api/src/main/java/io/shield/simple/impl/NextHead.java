package io.shield.simple.impl;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The head after a journal's change. It depends on the head before and the journal only, so that it
 * is the same when the change is done again.
 *
 * @param state the head
 * @param pushedOut the request ids that found no room in it, or null; to be written before it
 */
record NextHead(HeadState state, @Nullable RequestPage pushedOut) {
  /** The head is written with every commit, so it must not grow with the ids of 15 minutes. */
  private static final int IDS_IN_HEAD = 50;

  static NextHead of(List<Request> before, Journal journal) {
    Request added = Request.of(journal.commit(), journal.at());
    if (before.size() >= IDS_IN_HEAD) {
      RequestPage page = RequestPage.at(journal.commit().head().revision(), before);
      return new NextHead(new HeadState(journal.commit().head(), List.of(added)), page);
    }
    List<Request> requests = new ArrayList<>(before);
    requests.add(added);
    return new NextHead(new HeadState(journal.commit().head(), requests), null);
  }
}
