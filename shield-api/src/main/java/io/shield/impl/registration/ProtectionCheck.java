package io.shield.impl.registration;

import io.shield.error.ShieldException;
import io.shield.internal.DeclaredProtection;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether handlers enforce what the code declares beside routes. */
public final class ProtectionCheck {
  private static final Logger LOG = LoggerFactory.getLogger(ProtectionCheck.class);

  /** How long an application may take to set up its routers after the engine has started. */
  private static final long SET_UP_MILLIS = 1000;

  private static final int SHOWN = 3;

  private final ContextInternal context;
  private final ContextInternal worker;
  private final DeclarationPlans declarations;

  /**
   * @param context where answers arrive
   * @param worker where routers are looked at, which may be large
   */
  public ProtectionCheck(
      ContextInternal context, ContextInternal worker, DeclarationPlans declarations) {
    this.context = context;
    this.worker = worker;
    this.declarations = declarations;
  }

  /** What the code declares and no handler enforces, a line for each. */
  public List<String> problems() {
    declarations.declared().refresh();
    return DeclaredProtection.problems(context.owner());
  }

  /** The same in one line; null if all is enforced. */
  public @Nullable String warning() {
    List<String> problems = problems();
    if (problems.isEmpty()) {
      return null;
    }
    List<String> first = problems.subList(0, Math.min(SHOWN, problems.size()));
    int more = problems.size() - first.size();
    return "declared protection does not stand: "
        + String.join("; ", first)
        + (more > 0 ? "; and " + more + " more" : "");
  }

  /**
   * Fails if the start is strict and something is not enforced, else tells of it a little later.
   */
  public Future<Void> check(boolean strict, BooleanSupplier closed) {
    return context.future(this::look).compose(problem -> judge(problem, strict, closed));
  }

  private void look(Completable<@Nullable String> answer) {
    worker.executeBlocking(this::warning).onComplete(answer);
  }

  private Future<Void> judge(@Nullable String problem, boolean strict, BooleanSupplier closed) {
    if (problem != null && strict) {
      return context.failedFuture(new ShieldException(problem));
    }
    if (problem != null && !closed.getAsBoolean()) {
      // Whoever starts the engine first sets up the routers in the same breath.
      context.setTimer(SET_UP_MILLIS, timer -> look((later, failure) -> tell(later)));
    }
    return context.succeededFuture();
  }

  private static void tell(@Nullable String problem) {
    if (problem != null) {
      LOG.error("{}", problem);
    }
  }
}
