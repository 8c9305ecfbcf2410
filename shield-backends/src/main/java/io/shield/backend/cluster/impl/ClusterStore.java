package io.shield.backend.cluster.impl;

import io.shield.error.ShieldException;
import io.shield.internal.StoreText;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.VersionConflict;
import io.shield.model.store.Versioned;
import io.shield.spi.AuditQuery;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitResult;
import io.shield.spi.Lineage;
import io.shield.spi.Lineage.Descent;
import io.shield.spi.Renewal;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store: what this member makes of the log, and how it appends to it. Its methods are called
 * one after the other, each when the future of the one before has completed, on one event loop.
 */
final class ClusterStore {
  /** What others are told. */
  interface Ear {
    /** A commit was taken in. */
    void committed(Commit commit);

    /** Something else changed. */
    void outdated();

    /** An entry was appended by this member. */
    void appended(Entry entry, @Nullable String predecessor);
  }

  /** Appended, but not yet known to last. */
  private record Pending(Entry.Made entry, long since) {}

  private static final Logger LOG = LoggerFactory.getLogger(ClusterStore.class);

  /** So often others may be faster with one change before it is given up. */
  private static final int MAX_TURNS = 500;

  private final CommitLog log;
  private final LogReader reader;
  private final Membership membership;
  private final Members members;
  private final Keeper keeper;
  private final InstantSource clock;
  private final int auditLimit;
  private final Ear ear;
  private @Nullable View mine;
  private @Nullable Found strange;
  private @Nullable Pending pending;

  /** The head of what was loaded last, if its documents are not those of that head. */
  private @Nullable Head unlike;

  private Head known;
  private long examined = -1;

  /**
   * @param known the head this node holds from before, or {@link Head#NONE}
   */
  ClusterStore(
      Cluster cluster,
      CommitLog log,
      LogReader reader,
      Members members,
      Keeper keeper,
      InstantSource clock,
      int auditLimit,
      Head known,
      Ear ear) {
    this.log = log;
    this.reader = reader;
    this.membership = cluster.membership();
    this.members = members;
    this.keeper = keeper;
    this.clock = clock;
    this.auditLimit = auditLimit;
    this.known = known;
    this.ear = ear;
  }

  Future<Head> head() {
    return current().map(v -> strange != null ? strange.head() : held().head());
  }

  Future<Snapshot> load() {
    return current()
        .map(
            v -> {
              unlike = strange == null ? null : strange.beyond();
              return strange != null ? strange.snapshot() : held().snapshot();
            });
  }

  Future<Lineage> lineage() {
    return current()
        .map(
            v -> {
              View view = strange != null ? strange.view() : held();
              return view == null || unlike != null
                  ? new Lineage(Head.NONE.epoch(), List.of())
                  : new Lineage(view.head().epoch(), view.ancestors());
            });
  }

  Future<Descent> descent(Head earlier, Head later) {
    return current()
        .map(
            v ->
                later.equals(unlike)
                    ? Descent.DENIED
                    : (strange != null ? strange : new Found(held(), null))
                        .descent(earlier, later));
  }

  Future<List<AuditEntry>> auditLog(AuditQuery query) {
    return current()
        .map(
            v -> {
              View view = strange != null ? strange.view() : held();
              return view == null ? List.of() : view.auditLog(query);
            });
  }

  private View held() {
    View view = mine;
    if (view == null) {
      throw new IllegalStateException("the log was not read");
    }
    return view;
  }

  /** Draws level with the log, or finds out that it is not to be believed. */
  Future<Void> current() {
    if (mine == null || strange != null) {
      return read();
    }
    Future<Void> level = membership.changes() == examined ? refresh() : examine();
    return level.compose(v -> strange == null ? settlePending(null).otherwiseEmpty() : settled());
  }

  /** Reads the whole log. */
  private Future<Void> read() {
    long changes = membership.changes();
    return reader
        .read()
        .compose(
            found -> {
              if (found.isEmpty() && known.equals(Head.NONE)) {
                return begin();
              }
              if (found.followsFrom(known)) {
                examined = changes;
                believe(found);
                return Future.succeededFuture();
              }
              if (known.equals(Head.NONE)) {
                return Future.failedFuture(
                    new StoreUnreachableException(
                        "entries of the log are missing or do not follow each other: waiting for a"
                            + " member that knows them, or for what an operator decides there",
                        null));
              }
              strange = found;
              return Future.succeededFuture();
            });
  }

