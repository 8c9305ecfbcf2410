package io.shield.simple.impl;

import io.shield.error.ShieldException;
import io.shield.internal.adoption.AdoptionEntries;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.VersionConflict;
import io.shield.simple.SimpleBackend;
import io.shield.simple.impl.DocumentStates.Found;
import io.shield.simple.impl.HeadState.Next;
import io.shield.simple.impl.Request.Page;
import io.shield.spi.AuditQuery;
import io.shield.spi.Capabilities;
import io.shield.spi.CommitResult;
import io.shield.spi.ShieldBackend;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a store of six methods by the protocol of the package {@code io.shield.simple}. */
public final class SimpleWriter implements ShieldBackend {
  static final Capabilities CAPABILITIES = new Capabilities(false, false, true);

  private static final Logger LOG = LoggerFactory.getLogger(SimpleWriter.class);

  /** How many entries others may have logged between those of a change that was cut short. */
  private static final int AUDIT_MARGIN = 1000;

  private final SimpleStore store;
  private final InstantSource clock;
  private final SerialQueue queue = new SerialQueue();

  /** What the store holds; null when that is not certain. Only touched in the queue. */
  private @Nullable Known known;

  /** What it held when that was last certain. Only touched in the queue. */
  private @Nullable Snapshot last;

  public SimpleWriter(SimpleBackend store, InstantSource clock) {
    this.store = new SimpleStore(store);
    this.clock = clock;
  }

  @Override
  public Future<Void> startup(Vertx vertx) {
    return queue.run(this::mend).mapEmpty();
  }

  @Override
  public Future<Head> head() {
    return store.head();
  }

  /** A store that can be read but not written, so not mended, is still read: as it was before. */
  @Override
  public Future<Snapshot> load() {
    return queue.run(
        () ->
            mend()
                .map(Known::snapshot)
                .recover(
                    failure -> store.snapshot().recover(again -> Future.failedFuture(failure))));
  }

  @Override
  public Future<CommitResult> commit(Change change) {
    return queue.run(() -> current().compose(now -> judge(now, change)));
  }

  private Future<CommitResult> judge(Known now, Change change) {
    Request earlier = now.find(change.requestId());
    if (earlier != null) {
      return Future.succeededFuture(new CommitResult.Accepted(earlier.commit(change)));
    }
    List<VersionConflict> conflicts = now.snapshot().conflicts(change);
    if (!conflicts.isEmpty()) {
      return Future.succeededFuture(new CommitResult.Conflict(now.head(), conflicts));
    }
    Journal journal = journal(now, change);
    return write(now, journal).map(written -> new CommitResult.Accepted(journal.commit()));
  }

  @Override
  public Future<List<AuditEntry>> auditLog(AuditQuery query) {
    return store.audit(query);
  }

  @Override
  public Capabilities capabilities() {
    return CAPABILITIES;
  }

  /** What the store holds, read again if somebody else moved its head. */
  private Future<Known> current() {
    Known believed = known;
    if (believed == null) {
      return mend();
    }
    return store
        .headState()
        .compose(
            found ->
                found.map(HeadState::head).filter(believed.head()::equals).isPresent()
                    ? Future.succeededFuture(believed)
                    : mend());
  }

  // ---- writing -----------------------------------------------------------------------------

  private Journal journal(Known now, Change change) {
    Commit commit = Commit.following(now.head(), randomId(), change);
    return Journal.of(commit, now.snapshot(), clock.instant());
  }

  private static String randomId() {
    return UUID.randomUUID().toString();
  }

  private Future<Known> write(Known now, Journal journal) {
    known = null;
    return store
        .write(journal.write())
        .compose(v -> complete(journal, now.requests(), Set.of()))
        .map(next -> remember(now.after(journal, next)))
        .compose(this::forgetExpired);
  }

  private Known remember(Known now) {
    known = now;
    last = now.snapshot();
    return now;
  }

  /** Everything after the journal; may be done again. */
  private Future<Next> complete(Journal journal, List<Request> requests, Set<String> logged) {
    Commit commit = journal.commit();
    Next next = Next.of(requests, journal);
    List<AuditEntry> missing =
        commit.change().audit().stream().filter(e -> !logged.contains(e.id())).toList();
    long version = commit.head().revision();
    return InOrder.each(
            commit.change().edits(), edit -> store.write(edit.key(), edit.value(), version))
        .compose(v -> InOrder.each(missing, store::writeAudit))
        .compose(v -> writePage(next))
        .compose(v -> store.write(next.state().write()))
        .recover(failure -> Future.failedFuture(unfinished(commit, failure)))
        .compose(v -> clearJournal())
        .map(next);
  }

  private Future<Void> writePage(Next next) {
    Page page = next.pushedOut();
    return page == null ? Future.succeededFuture() : store.write(page.write());
  }

