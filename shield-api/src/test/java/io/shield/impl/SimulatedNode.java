package io.shield.impl;

import io.shield.ShieldChange;
import io.shield.Store.Status.Condition;
import io.shield.error.OutcomeUnknownException;
import io.shield.error.ShieldException;
import io.shield.error.VersionMismatchException;
import io.shield.fixtures.history.HistoryEvent;
import io.shield.fixtures.history.HistoryEvent.Accepted;
import io.shield.fixtures.history.HistoryEvent.Alarm;
import io.shield.fixtures.history.HistoryEvent.Asked;
import io.shield.fixtures.history.HistoryEvent.Left;
import io.shield.fixtures.history.HistoryEvent.Refused;
import io.shield.fixtures.history.HistoryEvent.Unknown;
import io.shield.fixtures.history.HistoryEvent.Wanted;
import io.shield.fixtures.history.Marks;
import io.shield.impl.change.Audits;
import io.shield.impl.change.Committer;
import io.shield.impl.change.Plan;
import io.shield.impl.change.Plan.Planner;
import io.shield.impl.replica.Replica;
import io.shield.impl.replica.StoreLink;
import io.shield.internal.Meters;
import io.shield.model.OpaqueDocument;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A node of the simulation: the engine's own replica and change path, and a client of them. */
final class SimulatedNode implements Replica.Compiler {
  static final Duration CHANGE_TIMEOUT = Duration.ofSeconds(3);

  private final String name;
  private final SimulatedTime time;
  private final Consumer<HistoryEvent> history;
  private final Replica replica;
  private final Committer committer;
  private final SimulatedWay way;
  private final @Nullable PlantedBug bug;
  private boolean remembering;
  private Snapshot told = Snapshot.empty(Head.NONE);
  private int operations;
  private long longestWait;
  private boolean alarmed;

