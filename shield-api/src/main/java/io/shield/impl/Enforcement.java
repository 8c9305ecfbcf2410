package io.shield.impl;

import io.shield.impl.registration.DeclarationPlans;
import io.shield.impl.registration.DeclarationPlans.News;
import io.shield.impl.replica.Replica;
import io.shield.internal.gate.Gates;
import io.shield.internal.limit.RateLimiting;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is enforced on this node: the copy of the store and, laid over it, what the code declares
 * and the store does not hold yet. Thread-safe.
 */
final class Enforcement implements Replica.Compiler {
  /** From so many templates on, verdicts are compiled on a worker. */
  private static final int LARGE = 2000;

  private final ContextInternal context;
  private final Gates gates;
  private final RateLimiting limits;
  private final DeclarationPlans declarationPlans;
  private final boolean closedUntilLoaded;
  private Snapshot copy = Snapshot.empty(Head.NONE);
  private volatile Snapshot inForce = copy;

  /** The generation of the declarations in force. */
  private long generation;

  /** Counts how often something was put into force. */
  private long installs;

  Enforcement(
      ContextInternal context,
      Gates gates,
      RateLimiting limits,
      DeclarationPlans declarationPlans,
      boolean closedUntilLoaded) {
    this.context = context;
    this.gates = gates;
    this.limits = limits;
    this.declarationPlans = declarationPlans;
    this.closedUntilLoaded = closedUntilLoaded;
  }

  Snapshot inForce() {
    return inForce;
  }

  /** Enforces what the code declares anew from the next request on. */
  synchronized void declared(News news) {
    if (news.generation() <= generation) {
      return;
    }
    if (news.generation() != generation + 1 || declarationPlans.generation() != news.generation()) {
      declared();
      return;
    }
    Set<DocumentKey> changed = DeclarationPlans.spellings(news.keys());
    Snapshot shown = declarationPlans.over(copy, inForce, changed);
    gates.update(shown, changed);
    limiting(shown, changed).run();
    inForce = shown;
    generation = news.generation();
    installs++;
  }

  /** Enforces all that the code declares from the next request on. */
  synchronized void declared() {
    long current = declarationPlans.generation();
    Snapshot shown = declarationPlans.over(copy);
    gates.replace(shown, closedUntilLoaded && copy.head().equals(Head.NONE));
    limits.prepare(shown).run();
    inForce = shown;
    generation = current;
    installs++;
  }

  /**
   * Notes that all that is declared may be stored: then what is enforced is what the store holds,
   * and a snapshot with as much laid over it need not be kept. No verdict changes.
   */
  synchronized void settled() {
    if (generation == declarationPlans.generation() && declarationPlans.isSettled()) {
      gates.update(copy, Set.of());
      limits.prepareSame(copy).run();
      inForce = copy;
      installs++;
    }
  }

  @Override
  public Future<Runnable> prepare(Snapshot next, @Nullable Set<DocumentKey> changed) {
    return isLaborious(next, changed)
        ? context.executeBlocking(() -> compile(next, changed))
        : context.succeededFuture(compile(next, changed));
  }

  /** Compiling many verdicts takes time, and so does rescaling the counters of many keys. */
  private boolean isLaborious(Snapshot next, @Nullable Set<DocumentKey> changed) {
    if (changed == null) {
      return gates.size() >= LARGE || !next.policies().isEmpty();
    }
    return hasPolicy(changed) || (gates.size() >= LARGE && isWide(next, changed));
  }

  /** A route that is gone may be declared, and what is declared anew concerns all. */
  private static boolean isWide(Snapshot next, Set<DocumentKey> changed) {
    return changed.size() > LARGE
        || changed.stream()
            .anyMatch(
                key ->
                    key.kind() == DocumentKind.MAINTENANCE
                        || (key.kind() == DocumentKind.STATE && next.value(key) == null));
  }

  /**
   * What was in force when something was compiled upon it.
   *
   * @param isLevel whether all that is declared was in force
   * @param lost what of that was open since the new snapshot lacks it
   */
  private record Base(
      long installs, long generation, boolean isLevel, Snapshot shown, Set<DocumentKey> lost) {}

  private synchronized boolean isRenewed(Snapshot next) {
    Head held = copy.head();
    return !held.equals(Head.NONE) && !held.epoch().equals(next.head().epoch());
  }

  private synchronized Base base(Set<DocumentKey> lost) {
    long current = declarationPlans.generation();
    return new Base(installs, current, current == generation, inForce, lost);
  }

  /** Only if nothing else differs are the verdicts of all other documents those in force. */
  private Runnable compile(Snapshot next, @Nullable Set<DocumentKey> changed) {
    // Before it comes into force: what it lacks of the declarations stays closed.
    Set<DocumentKey> lost =
        isRenewed(next) ? declarationPlans.renewed() : declarationPlans.seekLost(next, changed);
    Base base = base(lost);
    Set<DocumentKey> known =
        base.isLevel && changed != null ? DeclarationPlans.spellings(changed) : null;
    Snapshot shown =
        known == null
            ? declarationPlans.over(next)
            : declarationPlans.over(next, base.shown, known);
    Gates.Prepared prepared =
        known == null ? gates.prepare(shown, false) : gates.prepare(shown, known);
    Runnable limiting = known == null ? limits.prepare(shown) : limiting(shown, known);
    return () -> install(next, shown, prepared, limiting, base);
  }

  private Runnable limiting(Snapshot shown, Set<DocumentKey> changed) {
    return hasPolicy(changed) ? limits.prepare(shown) : limits.prepareSame(shown);
  }

  private static boolean hasPolicy(Set<DocumentKey> changed) {
    return changed.stream().anyMatch(key -> key.kind() == DocumentKind.POLICY);
  }

  private synchronized void install(
      Snapshot next, Snapshot shown, Gates.Prepared prepared, Runnable limiting, Base base) {
    copy = next;
    declarationPlans.stillLost(next, base.lost);
    if (installs == base.installs && declarationPlans.generation() == base.generation) {
      gates.install(prepared);
      limiting.run();
      inForce = shown;
      generation = base.generation;
      installs++;
    } else {
      // Something else came into force or was declared meanwhile.
      declared();
    }
  }
}
