package io.shield.impl.registration;

import io.shield.error.OutcomeUnknownException;
import io.shield.impl.change.Committer;
import io.shield.model.store.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores what the code declares: one commit of bounded size at a time, none if nothing is new,
 * again if it fails.
 */
public final class DeclarationWriter {
  private static final Logger LOG = LoggerFactory.getLogger(DeclarationWriter.class);
  private static final Duration REMIND = Duration.ofHours(1);
  private static final long RETRY_MILLIS = 1000;

  private final ContextInternal context;
  private final DeclarationPlans declarationPlans;
  private final Committer committer;
  private final Supplier<Snapshot> held;
  private final Runnable enforcement;
  private final Runnable settled;
  private final long reminder;
  private @Nullable Future<Void> underWay;
  private @Nullable String lastProblem;
  private boolean retrying;
  private boolean toldNameless;
  private boolean closed;

  /**
   * @param held tells what this node holds of the store
   * @param enforcement enforces what is declared where the store does not decide
   * @param settled is told when all that is declared was stored
   */
  public DeclarationWriter(
      ContextInternal context,
      DeclarationPlans declarationPlans,
      Committer committer,
      Supplier<Snapshot> held,
      Runnable enforcement,
      Runnable settled) {
    this.context = context;
    this.declarationPlans = declarationPlans;
    this.committer = committer;
    this.held = held;
    this.enforcement = enforcement;
    this.settled = settled;
    this.reminder = context.setPeriodic(REMIND.toMillis(), timer -> remind());
  }

  /** Succeeds when nothing is being stored now, whatever came of it. */
  public Future<Void> idle() {
    return underWay == null ? context.succeededFuture() : underWay.otherwiseEmpty();
  }

  /** Stores what is declared now, unless that failed a moment ago; succeeds in any case. */
  public Future<Void> attempt() {
    return retrying ? idle() : register().otherwiseEmpty();
  }

  /** Stores what is declared now. */
  public Future<Void> register() {
    if (closed || declarationPlans.isSettled()) {
      return context.succeededFuture();
    }
    if (underWay != null) {
      return underWay;
    }
    warnIfNameless();
    Promise<Void> done = context.promise();
    underWay = done.future();
    store()
        .onComplete(
            result -> {
              underWay = null;
              if (result.failed()) {
                if (result.cause() instanceof OutcomeUnknownException) {
                  declarationPlans.askForLess();
                }
                retryAfter(result.cause());
              }
              done.handle(result);
            });
    return done.future();
  }

  private void warnIfNameless() {
    if (!toldNameless && declarationPlans.isNameless()) {
      toldNameless = true;
      LOG.warn(
          "This process declares routes at a Shield Server and does not say of which service: they"
              + " are one with those of the same name of every process that does not. Set"
              + " SHIELD_APP_ID, or ShieldOptions.setService");
    }
  }

  private Future<Void> store() {
    long generation = declarationPlans.generation();
    return committer
        .submit(declarationPlans::plan)
        .compose(
            v -> {
              long before = declarationPlans.generation();
              boolean stored = declarationPlans.settle(generation, held.get());
              if (declarationPlans.generation() != before) {
                enforcement.run();
              }
              if (!stored) {
                return store();
              }
              settled.run();
              return context.succeededFuture();
            });
  }

  private void retryAfter(Throwable failure) {
    if (closed || retrying) {
      return;
    }
    String problem = String.valueOf(failure.getMessage());
    if (!problem.equals(lastProblem)) {
      LOG.warn("Declared routes are enforced but not stored yet: {}", problem);
    }
    lastProblem = problem;
    retrying = true;
    context.setTimer(
        RETRY_MILLIS,
        timer -> {
          retrying = false;
          register();
        });
  }

  /** Says once a day that the routes are still declared. */
  private void remind() {
    committer
        .submit(declarationPlans::reminder)
        .onFailure(failure -> LOG.debug("Cannot record what is declared now", failure));
  }

  public void close() {
    closed = true;
    context.owner().cancelTimer(reminder);
  }
}
