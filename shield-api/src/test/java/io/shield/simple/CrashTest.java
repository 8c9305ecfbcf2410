package io.shield.simple;

import static io.shield.simple.Answers.accepted;
import static io.shield.simple.Answers.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.MemorySimpleBackend;
import io.shield.fixtures.MutableClock;
import io.shield.fixtures.RandomModel;
import io.shield.fixtures.Seeds;
import io.shield.model.MaintenanceMode;
import io.shield.model.OpaqueDocument;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.simple.FailingSimpleBackend.Failure;
import io.shield.spi.AuditQuery;
import io.shield.spi.CommitResult;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The writing process fails before or after every single call of the store in turn, and again at
 * every call of the recovery.
 */
class CrashTest {
  private static final AuditQuery ALL = AuditQuery.newest(AuditQuery.MAX_LIMIT);

  private static Vertx vertx;

  private final MutableClock clock = MutableClock.create();
  private final RandomModel model = new RandomModel(new Random(1));

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  /** What was acknowledged before the crash, and the change during which it comes. */
  private record Scene(
      MemorySimpleBackend store,
      Change first,
      Commit firstCommit,
      Snapshot before,
      List<AuditEntry> audit,
      Change change) {
    /** The snapshot if the change happened. */
    Snapshot after(Commit commit) {
      return before.apply(commit);
    }
  }

  private Scene scene(int earlierCommits) {
    MemorySimpleBackend store = new MemorySimpleBackend();
    ShieldBackend writer = opened(store);
    Change first =
        new Change(
            model.id(),
            List.of(
                new Edit(DocumentKey.state("/kept"), 0, RouteState.active("/kept")),
                new Edit(DocumentKey.state("/changed"), 0, RouteState.active("/changed")),
                new Edit(DocumentKey.state("/deleted"), 0, RouteState.active("/deleted")),
                new Edit(DocumentKey.globalMaintenance(), 0, MaintenanceMode.on("before"))),
            List.of(model.auditEntry()));
    Commit firstCommit = accepted(writer, first);
    DocumentKey counter = DocumentKey.document("counter");
    for (int i = 1; i < earlierCommits; i++) {
      long latest = now(writer.load()).version(counter);
      Edit edit = new Edit(counter, latest, new OpaqueDocument("" + i));
      accepted(writer, new Change(model.id(), List.of(edit), List.of()));
    }
    long version = firstCommit.head().revision();
    RateLimitPolicy policy = RateLimitPolicy.of("GET", "/kept", "1/second");
    Change change =
        new Change(
            model.id(),
            List.of(
                new Edit(
                    DocumentKey.state("/changed"),
                    version,
                    RouteState.builder("/changed").status(RouteStatus.DISABLED).build()),
                new Edit(DocumentKey.state("/deleted"), version, null),
                new Edit(DocumentKey.state("/created"), 0, RouteState.active("/created")),
                new Edit(DocumentKey.globalMaintenance(), version, MaintenanceMode.OFF),
                new Edit(DocumentKey.policy(policy.key()), 0, policy),
                new Edit(DocumentKey.document("d"), 0, new OpaqueDocument("x"))),
            List.of(model.auditEntry(), model.auditEntry()));
    return new Scene(
        store, first, firstCommit, now(writer.load()), now(writer.auditLog(ALL)), change);
  }

  private ShieldBackend opened(SimpleBackend store) {
    ShieldBackend backend = SimpleBackends.adapt(store, clock);
    now(backend.startup(vertx));
    return backend;
  }

  // ---- crashes -----------------------------------------------------------------------------

  /** With 50 commits the head is full of request ids, and the change pushes them out to a page. */
  @ParameterizedTest
  @CsvSource({"1, CRASH_BEFORE", "1, CRASH_AFTER", "50, CRASH_BEFORE", "50, CRASH_AFTER"})
  void aChangeIsWholeOrAbsentWhereverTheProcessDies(int earlierCommits, Failure failure) {
    Scene scene = scene(earlierCommits);
    int failAt = 0;
    boolean reached = true;
    while (reached) {
      MemorySimpleBackend store = scene.store().copy();
      FailingSimpleBackend failing = new FailingSimpleBackend(store, failAt, failure);
      Future<CommitResult> answer = attempt(failing, scene.change());
      reached = failing.hasFailed();

      assertThat(answer.succeeded() || reached).isTrue();
      followerSeesAllOrNothing(store, scene);
      dieAgainInEveryCallOfTheRecovery(store, scene, answer.succeeded());
      assertSound(store, scene, answer.succeeded());
      failAt++;
    }
    // Startup and commit together: fewer calls would mean that the loop ended early.
    assertThat(failAt).isGreaterThan(14);
  }

