package io.shield.simple;

import static io.shield.simple.Answers.accepted;
import static io.shield.simple.Answers.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.shield.error.ShieldException;
import io.shield.fixtures.MemorySimpleBackend;
import io.shield.fixtures.MutableClock;
import io.shield.fixtures.RandomModel;
import io.shield.json.ShieldJson;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.MaintenanceMode;
import io.shield.model.OpaqueDocument;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.AuditQuery;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitResult;
import io.shield.spi.RecentCommits;
import io.shield.spi.ShieldBackend;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What lies in the store, what others put there, and how its errors come out. */
class SimpleWriterTest {
  private final MemorySimpleBackend store = new MemorySimpleBackend();
  private final MutableClock clock = MutableClock.create();
  private final Vertx vertx = Vertx.vertx();
  private final RandomModel model = new RandomModel(new Random(1));

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  private ShieldBackend opened(SimpleBackend backend) {
    ShieldBackend writer = SimpleBackends.adapt(backend, clock);
    now(writer.startup(vertx));
    return writer;
  }

  private Change change(Edit... edits) {
    return new Change(model.id(), List.of(edits), List.of());
  }

  private static Edit create(String key) {
    return new Edit(DocumentKey.state(key), 0, RouteState.active(key));
  }

  private List<AuditEntry> audit(ShieldBackend writer) {
    return now(writer.auditLog(AuditQuery.newest(100)));
  }

  // ---- names -------------------------------------------------------------------------------

  @Test
  void keepsEverythingInStatesUnderTheOriginalsNamesAndReservedOnes() {
    ShieldBackend writer = opened(store);
    RateLimitPolicy policy = RateLimitPolicy.of("GET", "/a", "1/second");

    accepted(
        writer,
        change(
            create("GET:/a"),
            new Edit(DocumentKey.globalMaintenance(), 0, MaintenanceMode.on("deploy")),
            new Edit(DocumentKey.serviceMaintenance("svc"), 0, MaintenanceMode.on("db")),
            new Edit(DocumentKey.globalRateLimit(), 0, GlobalRateLimitPolicy.of("1/day")),
            new Edit(DocumentKey.serviceRateLimit("svc"), 0, GlobalRateLimitPolicy.of("2/day")),
            new Edit(DocumentKey.policy(policy.key()), 0, policy),
            new Edit(DocumentKey.document("edge:GET:/a"), 0, new OpaqueDocument("x"))));

    assertThat(store.raw())
        .containsOnlyKeys(
            "GET:/a",
            "__shield:global__",
            "__shield:svc_global:svc__",
            "__shield:global_rl__",
            "__shield:svc_rl:svc__",
            "__shield:policy:GET:/a__",
            "__shield:document:edge:GET:/a__",
            "__shield:head__");
    RouteState global = now(store.getState("__shield:global__"));
    assertThat(ShieldJson.readMaintenanceMode(ShieldJson.parse("reason", global.reason())))
        .isEqualTo(MaintenanceMode.on("deploy"));
    assertThat(global.version()).isEqualTo(2);
    assertThat(now(store.getState("__shield:svc_rl:svc__")).service()).isEqualTo("svc");
  }

  @Test
  void keysTooLongForANameAreToldApartByTheirEnds() {
    ShieldBackend writer = opened(store);
    String begin = "🛡".repeat(400);
    List<DocumentKey> keys =
        List.of(
            DocumentKey.document(begin + "1"),
            DocumentKey.document(begin + "2"),
            DocumentKey.document("x" + begin),
            new DocumentKey(DocumentKind.MAINTENANCE, "__shield:svc_global:" + begin + "__"));
    Edit[] edits =
        keys.stream()
            .map(
                key ->
                    new Edit(
                        key,
                        0,
                        key.kind() == DocumentKind.DOCUMENT
                            ? new OpaqueDocument(key.key())
                            : MaintenanceMode.OFF))
            .toArray(Edit[]::new);

    accepted(writer, change(edits));

    assertThat(now(opened(store).load()).content()).containsOnlyKeys(keys);
    assertThat(store.raw().keySet()).allMatch(key -> key.length() <= 512);
  }

