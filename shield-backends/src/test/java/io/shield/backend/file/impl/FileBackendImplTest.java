package io.shield.backend.file.impl;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.backend.file.FileBackendOptions;
import io.shield.error.ShieldException;
import io.shield.fixtures.MutableClock;
import io.shield.fixtures.RecordingListener;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.AuditQuery;
import io.shield.spi.Capabilities;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitResult;
import io.shield.spi.ShieldBackend;
import io.shield.spi.limit.HitQuery;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Threads, futures, listeners and the life of a backend. */
class FileBackendImplTest {
  @TempDir Path directory;
  private final WatchedOps ops = WatchedOps.create();
  private final RecordingLog log = new RecordingLog();
  private Vertx vertx;
  private Path file;
  private FileBackendImpl backend;

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    file = directory.toRealPath().resolve("state.json");
    backend = make(ops);
    get(backend.startup(vertx));
  }

  @AfterEach
  void stop() throws Exception {
    get(backend.shutdown());
    get(vertx.close());
  }

  private FileBackendImpl make(FileOps with) {
    FileBackendOptions options = new FileBackendOptions().setPath(file.toString());
    return new FileBackendImpl(options, MutableClock.create(), with, log);
  }

  private static <T> T get(Future<T> future) throws Exception {
    try {
      return future.toCompletionStage().toCompletableFuture().get(120, SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private Commit set(String key, String reason) throws Exception {
    long version = get(backend.load()).version(DocumentKey.state(key));
    Change change = TestStore.setting(key, version, RouteStatus.DISABLED, reason);
    return ((CommitResult.Accepted) get(backend.commit(change))).commit();
  }

  /** Changes the file as an editor that writes it in place. */
  private void edit(Consumer<ObjectNode> change) throws Exception {
    ObjectNode tree = new JsonFormat().parse(Files.readString(file));
    change.accept(tree);
    Files.writeString(file, new JsonFormat().render(tree));
  }

  // Writing

  @Test
  void commitsThatWaitTogetherAreWrittenTogether() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    ops.gate(gate);
    long writesBefore = ops.count("rename state.json");
    Head before = get(backend.head());
    List<Change> changes =
        IntStream.range(0, 300)
            .mapToObj(i -> TestStore.setting("GET:/r" + i, 0, RouteStatus.ACTIVE, ""))
            .toList();

    List<Future<CommitResult>> results = changes.stream().map(backend::commit).toList();
    gate.countDown();

    List<Commit> commits = new ArrayList<>();
    for (Future<CommitResult> result : results) {
      commits.add(((CommitResult.Accepted) get(result)).commit());
    }
    // The first may have been alone; all others waited for it.
    assertThat(ops.count("rename state.json") - writesBefore).isBetween(1L, 2L);
    Head head = before;
    for (Commit commit : commits) {
      assertThat(commit.predecessor()).isEqualTo(head.commitId());
      assertThat(commit.head().revision()).isEqualTo(head.revision() + 1);
      head = commit.head();
    }
    assertThat(get(backend.load()).states()).hasSize(300);
    assertThat(get(backend.commit(changes.get(17))))
        .isEqualTo(new CommitResult.Accepted(commits.get(17)));
  }

  /** Nobody waits for the whole limit after others did: whoever asks has a limit too. */
  @ParameterizedTest
  @EnumSource
  void whatComesWhileOthersHoldTheLockIsRefusedWithWhatWaits(Waiting waiting) throws Exception {
    set("GET:/a", "before");
    CountDownLatch gate = new CountDownLatch(1);
    ops.gate(gate);
    ops.lockHeld(true);
    long before = ops.count("lock state.json.lock");
    Future<?> first =
        switch (waiting) {
          case CHANGE -> backend.commit(TestStore.setting("GET:/b", 0, RouteStatus.ACTIVE, ""));
          case EDIT -> {
            edit(tree -> Edits.state(tree, "GET:/a").put("reason", "by hand"));
            yield backend.load();
          }
          case COUNTERS -> backend.rateLimitStore().counters().save(List.of());
        };
    await().atMost(20, SECONDS).until(() -> ops.count("lock state.json.lock") > before);
    List<Future<CommitResult>> meanwhile =
        Stream.of("GET:/c", "GET:/d")
            .map(key -> backend.commit(TestStore.setting(key, 0, RouteStatus.ACTIVE, "")))
            .toList();
    get(backend.rateLimitStore().hits(HitQuery.newest(1))); // The others are on their way too.
    gate.countDown();

    for (Future<CommitResult> refused : meanwhile) {
      assertThatThrownBy(() -> get(refused))
          .isInstanceOf(ChangeRefusedException.class)
          .hasMessageContaining(file + ".lock")
          .hasMessageContaining("nothing was changed");
    }
    assertThat(ops.count("lock state.json.lock")).isEqualTo(before + 1);
    assertThat(first.otherwiseEmpty().toCompletionStage().toCompletableFuture())
        .succeedsWithin(20, SECONDS);
    ops.lockHeld(false);
    assertThat(set("GET:/c", "works again")).isNotNull();
  }

  /** What waits for the lock. */
  enum Waiting {
    CHANGE,
    EDIT,
    COUNTERS
  }

  @Test
  void aVertxThatClosesWaitsForWhatIsBeingWritten() throws Exception {
    Vertx closing = Vertx.vertx();
    FileBackendImpl other = make(ops);
    get(other.startup(closing));
    Promise<Future<Void>> shutdown = Promise.promise();
    ((VertxInternal) closing)
        .addCloseHook(
            done -> {
              shutdown.complete(other.shutdown());
              shutdown.future().compose(ended -> ended).onComplete(done);
            });
    CountDownLatch gate = new CountDownLatch(1);
    ops.gate(gate);
    Future<CommitResult> running =
        other.commit(TestStore.setting("GET:/a", 0, RouteStatus.ACTIVE, ""));
    Future<CommitResult> waiting =
        other.commit(TestStore.setting("GET:/b", 0, RouteStatus.ACTIVE, ""));

    Future<Void> closed = closing.close();
    get(shutdown.future());
    gate.countDown();

    assertThat(get(running)).isInstanceOf(CommitResult.Accepted.class);
    assertThat(get(waiting)).isInstanceOf(CommitResult.Accepted.class);
    get(closed);
    assertThat(get(backend.load()).states()).containsOnlyKeys("GET:/a", "GET:/b");
  }

  /** A lock file that is closed anywhere in a process ends the process's lock. */
  @Test
  void whileOneStoreOfAProcessHasTheLockFileOpenNoOtherOpensIt() throws Exception {
    FileBackendImpl other = make(ops);
    get(other.startup(vertx));
    CountDownLatch gate = new CountDownLatch(1);
    ops.gate(gate);
    long before = ops.count("lock state.json.lock");
    Future<CommitResult> one =
        backend.commit(TestStore.setting("GET:/a", 0, RouteStatus.ACTIVE, ""));
    await().atMost(20, SECONDS).until(() -> ops.count("lock state.json.lock") > before);
    Future<CommitResult> two = other.commit(TestStore.setting("GET:/b", 0, RouteStatus.ACTIVE, ""));
    await()
        .atMost(20, SECONDS)
        .until(
            () -> isAWriterWaitingForAnother() || ops.count("lock state.json.lock") > before + 1);

    assertThat(ops.count("lock state.json.lock")).isEqualTo(before + 1);
    gate.countDown();
    assertThat(get(one)).isInstanceOf(CommitResult.Accepted.class);
    assertThat(get(two)).isInstanceOf(CommitResult.Accepted.class);
    get(other.shutdown());
  }

  private static boolean isAWriterWaitingForAnother() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().equals("shield-file-write"))
        .flatMap(thread -> Stream.of(thread.getValue()))
        .anyMatch(frame -> frame.getClassName().equals(ReentrantLock.class.getName()));
  }

  @Test
  void oneOfAGroupCanLose() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    ops.gate(gate);
    Change first = TestStore.setting("GET:/a", 0, RouteStatus.ACTIVE, "first");
    Change second = TestStore.setting("GET:/a", 0, RouteStatus.ACTIVE, "second");
    Change other = TestStore.setting("GET:/b", 0, RouteStatus.ACTIVE, "other");

    List<Future<CommitResult>> results =
        List.of(backend.commit(first), backend.commit(second), backend.commit(other));
    gate.countDown();

    assertThat(get(results.get(0))).isInstanceOf(CommitResult.Accepted.class);
    CommitResult.Conflict lost = (CommitResult.Conflict) get(results.get(1));
    assertThat(lost.conflicts().get(0).actual()).isEqualTo(2);
    assertThat(get(results.get(2))).isInstanceOf(CommitResult.Accepted.class);
    assertThat(get(backend.auditLog(AuditQuery.newest(10)))).hasSize(2);
  }

  @Test
  void theOrderOnTheDiskIsTheOneThatKeepsPromises() throws Exception {
    int before = ops.operations().size();
    set("GET:/a", "");

    List<String> done = new ArrayList<>(ops.operations());
    assertThat(done.subList(before, done.size()).stream().filter(o -> !o.startsWith("stamp")))
        .containsSubsequence(
            "lock state.json.lock",
            "write state.json.shield.tmp",
            "sync state.json.shield.tmp",
            "write state.json.tmp",
            "sync state.json.tmp",
            "rename state.json.shield",
            "rename state.json",
            "syncDirectory " + file.getParent().getFileName());
  }

  @Test
  void readingGoesOnWhileACommitWaitsForTheLock() throws Exception {
    set("GET:/a", "before");
    CountDownLatch gate = new CountDownLatch(1);
    ops.gate(gate);
    Future<CommitResult> waiting =
        backend.commit(TestStore.setting("GET:/b", 0, RouteStatus.ACTIVE, ""));
    await().until(() -> ops.operations().get(ops.operations().size() - 1).startsWith("lock"));

    assertThat(get(backend.load()).states()).containsOnlyKeys("GET:/a");
    assertThat(get(backend.head()).revision()).isEqualTo(2);
    assertThat(get(backend.auditLog(AuditQuery.newest(10)))).hasSize(1);
    assertThat(waiting.isComplete()).isFalse();
    gate.countDown();
    get(waiting);
  }

  // Threads

  @Test
  void noEventLoopTouchesTheDiskAndAnswersComeOnTheCallersContext() throws Exception {
    Context context = vertx.getOrCreateContext();
    FileBackendImpl other = make(ops);
    onContext(context, () -> other.startup(vertx));
    onContext(context, () -> other.subscribe(new RecordingListener()));
    onContext(context, other::load);
    onContext(context, other::head);
    onContext(context, () -> other.auditLog(AuditQuery.newest(1)));
    onContext(context, () -> other.commit(TestStore.setting("GET:/a", 0, RouteStatus.ACTIVE, "")));
    edit(tree -> Edits.state(tree, "GET:/a").put("status", "disabled"));
    onContext(context, other::load);
    onContext(context, other::shutdown);

    assertThat(ops.onEventLoops()).isEmpty();
  }

  private <T> void onContext(Context context, Supplier<Future<T>> call) throws Exception {
    Promise<Context> answered = Promise.promise();
    context.runOnContext(v -> call.get().map(value -> Vertx.currentContext()).onComplete(answered));
    assertThat(get(answered.future())).isSameAs(context);
  }

  // What others change

  @Test
  void anExternalEditIsSeenByWhoListens() throws Exception {
    set("GET:/a", "mine");
    RecordingListener heard = new RecordingListener();
    get(backend.subscribe(heard));

    edit(tree -> Edits.state(tree, "GET:/a").put("reason", "by hand"));

    await().atMost(20, SECONDS).until(() -> !heard.commits().isEmpty());
    RouteState state = (RouteState) heard.commits().get(0).change().edits().get(0).value();
    assertThat(state.reason()).isEqualTo("by hand");
    assertThat(get(backend.load()).head()).isEqualTo(heard.commits().get(0).head());
    assertThat(heard.timesOutdated()).isZero();
  }

  @Test
  void anExternalEditIsInTheNextLoadAndAudit() throws Exception {
    set("GET:/a", "mine");

    edit(tree -> Edits.state(tree, "GET:/a").put("reason", "by hand"));

    assertThat(get(backend.load()).state("GET:/a").reason()).isEqualTo("by hand");
    edit(tree -> Edits.state(tree, "GET:/a").put("reason", "again"));
    assertThat(get(backend.auditLog(AuditQuery.newest(2))))
        .extracting(AuditEntry::reason)
        .containsExactly("external edit", "external edit");
  }

  @Test
  void askingForTheHeadIsEnoughToSeeAnEditSoon() throws Exception {
    Head before = set("GET:/a", "mine").head();

    edit(tree -> Edits.state(tree, "GET:/a").put("reason", "by hand"));

    await().atMost(20, SECONDS).until(() -> get(backend.head()).revision() > before.revision());
  }

  @Test
  void anotherProcessIsHeardOf() throws Exception {
    set("GET:/a", "mine");
    RecordingListener heard = new RecordingListener();
    get(backend.subscribe(heard));
    try (ChildProcess child = ChildProcess.start(file)) {
      child.expect("ready");
      assertThat(child.ask("open")).isEqualTo("opened 2");
      assertThat(child.ask("set GET:/a theirs")).isEqualTo("ACK 3");

      await().atMost(20, SECONDS).until(() -> heard.timesOutdated() == 1);
      assertThat(heard.commits()).isEmpty();
      assertThat(get(backend.load()).state("GET:/a").reason()).isEqualTo("theirs");
      assertThat(get(backend.auditLog(AuditQuery.newest(1))).get(0).reason()).isEqualTo("theirs");

      assertThat(set("GET:/b", "mine").head().revision()).isEqualTo(4);
      assertThat(child.ask("show GET:/b")).isEqualTo("has 4");
    }
  }

  @Test
  void aHalfWrittenEditIsLoggedOnceHoweverOftenItIsSeen() throws Exception {
    Snapshot before = get(backend.load());
    get(backend.subscribe(new RecordingListener()));
    String good = Files.readString(file);

    Files.writeString(file, good.substring(0, good.length() / 2));
    await().atMost(20, SECONDS).until(() -> !log.warnings().isEmpty());
    int seen = (int) ops.count("stamp state.json");
    await().atMost(20, SECONDS).until(() -> ops.count("stamp state.json") > seen + 3);

    assertThat(log.warnings()).singleElement().asString().contains(file.toString(), ", line ");
    assertThat(get(backend.load())).isEqualTo(before);
    assertThatThrownBy(() -> set("GET:/a", "")).isInstanceOf(ChangeRefusedException.class);
    Files.writeString(file, good);
    set("GET:/a", "works again");
  }

  @Test
  void nothingIsReadWhileNothingChanges() throws Exception {
    set("GET:/a", "");
    long read = ops.count("read state.json");
    get(backend.subscribe(new RecordingListener()));
    int seen = (int) ops.count("stamp state.json");
    await().atMost(20, SECONDS).until(() -> ops.count("stamp state.json") > seen + 3);
    get(backend.head());

    assertThat(ops.count("read state.json")).isEqualTo(read);
  }

  @Test
  void thousandsOfRoutesAreNoTrouble() throws Exception {
    List<Edit> edits =
        IntStream.range(0, 5000)
            .mapToObj(i -> RouteState.builder("GET:/route/" + i).reason("reason " + i).build())
            .map(state -> new Edit(DocumentKey.state(state.path()), 0, state))
            .toList();
    get(backend.commit(new Change("many", edits, List.of())));
    edit(tree -> Edits.state(tree, "GET:/route/4321").put("status", "disabled"));

    Snapshot loaded = get(backend.load());
    assertThat(loaded.states()).hasSize(5000);
    assertThat(loaded.state("GET:/route/4321").status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(loaded.version(DocumentKey.state("GET:/route/4321"))).isEqualTo(3);
    assertThat(loaded.version(DocumentKey.state("GET:/route/4320"))).isEqualTo(2);
  }

  // Life

  @Test
  void itSaysWhatItCanDo() {
    assertThat(backend.capabilities()).isEqualTo(new Capabilities(true, true, true));
  }

  @Test
  void beforeItsStartAndAfterItsEndItRefuses() throws Exception {
    ShieldBackend other = make(ops);
    assertThatThrownBy(() -> get(other.load()))
        .isInstanceOf(ShieldException.class)
        .hasMessageContaining(file + " is not started");
    assertThatThrownBy(() -> get(other.head())).hasMessageContaining("is not started");
    Change change = TestStore.setting("GET:/a", 0, RouteStatus.ACTIVE, "");
    assertThatThrownBy(() -> get(other.commit(change)))
        .isInstanceOf(ChangeRefusedException.class)
        .hasMessageContaining("is not started");

    get(other.startup(vertx));
    get(other.commit(change));
    get(other.shutdown());
    get(other.shutdown());
    assertThatThrownBy(() -> get(other.commit(change))).isInstanceOf(ChangeRefusedException.class);

    get(other.startup(vertx));
    assertThat(get(other.load()).states()).containsOnlyKeys("GET:/a");
    get(other.shutdown());
  }

  @Test
  void twoEnginesCanUseOneBackend() throws Exception {
    FileBackendImpl shared = make(ops);
    get(Future.all(shared.startup(vertx), shared.startup(vertx)));
    get(shared.shutdown());

    get(shared.commit(TestStore.setting("GET:/a", 0, RouteStatus.ACTIVE, "")));
    get(shared.shutdown());
    assertThatThrownBy(() -> get(shared.load())).hasMessageContaining("is not started");
  }

  @Test
  void whatWasHandedInBeforeTheEndIsWritten() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    ops.gate(gate);
    List<Future<CommitResult>> results =
        IntStream.range(0, 10)
            .mapToObj(i -> TestStore.setting("GET:/r" + i, 0, RouteStatus.ACTIVE, ""))
            .map(backend::commit)
            .toList();
    Future<Void> end = backend.shutdown();
    gate.countDown();
    get(end);

    for (Future<CommitResult> result : results) {
      assertThat(get(result)).isInstanceOf(CommitResult.Accepted.class);
    }
    get(backend.startup(vertx));
    assertThat(get(backend.load()).states()).hasSize(10);
  }

  @Test
  void aBrokenFileFailsTheStartAndAMendedOneStarts() throws Exception {
    set("GET:/a", "kept");
    get(backend.shutdown());
    String good = Files.readString(file);
    Files.writeString(file, good.substring(1));

    assertThatThrownBy(() -> get(backend.startup(vertx)))
        .isInstanceOf(ShieldException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(", line 2, column ")
        .hasMessageContaining("mend the file");
    assertThat(file).content().isEqualTo(good.substring(1));

    Files.writeString(file, good);
    get(backend.startup(vertx));
    assertThat(get(backend.load()).state("GET:/a").reason()).isEqualTo("kept");
  }
}