  private Future<CommitResult> attempt(SimpleBackend store, Change change) {
    ShieldBackend writer = SimpleBackends.adapt(store, clock);
    return writer.startup(vertx).compose(v -> writer.commit(change));
  }

  private void dieAgainInEveryCallOfTheRecovery(
      MemorySimpleBackend crashed, Scene scene, boolean acknowledged) {
    for (Failure failure : List.of(Failure.CRASH_BEFORE, Failure.CRASH_AFTER)) {
      boolean reached = true;
      for (int failAt = 0; reached; failAt++) {
        MemorySimpleBackend store = crashed.copy();
        FailingSimpleBackend failing = new FailingSimpleBackend(store, failAt, failure);
        SimpleBackends.adapt(failing, clock).startup(vertx);
        reached = failing.hasFailed();

        followerSeesAllOrNothing(store, scene);
        assertSound(store, scene, acknowledged);
      }
    }
  }

  private static void followerSeesAllOrNothing(MemorySimpleBackend store, Scene scene) {
    ShieldBackend follower = SimpleBackends.follow(store);
    Snapshot seen = now(follower.load());
    assertThat(now(follower.head())).isEqualTo(seen.head());
    if (!seen.equals(scene.before())) {
      assertThat(seen.content()).isEqualTo(expected(seen, scene).content());
    }
  }

  private static Snapshot expected(Snapshot seen, Scene scene) {
    Commit commit = Commit.following(scene.before().head(), seen.head().commitId(), scene.change());
    return scene.after(commit);
  }

  /** Restarts, and then repeats the change. */
  private void assertSound(MemorySimpleBackend crashed, Scene scene, boolean acknowledged) {
    MemorySimpleBackend store = crashed.copy();
    ShieldBackend writer = opened(store);
    Snapshot restarted = now(writer.load());
    boolean happened = !restarted.equals(scene.before());

    if (happened) {
      assertThat(restarted).isEqualTo(expected(restarted, scene));
    }
    assertThat(happened || !acknowledged).isTrue();
    assertThat(now(writer.head())).isEqualTo(restarted.head());
    assertThat(now(writer.auditLog(ALL))).isEqualTo(auditOf(scene, happened));
    assertThat(store.raw()).doesNotContainKey("__shield:journal__");

    Commit commit = accepted(writer, scene.change());
    assertThat(now(writer.load())).isEqualTo(scene.after(commit));
    assertThat(now(writer.auditLog(ALL))).isEqualTo(auditOf(scene, true));
    assertThat(accepted(writer, scene.first())).isEqualTo(scene.firstCommit());
    assertThat(now(opened(store).load())).isEqualTo(scene.after(commit));
  }

  private static List<AuditEntry> auditOf(Scene scene, boolean happened) {
    List<AuditEntry> entries = new ArrayList<>();
    if (happened) {
      long revision = scene.before().head().revision() + 1;
      scene.change().audit().forEach(e -> entries.add(0, e.withRevision(revision)));
    }
    entries.addAll(scene.audit());
    return entries;
  }