  private void believe(Found found) {
    View view = found.view();
    if (view == null) {
      return;
    }
    strange = null;
    replace(view);
  }

  private void replace(View view) {
    if (!view.head().epoch().equals(known.epoch())) {
      members.reset(view.members());
    }
    mine = view;
    known = view.head();
  }

  private Future<Void> begin() {
    long changes = membership.changes();
    String problem = members.missing(1);
    if (problem != null) {
      return Future.failedFuture(new StoreUnreachableException(problem, null));
    }
    Snapshot empty = Snapshot.empty(new Head(randomId(), 1, randomId()));
    Entry.Begun begun = Entry.Begun.of(View.begun(empty, List.of(), membership.size(), List.of()));
    return append(1, begun)
        .compose(
            other -> {
              if (other != null) {
                return read();
              }
              examined = changes;
              replace(View.of(begun, 1, auditLimit));
              return Future.succeededFuture();
            });
  }

  private static String randomId() {
    return UUID.randomUUID().toString();
  }

  /**
   * Appends an entry.
   *
   * @return null if it is there to last, else the other text that is there; fails if neither is
   *     certain
   */
  private Future<@Nullable String> append(long number, Entry entry) {
    long changes = membership.changes();
    return log.putIfAbsent(LogKey.commit(number), entry.text())
        .recover(
            e ->
                Future.failedFuture(
                    unknown(
                        e instanceof ShieldException
                            ? String.valueOf(e.getMessage())
                            : "the cluster did not answer",
                        e)))
        .compose(
            there -> {
              if (there != null && !there.equals(entry.text())) {
                return Future.succeededFuture(there);
              }
              View view = mine;
              String missing = members.missing(view == null ? 1 : view.members());
              boolean decides = membership.decides() && !isDecision(entry);
              if (decides && (missing != null || membership.changes() != changes)) {
                return Future.failedFuture(
                    unknown(missing == null ? "members came or went meanwhile" : missing, null));
              }
              return Future.succeededFuture();
            });
  }

  private static boolean isDecision(Entry entry) {
    return entry instanceof Entry.Made made && Members.decided(made.commit().change()) != null;
  }

  private static StoreUnreachableException unknown(String why, @Nullable Throwable cause) {
    return new StoreUnreachableException("it is not known yet whether it lasts: " + why, cause);
  }

  /** Sees whether the last entry is still there, and takes in those that follow. */
  private Future<Void> refresh() {
    View view = held();
    Future<@Nullable String> own = log.get(LogKey.commit(view.number()));
    Future<@Nullable String> next = log.get(LogKey.commit(view.next()));
    String expected = view.text();
    return Future.all(own, next)
        .compose(
            both -> {
              if (!isSame(expected, own.result())) {
                return examine();
              }
              String text = next.result();
              return text == null || isPending(text) || !follow(view.next(), text)
                  ? settled()
                  : refresh();
            });
  }

  private Future<Void> settled() {
    return Future.succeededFuture();
  }

  private static boolean isSame(String expected, @Nullable String found) {
    return expected.isEmpty() || expected.equals(found);
  }

  /** Its own entry is no proof yet: it may be there on one side of a split only. */
  private boolean isPending(String text) {
    return pending != null && pending.entry().text().equals(text);
  }

  /** Takes in an entry; one that does not follow shows that this is another log. */
  private boolean follow(long number, String text) {
    View view = held();
    Entry entry;
    try {
      entry = Entry.read(LogKey.commit(number), text);
    } catch (ShieldException e) {
      LOG.error("The entry {} of the log cannot be read: {}", number, e.getMessage());
      examined = -1;
      return false;
    }
    if (!view.precedes(entry)) {
      alarm(new Found(view, entry.head()));
      return false;
    }
    if (entry instanceof Entry.Made made) {
      take(made);
    } else {
      replace(View.of((Entry.Begun) entry, number, auditLimit));
      ear.outdated();
    }
    return true;
  }

  private void take(Entry.Made made) {
    View view = held();
    view.apply(made);
    known = view.head();
    Integer decided = Members.decided(made.commit().change());
    if (decided != null) {
      members.reset(decided);
    }
    ear.committed(made.commit());
  }

  private void alarm(Found found) {
    strange = found;
    LOG.error(
        "The log of the cluster is not what became of what this member knows: it is {}, this member"
            + " is {}",
        StoreText.at(found.head()),
        StoreText.at(known));
    ear.outdated();
  }