  // ---- what others wrote -------------------------------------------------------------------

  @Test
  void aStoreOfTheOriginalIsAdoptedSilently() {
    store.putRaw("GET:/a", "{\"path\": \"GET:/a\", \"status\": \"disabled\", \"reason\": \"r\"}");
    store.putRaw("/b", "{\"path\": \"/b\", \"status\": \"active\"}");
    String mode = "{\\\"enabled\\\": true, \\\"reason\\\": \\\"deploy\\\"}";
    store.putRaw(
        "__shield:global__",
        "{\"path\": \"__shield:global__\", \"status\": \"active\", \"reason\": \"" + mode + "\"}");
    store.putRaw("__shield:flags__", "{\"path\": \"__shield:flags__\", \"reason\": \"{}\"}");

    ShieldBackend writer = opened(store);

    Snapshot adopted = now(writer.load());
    assertThat(adopted.content()).hasSize(3);
    assertThat(adopted.content().values()).allMatch(each -> each.version() == 2);
    assertThat(adopted.state("GET:/a").status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(adopted.globalMaintenance().reason()).isEqualTo("deploy");
    assertThat(audit(writer)).isEmpty();
    assertThat(now(opened(store).load())).isEqualTo(adopted);
    assertThat(store.raw()).containsKey("__shield:flags__");
  }

  @Test
  void aLaterForeignEditIsAdoptedWithAnAuditEntryWhenTheStoreIsLoaded() {
    ShieldBackend writer = opened(store);
    Commit commit = accepted(writer, change(create("GET:/a"), create("/b")));
    store.putRaw("GET:/a", "{\"path\": \"GET:/a\", \"status\": \"disabled\", \"reason\": \"r\"}");
    clock.advance(Duration.ofHours(1));

    Snapshot adopted = now(writer.load());

    assertThat(adopted.head().revision()).isEqualTo(commit.head().revision() + 1);
    assertThat(adopted.state("GET:/a").version()).isEqualTo(adopted.head().revision());
    assertThat(adopted.state("/b").version()).isEqualTo(commit.head().revision());
    AuditEntry entry = audit(writer).get(0);
    assertThat(entry.path()).isEqualTo("GET:/a");
    assertThat(entry.action()).isEqualTo("disable");
    assertThat(entry.actor()).isEqualTo("system");
    assertThat(entry.platform()).isEqualTo("system");
    assertThat(entry.reason()).isEqualTo("external edit");
    assertThat(entry.previousStatus()).isEqualTo(RouteStatus.ACTIVE);
    assertThat(entry.nextStatus()).isEqualTo(RouteStatus.DISABLED);
    assertThat(entry.timestamp()).isEqualTo(clock.instant());
    assertThat(entry.revision()).isEqualTo(adopted.head().revision());
    assertThat(entry.changes()).extracting("field").contains("status", "reason");
    assertThat(now(writer.load())).isEqualTo(adopted);
  }

  @Test
  void foreignEditsOfEveryKindAreLoggedByTheirNames() {
    ShieldBackend writer = opened(store);
    RateLimitPolicy policy = RateLimitPolicy.of("GET", "/a", "1/second");
    accepted(
        writer,
        change(
            new Edit(DocumentKey.globalMaintenance(), 0, MaintenanceMode.on("deploy")),
            new Edit(DocumentKey.serviceMaintenance("svc"), 0, MaintenanceMode.OFF),
            new Edit(DocumentKey.globalRateLimit(), 0, GlobalRateLimitPolicy.of("1/day")),
            new Edit(DocumentKey.serviceRateLimit("svc"), 0, GlobalRateLimitPolicy.of("2/day")),
            new Edit(DocumentKey.policy(policy.key()), 0, policy),
            new Edit(DocumentKey.document("d"), 0, new OpaqueDocument("x"))));
    store.raw().keySet().stream().filter(key -> !key.contains("head")).forEach(this::dropVersion);

    now(writer.load());

    assertThat(audit(writer))
        .extracting(entry -> entry.action() + " " + entry.path())
        .containsExactlyInAnyOrder(
            "global_maintenance_on __global__",
            "service_maintenance_off __shield:svc_global:svc__",
            "global_rl_updated __global_rl__",
            "svc_rl_updated __shield:svc_rl:svc__",
            "rl_policy_updated GET:/a");
  }

  private void dropVersion(String key) {
    store.putRaw(key, store.raw().get(key).replaceFirst(",\"version\":2", ""));
  }

  @Test
  void anUnreadableReservedStateIsNamedAndNotOverwritten() {
    opened(store);
    String broken = "{\"path\": \"__shield:global__\", \"reason\": \"{\\\"enabled\\\": 1}\"}";
    store.putRaw("__shield:global__", broken);

    Future<Void> started = SimpleBackends.adapt(store, clock).startup(vertx);

    assertThat(started.cause())
        .isInstanceOf(ShieldException.class)
        .isNotInstanceOf(StoreUnreachableException.class)
        .hasMessageContaining("__shield:global__")
        .hasMessageContaining("enabled");
    assertThat(store.raw()).containsEntry("__shield:global__", broken);
  }

  @Test
  void aStoreThatLostItsHeadIsNotTakenForAnEmptyOne() {
    ShieldBackend writer = opened(store);
    accepted(writer, change(create("/a")));
    store.removeRaw("__shield:head__");

    Future<CommitResult> committed = writer.commit(change(create("/b")));

    assertThat(committed.cause()).hasMessageContaining("lost its state '__shield:head__'");
    assertThat(writer.load().failed()).isTrue();
    assertThat(store.raw()).doesNotContainKeys("__shield:head__", "/b");
  }

  @Test
  void aJournalThatFollowsNothingIsReported() {
    ShieldBackend writer = opened(store);
    FailingSimpleBackend failing =
        new FailingSimpleBackend(store, 4, FailingSimpleBackend.Failure.CRASH_AFTER);
    ShieldBackend dying = SimpleBackends.adapt(failing, clock);
    dying.startup(vertx);
    dying.commit(change(create("/a")));
    assertThat(store.raw()).containsKey("__shield:journal__");
    Head other = new Head("other", 1, "other");
    String head = ShieldJson.text(ShieldJson.write(other));
    store.setState(
        "__shield:head__",
        RouteState.builder("__shield:head__").reason("{\"head\": " + head + "}").build());

    assertThat(writer.load().cause())
        .isInstanceOf(ShieldException.class)
        .hasMessageContaining("__shield:journal__");
    assertThat(SimpleBackends.follow(store).load().failed()).isTrue();
  }

  @Test
  void aHeadThatSomebodyElseMovedIsReadAgainBeforeTheNextCommit() {
    ShieldBackend one = opened(store);
    ShieldBackend two = opened(store);
    accepted(one, change(create("/a")));

    CommitResult result = now(two.commit(change(create("/a"))));

    assertThat(result).isInstanceOf(CommitResult.Conflict.class);
    assertThat(accepted(two, change(create("/b"))).head().revision()).isEqualTo(3);
  }

  // ---- request ids -------------------------------------------------------------------------

  @Test
  void thousandsOfRequestIdsAreRememberedAndThenForgotten() {
    ShieldBackend writer = opened(store);
    List<Change> changes = new ArrayList<>();
    List<Commit> commits = new ArrayList<>();
    for (int i = 0; i < 230; i++) {
      changes.add(new Change(model.id(), List.of(), List.of(model.auditEntry())));
      commits.add(accepted(writer, changes.get(i)));
    }
    int headLength = store.raw().get("__shield:head__").length();
    assertThat(pages()).hasSize(4);
    assertThat(headLength).isLessThan(20_000);

    ShieldBackend again = opened(store);
    for (int i = 0; i < changes.size(); i++) {
      assertThat(accepted(again, changes.get(i))).isEqualTo(commits.get(i));
    }

    clock.advance(RecentCommits.RETENTION.plusSeconds(1));
    accepted(again, change(create("/a")));
    assertThat(pages()).isEmpty();
  }

  private List<String> pages() {
    return store.raw().keySet().stream()
        .filter(key -> key.startsWith("__shield:requests:"))
        .toList();
  }

  @Test
  void aPageThatCannotBeRemovedIsRemovedLater() {
    ShieldBackend first = opened(store);
    IntStream.range(0, 51).forEach(i -> accepted(first, change(create("/r" + i))));
    assertThat(pages()).hasSize(1);
    clock.advance(RecentCommits.RETENTION.plusSeconds(1));
    // Startup takes two calls, the commit takes five, and the next one removes the page.
    FailingSimpleBackend failing =
        new FailingSimpleBackend(store, 7, FailingSimpleBackend.Failure.FAIL_BEFORE);
    ShieldBackend writer = opened(failing);

    accepted(writer, change(create("/a")));
    assertThat(failing.hasFailed()).isTrue();
    assertThat(pages()).hasSize(1);

    accepted(writer, change(create("/b")));
    assertThat(pages()).isEmpty();
  }

  // ---- errors ------------------------------------------------------------------------------

  @Test
  void aRefusedJournalIsARefusedChange() {
    ShieldBackend writer = opened(refusing(store, "__shield:journal__"));

    Future<CommitResult> result = writer.commit(change(create("/a")));

    assertThat(result.cause()).isInstanceOf(ChangeRefusedException.class);
    assertThat(now(writer.load()).content()).isEmpty();
  }

  @Test
  void whatIsRefusedAfterTheJournalIsNotARefusedChange() {
    ShieldBackend writer = opened(refusing(store, "/a"));
    Change change = change(create("/b"), create("/a"));

    Future<CommitResult> result = writer.commit(change);

    assertThat(result.cause())
        .isInstanceOf(StoreUnreachableException.class)
        .hasMessageContaining("finished later")
        .hasMessageContaining("disk full");
    // The store can be read, though it cannot be mended.
    assertThat(now(writer.load()).content()).isEmpty();
    assertThat(now(opened(store).load()).states()).containsOnlyKeys("/a", "/b");
  }

  private static SimpleBackend refusing(MemorySimpleBackend store, String key) {
    return new HookedSimpleBackend(store) {
      @Override
      <T> Future<T> through(Supplier<Future<T>> call) {
        return call.get();
      }

      @Override
      public Future<Void> setState(String name, RouteState state) {
        return name.equals(key)
            ? Future.failedFuture(new ChangeRefusedException("disk full", null))
            : super.setState(name, state);
      }
    };
  }

  @Test
  void whatAStoreThrowsComesOutAsAFailedFuture() {
    SimpleBackend throwing =
        new HookedSimpleBackend(store) {
          @Override
          <T> Future<T> through(Supplier<Future<T>> call) {
            throw new IllegalStateException("no connection");
          }
        };

    Future<Void> started = SimpleBackends.adapt(throwing, clock).startup(vertx);

    assertThat(started.cause())
        .isInstanceOf(StoreUnreachableException.class)
        .hasMessageContaining("getState __shield:journal__")
        .hasMessageContaining("no connection");
  }

  @Test
  void manyQueuedCommitsAndManyEditsDoNotGrowTheStack() {
    SteppedSimpleBackend stepped = new SteppedSimpleBackend(store);
    ShieldBackend writer = SimpleBackends.adapt(stepped, clock);
    Future<Void> started = writer.startup(vertx);
    Edit[] edits = IntStream.range(0, 5000).mapToObj(i -> create("/r" + i)).toArray(Edit[]::new);

    Future<CommitResult> wide = writer.commit(change(edits));
    List<Future<CommitResult>> repeated =
        IntStream.range(0, 5000).mapToObj(i -> writer.commit(change(create("/r0")))).toList();
    stepped.finish();

    now(started);
    assertThat(now(wide)).isInstanceOf(CommitResult.Accepted.class);
    assertThat(repeated).allMatch(each -> each.result() instanceof CommitResult.Conflict);
  }
}
