package io.shield.internal.limit.counter;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What a request holds of concurrency limits until it is over. */
public final class Permit {
  private final BooleanSupplier over;
  private final List<Runnable> leave = new ArrayList<>();
  private boolean released;

  /**
   * @param over whether the request is over, though nobody may have said so; from any thread
   */
  public Permit(BooleanSupplier over) {
    this.over = over;
  }

  /** Notes how to give one up. Before the request goes on. */
  public void add(Runnable place) {
    leave.add(place);
  }

  /** Whether the request is over, though it may not have been released. From any thread. */
  boolean isOver() {
    return over.getAsBoolean();
  }

  /** Gives all up. Idempotent; from any thread. */
  public synchronized void release() {
    if (!released) {
      released = true;
      leave.forEach(Runnable::run);
    }
  }
}