  /** Compares all that this member knows with the log, and puts back what is missing there. */
  private Future<Void> examine() {
    long changes = membership.changes();
    return reader
        .read()
        .compose(
            found -> {
              View view = held();
              View other = found.view();
              if (found.followsFrom(view.head())) {
                return catchUp(found);
              }
              boolean shorter = other == null || view.followsFrom(other.head());
              if (!shorter) {
                alarm(found);
                return settled();
              }
              if (members.missing(view.members()) != null) {
                return settled();
              }
              return keeper.putBack(view).compose(v -> reader.read()).compose(this::recheck);
            })
        .onSuccess(v -> examined = changes);
  }

  private Future<Void> recheck(Found found) {
    if (found.followsFrom(held().head())) {
      return catchUp(found);
    }
    alarm(found);
    return settled();
  }

  /** The log is where this member is, or further. */
  private Future<Void> catchUp(Found found) {
    View view = held();
    View other = found.view();
    if (other == null) {
      return settled();
    }
    if (!other.head().equals(view.head())) {
      if (isPending(other.text())) {
        return settled();
      }
      advance(other);
    }
    return members.missing(view.members()) == null ? keeper.putBack(held()) : settled();
  }

  /** Takes in what others appended, one commit after the other as far as the log still has them. */
  private void advance(View other) {
    for (String text : List.copyOf(other.tail().tailMap(held().next()).values())) {
      Entry entry = Entry.read("the log", text);
      if (entry instanceof Entry.Made made && held().precedes(made)) {
        take(made);
      }
    }
    if (!held().head().equals(other.head())) {
      replace(other);
      ear.outdated();
    }
  }

  /** Takes in what a member has told, if it fits; looks at the log otherwise. */
  Future<Void> heard(Head head, @Nullable String text) {
    View view = mine;
    if (view == null || strange != null) {
      ear.outdated();
      return settled();
    }
    boolean old =
        head.epoch().equals(view.head().epoch()) && head.revision() <= view.head().revision();
    if (old || (text != null && isPending(text))) {
      return settled();
    }
    if (text != null) {
      try {
        Entry entry = Entry.read("message", text);
        if (entry instanceof Entry.Made made && view.precedes(made)) {
          take(made);
          return settled();
        }
      } catch (ShieldException e) {
        LOG.warn("A message of another member is not understood: {}", e.getMessage());
      }
    }
    return refresh();
  }

  Future<CommitResult> commit(Change change) {
    Future<Void> ready = mine == null || strange != null ? read() : settled();
    return ready.recover(e -> Future.failedFuture(unsent(e))).compose(v -> attempt(change, 1));
  }

  /** Nothing of the change was sent. */
  private static Throwable unsent(Throwable e) {
    return e instanceof ShieldException && !(e instanceof StoreUnreachableException)
        ? e
        : new StoreUnreachableException(String.valueOf(e.getMessage()), e, true);
  }

  private Future<CommitResult> attempt(Change change, int turn) {
    if (strange != null) {
      return refused(StoreText.unlike(strange.head(), known));
    }
    if (turn > MAX_TURNS) {
      return refused("others change the store all the time, try again");
    }
    return settlePending(change)
        .compose(v -> strange != null ? attempt(change, turn) : check(change, turn));
  }

  private Future<CommitResult> check(Change change, int turn) {
    View view = held();
    Commit earlier = view.accepted(change);
    if (earlier != null) {
      return Future.succeededFuture(new CommitResult.Accepted(earlier));
    }
    Integer decided = Members.decided(change);
    String missing = members.missing(view.members(), decided);
    if (missing != null) {
      return Future.failedFuture(new StoreUnreachableException(missing, null, true));
    }
    if (!view.snapshot().conflicts(change).isEmpty()) {
      return refresh()
          .recover(e -> Future.failedFuture(unsent(e)))
          .compose(v -> conflict(change, turn));
    }
    String expected = view.text();
    return log.get(LogKey.commit(view.number()))
        .recover(e -> Future.failedFuture(unsent(e)))
        .compose(
            there ->
                isSame(expected, there)
                    ? propose(change, decided, turn)
                    : examine()
                        .recover(e -> Future.failedFuture(unsent(e)))
                        .compose(v -> attempt(change, turn + 1)));
  }