  /** Never a refusal, which would promise that nothing was written. */
  private static StoreUnreachableException unfinished(Commit commit, Throwable failure) {
    return new StoreUnreachableException(
        commit.head() + " is begun and will be finished later: " + failure.getMessage(), failure);
  }

  /** A journal that stays is harmless: the head has its change, and the next one replaces it. */
  private Future<Void> clearJournal() {
    return store
        .remove(Journal.NAME)
        .recover(
            failure -> {
              LOG.debug("The journal was not cleared: {}", failure.getMessage());
              return Future.succeededFuture();
            });
  }

  private Future<Known> forgetExpired(Known now) {
    return InOrder.each(now.expired(clock.instant()), this::forget)
        .otherwiseEmpty()
        .map(v -> Objects.requireNonNull(known));
  }

  private Future<Void> forget(Page page) {
    return store
        .remove(page.name())
        .onSuccess(v -> known = Objects.requireNonNull(known).without(page));
  }

  // ---- mending -----------------------------------------------------------------------------

  /** Finishes what was begun, adopts what others wrote, and knows then what the store holds. */
  private Future<Known> mend() {
    known = null;
    return finishJournal().compose(v -> store.contents()).compose(this::withHead);
  }

  private Future<Void> finishJournal() {
    return store
        .journal()
        .compose(
            journal ->
                journal.isEmpty()
                    ? Future.succeededFuture()
                    : store.headState().compose(head -> finish(journal.get(), held(head))));
  }

  private HeadState held(Optional<HeadState> head) {
    return head.orElseThrow(this::lostHead);
  }

  private ShieldException lostHead() {
    return new ShieldException(
        "the store has lost its state '"
            + HeadState.NAME
            + "'"
            + (last == null ? "" : ", it was at " + last.head()));
  }

  private Future<Void> finish(Journal journal, HeadState head) {
    if (!journal.isPending(head.head())) {
      return clearJournal();
    }
    LOG.info("Finishing {}, which was cut short", journal.commit().head());
    int newest = journal.commit().change().audit().size() + AUDIT_MARGIN;
    return store
        .audit(AuditQuery.newest(Math.min(newest, AuditQuery.MAX_LIMIT)))
        .map(log -> log.stream().map(AuditEntry::id).collect(Collectors.toSet()))
        .compose(logged -> complete(journal, head.requests(), logged))
        .mapEmpty();
  }

  private Future<Known> withHead(Contents contents) {
    HeadState head = contents.head();
    if (head != null) {
      return adopt(contents, head, true);
    }
    if (last != null) {
      return Future.failedFuture(lostHead());
    }
    HeadState first = new HeadState(new Head(randomId(), 1, randomId()), List.of());
    return store.write(first.write()).compose(v -> adopt(contents, first, false));
  }

  private Future<Known> adopt(Contents contents, HeadState head, boolean audited) {
    Snapshot snapshot = contents.snapshot(head.head());
    Known now = new Known(snapshot, head.requests(), contents.pages());
    List<Found> foreign = contents.foreign(head.head());
    if (foreign.isEmpty()) {
      return Future.succeededFuture(remember(now));
    }
    LOG.info("Adopting {} documents that others wrote", foreign.size());
    return write(now, journal(now, adoption(foreign, snapshot, audited)));
  }

  private Change adoption(List<Found> foreign, Snapshot snapshot, boolean audited) {
    Instant at = clock.instant();
    List<Edit> edits = new ArrayList<>();
    List<AuditEntry> audit = new ArrayList<>();
    for (Found found : foreign) {
      edits.add(new Edit(found.key(), snapshot.version(found.key()), found.value()));
      AuditEntry entry =
          AdoptionEntries.of(
              found.key(), last == null ? null : last.value(found.key()), found.value(), at);
      if (entry != null && audited) {
        audit.add(entry);
      }
    }
    return new Change(randomId(), edits, audit);
  }

  /** Takes asynchronous steps one after the other, however many, without growing the stack. */
  private static final class InOrder {
    private InOrder() {}

    /** Succeeds after the last step; fails with the first that fails, and takes no further one. */
    static <T> Future<Void> each(Iterable<T> items, Function<T, Future<Void>> step) {
      Promise<Void> done = Promise.promise();
      next(items.iterator(), step, done);
      return done.future();
    }

    private static <T> void next(
        Iterator<T> items, Function<T, Future<Void>> step, Promise<Void> done) {
      while (items.hasNext()) {
        Future<Void> taken = step.apply(items.next());
        if (!taken.isComplete()) {
          taken.onSuccess(v -> next(items, step, done)).onFailure(done::fail);
          return;
        }
        if (taken.failed()) {
          done.fail(taken.cause());
          return;
        }
      }
      done.complete();
    }
  }
}
