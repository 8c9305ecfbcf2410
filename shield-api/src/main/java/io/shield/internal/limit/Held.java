package io.shield.internal.limit;

import java.util.ArrayList;
import java.util.List;

/** The places that a request takes among those under way. */
final class Held {
  private final LimitCaller caller;
  private final List<Runnable> leave = new ArrayList<>();
  private boolean released;

  Held(LimitCaller caller) {
    this.caller = caller;
  }

  /** Notes how to give one up. Before the request goes on. */
  void add(Runnable place) {
    leave.add(place);
  }

  /** Whether the request is over, though it may not have been released. From any thread. */
  boolean isOver() {
    return caller.isOver();
  }

  /** Gives all up. Idempotent; from any thread. */
  synchronized void release() {
    if (!released) {
      released = true;
      leave.forEach(Runnable::run);
    }
  }
}
