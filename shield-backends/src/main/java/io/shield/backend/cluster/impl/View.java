package io.shield.backend.cluster.impl;

import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Commit;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.AuditQuery;
import io.shield.spi.Lineage.Descent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one member makes of the log up to an entry, and the texts of the entries since the last
 * base, to compare them with the log and to put them back. Used on one event loop.
 */
final class View {
  /** So many revisions lie between two bases where there are few documents. */
  private static final int BASE_EVERY = 256;

  /**
   * A base costs as much as there are documents. Where there are many, at most twice so many come
   * to each revision between two bases, so that a commit's part of that does not grow with them.
   */
  private static final int DOCUMENTS_EACH = 16;

  /** So many commit ids are remembered, to tell a log that was set back. */
  private static final int IDS = 1000;

  private static final int MAX_ANCESTORS = 50;

  private final int auditLimit;
  private final Deque<AuditEntry> audit;
  private final Requests requests;
  private final NavigableMap<Long, String> ids;
  private final List<String> ancestors;
  private final SortedMap<Long, String> tail = new TreeMap<>();
  private @Nullable Base base;

  /** The number of the last base but one, or where this view begins. */
  private long former;

  private Snapshot snapshot;
  private int members;
  private long number;
  private String text;

  private View(Base from, long number, String text, int auditLimit) {
    this.snapshot = from.snapshot();
    this.ancestors = List.copyOf(from.ancestors());
    this.members = from.members();
    this.audit = new ArrayDeque<>(from.audit());
    this.requests = new Requests(from.requests());
    this.ids = new TreeMap<>(from.ids());
    this.number = number;
    this.former = number;
    this.text = text;
    this.auditLimit = auditLimit;
  }

  /**
   * What a base says.
   *
   * @param text of the entry that it goes up to
   */
  static View of(Base base, String text, int auditLimit) {
    View view = new View(base, base.snapshot().head().revision(), text, auditLimit);
    view.base = base;
    return view;
  }

  /** What an epoch begins with, written under this number. */
  static View of(Entry.Begun begun, long number, int auditLimit) {
    View view = new View(begun.base(), number, begun.text(), auditLimit);
    view.tail.put(number, begun.text());
    return view;
  }

  Head head() {
    return snapshot.head();
  }

  Snapshot snapshot() {
    return snapshot;
  }

  List<String> ancestors() {
    return ancestors;
  }

  /** The most members that the epoch has seen. */
  int members() {
    return members;
  }

  /** The number of the last entry. */
  long number() {
    return number;
  }

  /** The text of the last entry. */
  String text() {
    return text;
  }

  /** The number that the next entry has. */
  long next() {
    return head().revision() + 1;
  }

  /** The last base, or null if the log still has its begin. */
  @Nullable Base base() {
    return base;
  }

  /**
   * The number from which on the log is needed: the base before the last one is kept, in case that
   * is lost.
   */
  long oldestNeeded() {
    return former;
  }

  /** The entries since the last base, by their numbers. */
  SortedMap<Long, String> tail() {
    return tail;
  }

  @Nullable Commit accepted(io.shield.model.store.Change change) {
    return requests.find(change);
  }

  /** Whether an entry follows directly, in this epoch or with one that descends from it. */
  boolean precedes(Entry entry) {
    if (entry instanceof Entry.Made made) {
      return snapshot.precedes(made.commit());
    }
    return ((Entry.Begun) entry).base().ancestors().contains(head().epoch());
  }

  /** Takes in a commit that follows. */
  void apply(Entry.Made made) {
    Commit commit = made.commit();
    snapshot = snapshot.apply(commit);
    Head head = commit.head();
    commit.change().audit().forEach(this::log);
    requests.add(
        new Requests.Accepted(commit.change().requestId(), head, commit.predecessor(), made.at()));
    ids.put(head.revision(), head.commitId());
    while (ids.size() > IDS) {
      ids.pollFirstEntry();
    }
    boolean decided = commit.change().edits().stream().map(Edit::key).anyMatch(Members::isDecision);
    members = decided ? made.members() : Math.max(members, made.members());
    number = head.revision();
    text = made.text();
    if (head.revision() % revisionsBetweenBases() == 0) {
      former = base == null ? former : base.snapshot().head().revision();
      base = toBase();
      tail.clear();
    } else {
      tail.put(number, text);
    }
  }

  /** A power of two, the same for every member at the same revision. */
  private int revisionsBetweenBases() {
    int documents =
        snapshot.states().size() + snapshot.policies().size() + snapshot.documents().size();
    return Math.max(BASE_EVERY, Integer.highestOneBit(documents / DOCUMENTS_EACH));
  }

  /** Whether the last entry was one that a base goes up to. */
  boolean isAtBase() {
    return base != null && base.snapshot().head().equals(head());
  }

  private void log(AuditEntry entry) {
    audit.addFirst(entry);
    if (audit.size() > auditLimit) {
      audit.removeLast();
    }
  }

  private Base toBase() {
    return new Base(
        snapshot, ancestors, members, List.copyOf(audit), requests.all(), new TreeMap<>(ids));
  }

  /** What a new epoch that follows this one begins with. */
  Base renewed(Snapshot content, String parentEpoch, int present, AuditEntry entry) {
    Head next = content.head();
    List<AuditEntry> entries = new ArrayList<>(List.of(entry.withRevision(next.revision())));
    entries.addAll(audit);
    NavigableMap<Long, String> own = new TreeMap<>();
    own.put(next.revision(), next.commitId());
    return new Base(
        content,
        descent(parentEpoch, head().epoch(), ancestors),
        present,
        entries.subList(0, Math.min(entries.size(), auditLimit)),
        requests.all(),
        own);
  }

  /** What an epoch begins with that follows one the log knows nothing of. */
  static Base begun(Snapshot content, List<String> ancestors, int present, List<AuditEntry> audit) {
    Head head = content.head();
    NavigableMap<Long, String> own = new TreeMap<>();
    own.put(head.revision(), head.commitId());
    return new Base(content, ancestors, present, audit, List.of(), own);
  }

  private static List<String> descent(String parent, String found, List<String> ancestors) {
    List<String> all = new ArrayList<>(List.of(parent, found));
    all.addAll(ancestors);
    return all.stream().distinct().limit(MAX_ANCESTORS).toList();
  }

  /** Whether this came from an earlier head, of this epoch. */
  Descent descentFrom(Head earlier) {
    if (!earlier.epoch().equals(head().epoch()) || earlier.revision() > head().revision()) {
      return Descent.DENIED;
    }
    String id = ids.get(earlier.revision());
    if (id != null) {
      return id.equals(earlier.commitId()) ? Descent.PROVEN : Descent.DENIED;
    }
    return earlier.revision() < ids.firstKey() ? Descent.FORGOTTEN : Descent.DENIED;
  }

  /** Whether this can have become of what a node knows. */
  boolean followsFrom(Head known) {
    return known.equals(Head.NONE)
        || (known.epoch().equals(head().epoch())
            ? descentFrom(known) != Descent.DENIED
            : ancestors.contains(known.epoch()));
  }

  List<AuditEntry> auditLog(AuditQuery query) {
    return audit.stream().filter(query::matches).skip(query.offset()).limit(query.limit()).toList();
  }
}
