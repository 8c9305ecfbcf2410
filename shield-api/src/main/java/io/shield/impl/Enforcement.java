package io.shield.impl;

import io.shield.internal.Gates;
import io.shield.internal.limit.RateLimiting;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is enforced on this node: the copy of the store and, laid over it, what the code declares
 * and the store does not hold yet. Thread-safe.
 */
final class Enforcement {
  private final Gates gates;
  private final RateLimiting limits;
  private final Registrar registrar;
  private final boolean closedUntilLoaded;
  private Snapshot copy = Snapshot.empty(Head.NONE);
  private volatile Snapshot inForce = copy;

  Enforcement(Gates gates, RateLimiting limits, Registrar registrar, boolean closedUntilLoaded) {
    this.gates = gates;
    this.limits = limits;
    this.registrar = registrar;
    this.closedUntilLoaded = closedUntilLoaded;
  }

  Snapshot inForce() {
    return inForce;
  }

  /** Enforces what the code declares from the next request on. */
  synchronized void declared() {
    inForce = registrar.over(copy);
    gates.replace(inForce, closedUntilLoaded && copy.head().equals(Head.NONE));
    limits.prepare(inForce).run();
  }

  /**
   * Compiles what follows from a new copy. May be called on a worker.
   *
   * @param changed the documents in which it differs from the copy, or null if any may
   * @return what puts it into force
   */
  Runnable prepare(Snapshot next, @Nullable Set<DocumentKey> changed) {
    long generation = registrar.generation();
    Snapshot shown = registrar.over(next);
    Gates.Prepared prepared =
        changed == null ? gates.prepare(shown, false) : gates.prepare(shown, changed);
    Runnable limiting = limits.prepare(shown);
    return () -> install(next, shown, prepared, limiting, generation);
  }

  private synchronized void install(
      Snapshot next, Snapshot shown, Gates.Prepared prepared, Runnable limiting, long generation) {
    copy = next;
    if (registrar.generation() == generation) {
      gates.install(prepared);
      limiting.run();
      inForce = shown;
    } else {
      // More was declared meanwhile.
      declared();
    }
  }
}