  // ---- failures of single calls ------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(names = {"FAIL_BEFORE", "FAIL_AFTER"})
  void aRepeatedRequestHappensOnceWhicheverCallFailed(Failure failure) {
    Scene scene = scene(50);
    int failAt;
    for (failAt = 0; ; failAt++) {
      MemorySimpleBackend store = scene.store().copy();
      FailingSimpleBackend failing = new FailingSimpleBackend(store, failAt, failure);
      ShieldBackend writer = SimpleBackends.adapt(failing, clock);
      writer.startup(vertx);
      Future<CommitResult> first = writer.commit(scene.change());
      if (!failing.hasFailed()) {
        break;
      }

      followerSeesAllOrNothing(store, scene);
      Commit commit = accepted(writer, scene.change());
      if (first.succeeded()) {
        assertThat(((CommitResult.Accepted) first.result()).commit()).isEqualTo(commit);
      }
      assertThat(now(writer.load())).isEqualTo(scene.after(commit));
      assertThat(now(writer.auditLog(ALL))).isEqualTo(auditOf(scene, true));
      assertSound(store, scene, true);
    }
    assertThat(failAt).isGreaterThan(14);
  }

  @ParameterizedTest
  @EnumSource(names = {"FAIL_BEFORE", "FAIL_AFTER"})
  void afterAFailedCommitTheNextOneSeesWhatBecameOfIt(Failure failure) {
    Scene scene = scene(1);
    for (int failAt = 0; ; failAt++) {
      MemorySimpleBackend store = scene.store().copy();
      FailingSimpleBackend failing = new FailingSimpleBackend(store, failAt, failure);
      ShieldBackend writer = SimpleBackends.adapt(failing, clock);
      writer.startup(vertx);
      writer.commit(scene.change());
      if (!failing.hasFailed()) {
        break;
      }

      Snapshot seen = now(SimpleBackends.adapt(store.copy(), clock).load());
      Change other = new Change(model.id(), scene.change().edits(), List.of());
      CommitResult result = now(writer.commit(other));

      boolean happened = !seen.equals(scene.before());
      assertThat(result instanceof CommitResult.Conflict).isEqualTo(happened);
    }
  }

  // ---- adoption and many changes -----------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void anAdoptionIsWholeWhereverItFails(Failure failure) {
    MemorySimpleBackend foreign = new MemorySimpleBackend();
    foreign.putRaw("/a", "{\"path\": \"/a\", \"status\": \"disabled\"}");
    foreign.putRaw("/b", "{\"path\": \"/b\", \"status\": \"maintenance\"}");
    foreign.putRaw(
        "__shield:global__",
        "{\"path\": \"__shield:global__\", \"reason\": \"{\\\"enabled\\\":true}\"}");
    boolean reached = true;
    int failAt;
    for (failAt = 0; reached; failAt++) {
      MemorySimpleBackend store = foreign.copy();
      FailingSimpleBackend failing = new FailingSimpleBackend(store, failAt, failure);
      SimpleBackends.adapt(failing, clock).startup(vertx);
      reached = failing.hasFailed();

      Snapshot adopted = now(opened(store).load());
      assertThat(adopted.states()).containsOnlyKeys("/a", "/b");
      assertThat(adopted.state("/a").status()).isEqualTo(RouteStatus.DISABLED);
      assertThat(adopted.globalMaintenance().enabled()).isTrue();
      assertThat(adopted.content().values()).allMatch(each -> each.version() == 2);
      assertThat(now(opened(store).load())).isEqualTo(adopted);
    }
    assertThat(failAt).isGreaterThan(8);
  }

  @Test
  void manyChangesAndManyFailuresLeaveNoTraceOfEachOther() {
    Random random = Seeds.random("many changes and many failures");
    RandomModel changes = new RandomModel(random);
    MemorySimpleBackend store = new MemorySimpleBackend();
    Snapshot expected = now(opened(store).load());
    List<AuditEntry> audit = new ArrayList<>();

    for (int i = 0; i < 100; i++) {
      Change change = changes.change(expected);
      boolean answered = false;
      while (!answered) {
        Failure failure = changes.oneOf(List.of(Failure.values()));
        FailingSimpleBackend failing = new FailingSimpleBackend(store, random.nextInt(25), failure);
        answered = attempt(failing, change).succeeded();
      }
      expected = expected.apply(accepted(opened(store), change));
      long revision = expected.head().revision();
      change.audit().forEach(entry -> audit.add(0, entry.withRevision(revision)));
    }

    assertThat(now(opened(store).load())).isEqualTo(expected);
    assertThat(now(opened(store).auditLog(ALL))).isEqualTo(audit);
  }
}
