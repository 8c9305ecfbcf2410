package io.shield.impl.replica;

import io.shield.internal.Meters;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.AuditQuery;
import io.shield.spi.CommitListener;
import io.shield.spi.CommitResult;
import io.shield.spi.Lineage;
import io.shield.spi.Lineage.Descent;
import io.shield.spi.Renewal;
import io.shield.spi.ShieldBackend;
import io.shield.spi.StoreUnreachableException;
import io.shield.spi.Subscription;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The engine's side of its backend. Every answer comes back to the engine's context, an exception
 * is an answer like any other, and what was opened is closed, however late it opened.
 */
public final class StoreLink {
  /** How long answers are waited for. */
  public record Patience(Duration head, Duration load, Duration close) {
    /** What suits a store on the network. */
    public static final Patience DEFAULT =
        new Patience(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(10));
  }

  private final ContextInternal context;
  private final ShieldBackend backend;
  private final Patience patience;
  private final Meters meters;
  private boolean started;
  private boolean closed;
  private @Nullable Promise<Void> opening;
  private @Nullable Subscription subscription;

  /** A link to a store that is not open yet. */
  public StoreLink(
      ContextInternal context, ShieldBackend backend, Patience patience, Meters meters) {
    this.context = context;
    this.backend = backend;
    this.patience = patience;
    this.meters = meters;
  }

  /** Whether it tells its commits by itself. */
  boolean pushes() {
    return backend.capabilities().push();
  }

  /** Whether an operator can begin a new epoch. */
  public boolean isRenewable() {
    return backend.capabilities().renewable();
  }

  /** Where a remote store is, or null. */
  public @Nullable String location() {
    return backend.location();
  }

  /** Tells the backend what this node holds from before. */
  void expect(Head held) {
    backend.expect(held);
  }

  /** Where the present epoch of the store comes from. */
  public Future<Lineage> lineage() {
    return within(patience.head, ask(backend::lineage));
  }

  /** Whether one head of the store came from an earlier one. */
  public Future<Descent> descent(Head earlier, Head later) {
    return within(patience.head, ask(() -> backend.descent(earlier, later)));
  }

  Future<Head> renew(Renewal renewal) {
    return within(patience.load, ask(() -> backend.renew(renewal)));
  }

  /** Starts the backend and subscribes to it; does only what earlier calls did not achieve. */
  Future<Void> open(CommitListener listener) {
    return closed
        ? context.failedFuture(EngineClosed.failure())
        : startup().compose(v -> subscribe(listener));
  }

  private Future<Void> startup() {
    if (started) {
      return context.succeededFuture();
    }
    return opening(ask(() -> backend.startup(context.owner())), v -> started = true);
  }

  private Future<Void> subscribe(CommitListener listener) {
    if (subscription != null || !pushes()) {
      return context.succeededFuture();
    }
    return opening(ask(() -> backend.subscribe(listener)), made -> subscription = made);
  }

  /** Waits for something to open, but not beyond {@link #close}; what opens later is released. */
  private <T> Future<Void> opening(Future<T> answer, Consumer<T> keep) {
    Promise<Void> opened = context.promise();
    opening = opened;
    answer
        .onSuccess(
            made -> {
              keep.accept(made);
              if (closed) {
                release();
              }
              opened.tryComplete();
            })
        .onFailure(opened::tryFail);
    return opened.future();
  }

  /** Whether a server stands between this node and the store. */
  public boolean isControlPlane() {
    return backend.isControlPlane();
  }

  /** Whether the store refuses this node. May be called from any thread. */
  public boolean isRefused() {
    return backend.isRefused();
  }

  /** What should be mended, or null. May be called from any thread. */
  public @Nullable String warning() {
    return backend.warning();
  }

  /** What the store cannot do now, or null. May be called from any thread. */
  public @Nullable String problem() {
    return backend.problem();
  }

  Future<Head> head() {
    return within(patience.head, ask(backend::head));
  }

  Future<Head> headNow() {
    return within(patience.head, ask(backend::headNow));
  }

  Future<Snapshot> load() {
    meters.loading();
    return within(patience.load, ask(backend::load));
  }

  /** Proposes a change. */
  public Future<CommitResult> commit(Change change) {
    return ask(() -> backend.commit(change)).onFailure(failure -> meters.storeFailed());
  }

  /** How many audit entries pass the filters. */
  public Future<Integer> auditCount(AuditQuery query) {
    return ask(() -> backend.auditCount(query));
  }

  /** Reads the audit log. */
  public Future<List<AuditEntry>> auditLog(AuditQuery query) {
    return ask(() -> backend.auditLog(query));
  }

  private <T> Future<T> within(Duration limit, Future<T> answer) {
    return answer
        .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .onSuccess(v -> meters.storeAnswered())
        .onFailure(failure -> meters.storeFailed())
        .recover(
            failure -> {
              boolean late = failure instanceof TimeoutException;
              String problem = "the store did not answer within " + limit.toMillis() + " ms";
              return context.failedFuture(
                  late ? new StoreUnreachableException(problem, failure) : failure);
            });
  }

  private <T> Future<T> ask(Supplier<Future<T>> question) {
    Promise<T> answer = context.promise();
    try {
      question.get().onComplete(answer);
    } catch (RuntimeException | LinkageError e) {
      answer.tryFail(e);
    }
    return answer.future();
  }

  /** Closes what is open, and later what is being opened. */
  Future<Void> close() {
    closed = true;
    if (opening != null) {
      opening.tryFail(EngineClosed.failure());
    }
    return release();
  }

  private Future<Void> release() {
    Subscription open = subscription;
    subscription = null;
    boolean wasStarted = started;
    started = false;
    Future<Void> cancelled = open == null ? context.succeededFuture() : ask(open::cancel);
    Future<Void> released =
        cancelled
            .otherwiseEmpty()
            .compose(v -> wasStarted ? ask(backend::shutdown) : context.succeededFuture());
    // A Vert.x that closes waits for this.
    return within(patience.close, released);
  }
}