  SimulatedNode(
      String name,
      SimulatedTime time,
      SimulatedStore shared,
      @Nullable PlantedBug bug,
      Duration headInterval,
      Consumer<HistoryEvent> history) {
    this.name = name;
    this.time = time;
    this.history = history;
    this.bug = bug;
    this.way = new SimulatedWay(time, shared, bug, this::held);
    StoreLink.Patience patience =
        new StoreLink.Patience(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5));
    StoreLink store = new StoreLink(time.context, way, patience, new Meters());
    this.replica = new Replica(time.context, store, this, headInterval, time.random);
    replica.observe(
        bug == PlantedBug.ONE_OBSERVER_SILENCES_ALL
            ? List.of(
                (change, commit) -> {
                  fail(change, commit);
                  hear(change, commit);
                })
            : List.of(this::fail, this::hear));
    this.committer =
        new Committer(
            time.context, store, replica, CHANGE_TIMEOUT, time.random, (s, e, a) -> List.of());
  }

  /** An observer that throws now and then. */
  private void fail(ShieldChange change, @Nullable Commit commit) {
    if (time.oneIn(10)) {
      throw new ShieldException("an observer of " + change.after().head() + " fails on purpose");
    }
  }

  private void hear(ShieldChange change, @Nullable Commit commit) {
    told = change.after();
  }

  Snapshot held() {
    return replica.snapshot();
  }

  String name() {
    return name;
  }

  SimulatedWay way() {
    return way;
  }

  /**
   * @param known what was kept when some other node ended
   */
  void start(Snapshot known) {
    time.context.runOnContext(
        v -> {
          remembering = true;
          Future<Void> remembered = replica.remember(known);
          remembering = false;
          remembered.onComplete(done -> replica.start());
        });
  }

  void stop() {
    history.accept(new Left(name));
    time.context.runOnContext(
        v -> {
          replica.close();
          committer.close();
        });
  }

  /** Records what its observers were told last, as the last thing it does. */
  void recordEnd() {
    history.accept(Marks.held(name, told));
  }

  /** How long somebody waited for a change at most, in milliseconds. */
  long longestWait() {
    return longestWait;
  }

  /** Records an alarm when there is one that was not recorded yet. */
  void recordAlarm() {
    boolean now = replica.status().condition() == Condition.DISTRUSTED;
    if (now && !alarmed) {
      history.accept(new Alarm(name, String.valueOf(replica.status().problem())));
    }
    alarmed = now;
  }

  @Override
  public Future<Runnable> prepare(Snapshot next, @Nullable Set<DocumentKey> changed) {
    Runnable force = () -> history.accept(Marks.saw(name, next));
    if (remembering && bug == PlantedBug.WHAT_IS_REMEMBERED_COMES_LATE) {
      return Future.succeededFuture(() -> time.after(time.upTo(500), force));
    }
    if (!time.oneIn(remembering ? 2 : 10)) {
      return Future.succeededFuture(force);
    }
    Promise<Runnable> slow = time.promise();
    time.after(time.upTo(20), () -> slow.complete(force));
    return slow.future();
  }

  /** Sets routes, whatever version they have, in one change. */
  void setRoutes(List<String> routes) {
    String op = nextOperation();
    List<DocumentKey> keys = routes.stream().map(DocumentKey::state).toList();
    List<Wanted> wanted =
        keys.stream().map(key -> new Wanted(Marks.name(key), null, op, true)).toList();
    ask(op, wanted, snapshot -> planRoutes(snapshot, keys, op));
  }

  private static Plan planRoutes(Snapshot snapshot, List<DocumentKey> keys, String op) {
    List<Edit> edits = new ArrayList<>();
    List<AuditEntry> audit = new ArrayList<>();
    List<Plan.Result> results = new ArrayList<>();
    for (DocumentKey key : keys) {
      RouteState before = snapshot.state(key.key());
      RouteState known = before == null ? RouteState.active(key.key()) : before;
      RouteState after = known.toBuilder().reason(op).build();
      edits.add(new Edit(key, snapshot.version(key), after));
      audit.add(Audits.ofRoute(known, after, "disable", op, Actor.of("sim", "cli"), Instant.EPOCH));
      results.add(new Plan.Result(key, after, snapshot.version(key)));
    }
    return new Plan(edits, audit, results);
  }

  /** Writes or deletes a document at the version that this node knows. */
  void writeDocument(String document, boolean delete) {
    Versioned<OpaqueDocument> known = held().documents().get(document);
    long version = known == null ? 0 : known.version();
    String op = nextOperation();
    DocumentKey key = DocumentKey.document(document);
    boolean deletes = delete && version > 0;
    OpaqueDocument value = deletes ? null : new OpaqueDocument(op);
    Edit edit = new Edit(key, version, value);
    Wanted wanted = new Wanted(Marks.name(key), version, deletes ? null : op, false);
    ask(op, List.of(wanted), snapshot -> planDocument(snapshot, edit));
  }

  private static Plan planDocument(Snapshot snapshot, Edit edit) {
    long actual = snapshot.version(edit.key());
    if (actual != edit.expectedVersion()) {
      throw new VersionMismatchException(edit.key().toString(), edit.expectedVersion(), actual);
    }
    List<Plan.Result> results =
        edit.value() == null
            ? List.of()
            : List.of(new Plan.Result(edit.key(), edit.value(), actual));
    return new Plan(List.of(edit), List.of(), results);
  }

  private String nextOperation() {
    return name + "#" + operations++;
  }

  private void ask(String op, List<Wanted> wanted, Planner planner) {
    history.accept(new Asked(name, op, wanted));
    long asked = time.now();
    time.context.runOnContext(
        v ->
            committer
                .submit(planner)
                .onComplete(any -> longestWait = Math.max(longestWait, time.now() - asked))
                .onSuccess(results -> history.accept(accepted(op, results)))
                .onFailure(failure -> history.accept(failed(op, failure))));
  }

  private Accepted accepted(String op, List<Plan.Result> results) {
    long revision = results.isEmpty() ? 0 : results.get(0).version();
    return new Accepted(name, op, held().head().epoch(), revision);
  }

  private HistoryEvent failed(String op, Throwable failure) {
    String why = String.valueOf(failure.getMessage());
    return failure instanceof OutcomeUnknownException
        ? new Unknown(name, op, why)
        : new Refused(name, op, failure instanceof VersionMismatchException, why);
  }
}