  private Future<CommitResult> conflict(Change change, int turn) {
    View view = held();
    List<VersionConflict> conflicts = view.snapshot().conflicts(change);
    boolean certain = strange == null && !conflicts.isEmpty() && view.accepted(change) == null;
    return certain
        ? Future.succeededFuture(new CommitResult.Conflict(view.head(), conflicts))
        : attempt(change, turn + 1);
  }

  private Future<CommitResult> propose(Change change, @Nullable Integer decided, int turn) {
    View view = held();
    Commit commit = Commit.following(view.head(), randomId(), change);
    int seen = decided == null ? members.most(view.members()) : decided;
    Entry.Made made = Entry.Made.of(commit, clock.instant().truncatedTo(ChronoUnit.MICROS), seen);
    Pending proposal = new Pending(made, System.nanoTime());
    return append(view.next(), made)
        .onFailure(e -> pending = proposal)
        .compose(
            other -> {
              if (other != null) {
                follow(view.next(), other);
                return attempt(change, turn + 1);
              }
              accepted(made);
              return Future.succeededFuture(new CommitResult.Accepted(commit));
            });
  }

  private void accepted(Entry.Made made) {
    take(made);
    ear.appended(made, made.commit().predecessor());
    if (held().isAtBase()) {
      keeper.compact(held());
    }
  }

  /**
   * Finds out what became of an entry that may or may not have been appended, once the members have
   * been the same for so long that a split would have been noticed: by appending it again.
   */
  private Future<Void> settlePending(@Nullable Change next) {
    Pending open = pending;
    if (open == null) {
      return settled();
    }
    View view = held();
    Entry.Made made = open.entry();
    if (!view.precedes(made)) {
      pending = null;
      return settled();
    }
    String asked = next == null ? "" : next.requestId();
    boolean unsent = !made.commit().change().requestId().equals(asked);
    if (!membership.isStableSince(open.since())) {
      return Future.failedFuture(
          new StoreUnreachableException(
              "it is not known yet whether the change before this one lasts", null, unsent));
    }
    return append(view.next(), made)
        .recover(e -> Future.failedFuture(unsent ? unsent(e) : e))
        .compose(
            other -> {
              pending = null;
              if (other == null) {
                accepted(made);
              } else {
                follow(view.next(), other);
              }
              return settled();
            });
  }

  private static <T> Future<T> refused(String problem) {
    return Future.failedFuture(new ChangeRefusedException(problem, null));
  }

  Future<Head> renew(Renewal renewal) {
    return reader.read().compose(found -> renew(renewal, found));
  }

  private Future<Head> renew(Renewal renewal, Found found) {
    if (!found.head().equals(renewal.found())) {
      return refused("the store has changed since it was looked at, try again");
    }
    int present = membership.size();
    String missing = members.missing(present);
    if (missing != null) {
      return refused(missing);
    }
    Entry.Begun begun = begun(renewal, found, present);
    long number = found.free();
    return log.removeBroken(LogKey.commit(number))
        .compose(v -> append(number, begun))
        .compose(
            other -> {
              if (other != null) {
                return refused("the store has changed since it was looked at, try again");
              }
              strange = null;
              pending = null;
              replace(View.of(begun, number, auditLimit));
              ear.appended(begun, null);
              ear.outdated();
              return Future.succeededFuture(begun.head());
            });
  }

  private static Entry.Begun begun(Renewal renewal, Found found, int present) {
    Head parent = renewal.parent();
    long revision = Math.max(parent.revision(), found.head().revision()) + 1;
    Head next = new Head(randomId(), revision, randomId());
    View view = found.view();
    Snapshot content;
    if (renewal.content() != null) {
      content = rewritten(renewal.content(), next);
    } else {
      content = view == null ? Snapshot.empty(next) : Snapshot.of(next, view.snapshot().content());
    }
    AuditEntry entry = renewal.entry();
    return Entry.Begun.of(
        view == null
            ? View.begun(
                content, List.of(parent.epoch()), present, List.of(entry.withRevision(revision)))
            : view.renewed(content, parent.epoch(), present, entry));
  }

  /** The same documents, written anew. */
  private static Snapshot rewritten(Snapshot content, Head head) {
    Map<DocumentKey, Versioned<?>> documents = new LinkedHashMap<>();
    content
        .content()
        .forEach(
            (key, found) -> documents.put(key, new Versioned<>(found.value(), head.revision())));
    return Snapshot.of(head, documents);
  }
}
