package io.shield.backend.cluster.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shield.fixtures.MutableClock;
import io.shield.model.OpaqueDocument;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitResult;
import io.shield.spi.Lineage.Descent;
import io.shield.spi.Renewal;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a member does when its cluster loses entries, answers or members. */
class ClusterStoreTest {
  private final Vertx vertx = Vertx.vertx();
  private final MutableClock clock = MutableClock.create();
  private final FakeCluster cluster = new FakeCluster(3);

  /** A member, and what it told. */
  private final class Node implements ClusterStore.Ear {
    final List<Commit> committed = new ArrayList<>();
    final Turns turns;
    final ClusterStore store;
    final Keeper keeper;
    final AtomicInteger outdated = new AtomicInteger();

    Node(FakeCluster in, Head known, @Nullable Integer configured) {
      Context context = vertx.getOrCreateContext();
      turns = new Turns(context);
      CommitLog log = new PiecedLog(context, in, 3000);
      Cluster opened = in.opened();
      keeper = new Keeper(context, log);
      store =
          new ClusterStore(
              opened,
              log,
              new LogReader(context, log, 100),
              new Members(opened.membership(), configured),
              keeper,
              clock,
              100,
              known,
              this);
    }

    <T> T get(Function<ClusterStore, Future<T>> question) throws Exception {
      return turns
          .add(() -> question.apply(store))
          .toCompletionStage()
          .toCompletableFuture()
          .get(120, TimeUnit.SECONDS);
    }

    Commit put(String document, long version) throws Exception {
      return commit(change(document, version));
    }

    Commit commit(Change change) throws Exception {
      return ((CommitResult.Accepted) get(store -> store.commit(change))).commit();
    }

    Throwable failure(Change change) {
      try {
        Object result = get(store -> store.commit(change));
        throw new AssertionError("not refused: " + result);
      } catch (ExecutionException e) {
        return e.getCause();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void committed(Commit commit) {
      committed.add(commit);
    }

    @Override
    public void outdated() {
      outdated.incrementAndGet();
    }

    @Override
    public void appended(Entry entry, @Nullable String predecessor) {}
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(120, TimeUnit.SECONDS);
  }

  private Node node() {
    return new Node(cluster, Head.NONE, null);
  }

  private static Change change(String document, long version) {
    return new Change(
        UUID.randomUUID().toString(),
        List.of(new Edit(DocumentKey.document(document), version, new OpaqueDocument("x"))),
        List.of());
  }

  private static AuditEntry entry() {
    return new AuditEntry(
        "1",
        Instant.EPOCH,
        "__store__",
        null,
        "store_adopt",
        "alice",
        "cli",
        "",
        null,
        null,
        0,
        List.of(),
        null,
        false);
  }

  @Test
  void whatTheClusterLosesIsPutBack() throws Exception {
    Node one = node();
    for (int i = 0; i < 5; i++) {
      one.put("d" + i, 0);
    }
    Snapshot before = one.get(ClusterStore::load);
    String middle = LogKey.commit(before.head().revision() - 2);
    String last = LogKey.commit(before.head().revision());
    String lost = cluster.texts.remove(last);
    cluster.texts.remove(middle);

    Commit next = one.put("after", 0);

    assertThat(cluster.texts).containsEntry(last, lost).containsKey(middle);
    assertThat(before.precedes(next)).isTrue();
    assertThat(one.keeper.warning()).contains("2 entries");
    assertThat(node().get(ClusterStore::load)).isEqualTo(before.apply(next));
  }

  /** Keys are listed by many members, each at its own moment. */
  @Test
  void whatIsAppendedWhileKeysAreListedLeavesNoHole() throws Exception {
    Node one = node();
    Head early = one.put("first", 0).head();
    one.put("second", 0);
    String unlisted = LogKey.commit(one.put("third", 0).head().revision());
    one.put("fourth", 0);
    Snapshot all = one.get(ClusterStore::load);

    for (Head known : List.of(Head.NONE, early)) {
      cluster.unlisted(unlisted);
      Node other = new Node(cluster, known, null);
      assertThat(other.get(ClusterStore::load)).isEqualTo(all);
      assertThat(other.outdated.get()).isZero();
    }
  }

  @Test
  void anEpochThatBeginsWhileKeysAreListedIsFollowed() throws Exception {
    Node one = node();
    one.put("a", 0);
    Head before = one.get(ClusterStore::head);
    Head next = one.get(store -> store.renew(new Renewal(before, before, null, entry())));
    one.put("b", 0);
    Snapshot all = one.get(ClusterStore::load);

    cluster.unlisted(LogKey.commit(next.revision()));

    assertThat(new Node(cluster, before, null).get(ClusterStore::load)).isEqualTo(all);
  }

  @Test
  void whatWasReadWithAHoleIsNotBelievedOnceThereIsNone() throws Exception {
    Node one = node();
    Head known = one.put("a", 0).head();
    String lost = LogKey.commit(one.put("b", 0).head().revision());
    one.put("c", 0);
    Snapshot all = one.get(ClusterStore::load);
    String text = cluster.texts.remove(lost);
    Node other = new Node(cluster, known, null);
    Head found = other.get(ClusterStore::load).head();
    assertThat(found).isEqualTo(all.head());

    cluster.texts.put(lost, text);

    assertThat(other.<Descent>get(store -> store.descent(known, found))).isEqualTo(Descent.DENIED);
    assertThat(other.get(ClusterStore::load)).isEqualTo(all);
    assertThat(other.<Descent>get(store -> store.descent(known, found))).isEqualTo(Descent.PROVEN);
  }

  @Test
  void everythingLostIsPutBackToo() throws Exception {
    Node one = node();
    for (int i = 0; i < 600; i++) {
      one.put("d" + i, 0);
    }
    Snapshot before = one.get(ClusterStore::load);
    await().until(() -> cluster.texts.containsKey(LogKey.base(512)));
    await().until(() -> !cluster.texts.containsKey(LogKey.commit(1)));
    assertThat(node().get(ClusterStore::load)).isEqualTo(before);
    cluster.texts.clear();

    assertThat(one.get(ClusterStore::head)).isEqualTo(before.head());

    assertThat(node().get(ClusterStore::load)).isEqualTo(before);
  }

  /** Summing up costs as much as there is: a commit's part of it stays the same. */
  @Test
  void whereThereIsMuchItIsSummedUpMoreRarely() throws Exception {
    Node one = node();
    List<Edit> edits = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      edits.add(new Edit(DocumentKey.document("many" + i), 0, new OpaqueDocument("x")));
    }
    one.commit(new Change(UUID.randomUUID().toString(), edits, List.of()));
    for (int i = 0; i < 520; i++) {
      one.put("d" + i, 0);
    }
    await().until(() -> cluster.texts.containsKey(LogKey.base(512)));
    assertThat(cluster.texts).doesNotContainKey(LogKey.base(256)).containsKey(LogKey.commit(1));
    Node other = node();
    assertThat(other.get(ClusterStore::load)).isEqualTo(one.get(ClusterStore::load));
    for (int i = 520; i < 1030; i++) {
      other.put("d" + i, 0);
    }
    await().until(() -> cluster.texts.containsKey(LogKey.base(1024)));
    await().until(() -> !cluster.texts.containsKey(LogKey.commit(511)));
    assertThat(cluster.texts).containsKey(LogKey.base(512)).containsKey(LogKey.commit(512));
    Snapshot before = one.get(ClusterStore::load);
    assertThat(node().get(ClusterStore::load)).isEqualTo(before);
    cluster.texts.clear();

    assertThat(one.get(ClusterStore::head)).isEqualTo(before.head());

    assertThat(node().get(ClusterStore::load)).isEqualTo(before);
  }

  @Test
  void anotherTextInPlaceOfTheOwnIsNotBelieved() throws Exception {
    Node one = node();
    one.put("a", 0);
    Head held = one.get(ClusterStore::head);
    FakeCluster otherSide = new FakeCluster(3);
    otherSide.texts.putAll(cluster.texts);
    Node other = new Node(otherSide, Head.NONE, null);
    otherSide.texts.remove(LogKey.commit(held.revision()));
    Commit foreign = new Node(otherSide, Head.NONE, null).put("a", 0);
    assertThat(foreign.head().revision()).isEqualTo(held.revision());
    cluster.texts.putAll(otherSide.texts);

    assertThat(one.failure(change("b", 0)))
        .isInstanceOf(ChangeRefusedException.class)
        .hasMessageContaining("does not follow");
    assertThat(one.get(ClusterStore::head)).isEqualTo(foreign.head());
    Descent descent = one.get(store -> store.descent(held, foreign.head()));
    assertThat(descent).isEqualTo(Descent.DENIED);
    assertThat(one.outdated.get()).isPositive();
    assertThat(other.committed).isEmpty();
  }

  @Test
  void logsThatAMergeSplicedAreNotBelievedOnEitherSideUntilSomebodyDecides() throws Exception {
    Node one = node();
    one.put("a", 0);
    FakeCluster otherSide = new FakeCluster(3);
    otherSide.texts.putAll(cluster.texts);
    Node other = new Node(otherSide, Head.NONE, null);
    one.put("ours", 0);
    other.put("theirs", 0);
    other.put("theirs too", 0);
    Head theirs = other.get(ClusterStore::head);
    Head ours = one.get(ClusterStore::head);
    cluster.texts.put(
        LogKey.commit(theirs.revision()), otherSide.texts.get(LogKey.commit(theirs.revision())));
    otherSide.texts.putAll(cluster.texts);
    cluster.join("back");
    otherSide.join("back");

    for (Node each : List.of(one, other)) {
      Head known = each == one ? ours : theirs;
      Head found = each.get(ClusterStore::head);
      assertThat(found).isEqualTo(theirs);
      assertThat(each.failure(change("b", 0))).isInstanceOf(ChangeRefusedException.class);
      Descent descent = each.get(store -> store.descent(known, found));
      assertThat(descent).isEqualTo(Descent.DENIED);
    }
    Head next = one.get(store -> store.renew(new Renewal(ours, theirs, null, entry())));
    otherSide.texts.putAll(cluster.texts);

    for (Node each : List.of(one, other, node())) {
      Snapshot loaded = each.get(ClusterStore::load);
      assertThat(loaded.head()).isEqualTo(next);
      assertThat(loaded.documents().keySet()).containsExactlyInAnyOrder("a", "ours");
    }
    assertThat(one.put("b", 0).predecessor()).isEqualTo(next.commitId());
  }

  @Test
  void aMemberThatKnowsMoreDoesNotBelieveAnEmptyLogAndReseedsIt() throws Exception {
    Head known = new Head("epoch", 41, "id");
    Node one = new Node(cluster, known, null);

    assertThat(one.get(ClusterStore::head)).isEqualTo(Head.NONE);
    assertThat(one.failure(change("a", 0))).isInstanceOf(ChangeRefusedException.class);
    assertThat(cluster.texts).isEmpty();

    Snapshot content = Snapshot.empty(known);
    Head next = one.get(store -> store.renew(new Renewal(known, Head.NONE, content, entry())));
    assertThat(next.revision()).isEqualTo(42);
    assertThat(one.put("a", 0).head().revision()).isEqualTo(43);
    Node another = new Node(cluster, known, null);
    assertThat(another.get(ClusterStore::load).documents()).containsOnlyKeys("a");
  }

  @Test
  void aMinorityChangesNothing() throws Exception {
    Node one = node();
    one.put("a", 0);
    cluster.leave();
    cluster.leave();
    Head before = one.get(ClusterStore::head);

    assertThat(one.failure(change("b", 0)))
        .isInstanceOfSatisfying(
            StoreUnreachableException.class, e -> assertThat(e.isUnsent()).isTrue())
        .hasMessageContaining("1 of 3 members");

    cluster.join("back");
    assertThat(one.put("b", 0).head().revision()).isEqualTo(before.revision() + 1);
  }

  @Test
  void aFreshStoreWaitsForAMajorityOfTheConfiguredMembers() {
    FakeCluster alone = new FakeCluster(1);

    assertThatThrownBy(() -> new Node(alone, Head.NONE, 3).get(ClusterStore::load))
        .hasMessageContaining("1 of 3 members");
    assertThat(alone.texts).isEmpty();
  }

  @Test
  void moreMembersThanConfiguredIsAWarningThatIsToldOnce() {
    Members members = new Members(cluster.opened().membership(), 2);

    assertThat(members.warning()).contains("SHIELD_CLUSTER_MEMBERS");
    assertThat(members.news()).isEqualTo(members.warning());
    assertThat(members.news()).isNull();
    cluster.join("another");
    assertThat(members.news()).contains("4 members");
    cluster.leave();
    cluster.leave();
    assertThat(members.news()).isNull();
    assertThat(members.warning()).isNull();
    cluster.join("another");
    assertThat(members.news()).contains("3 members");
  }

  @Test
  void anOperatorSaysThatMembersWillNotComeBack() throws Exception {
    Node one = node();
    one.put("a", 0);
    cluster.leave();
    cluster.leave();

    one.commit(
        new Change(
            UUID.randomUUID().toString(),
            List.of(new Edit(DocumentKey.document("cluster:members"), 0, new OpaqueDocument("1"))),
            List.of()));

    one.put("b", 0);
    Node another = node();
    another.put("c", 0);
  }

  @Test
  void anAnswerThatWasLostIsSettledOnceTheMembersAreStable() throws Exception {
    Node one = node();
    one.put("a", 0);
    Change change = change("b", 0);
    cluster.loseAnswers(true);
    assertThat(one.failure(change))
        .isInstanceOfSatisfying(
            StoreUnreachableException.class, e -> assertThat(e.isUnsent()).isFalse());
    cluster.loseAnswers(false);

    await()
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptions()
        .until(() -> one.commit(change).head().revision() > 0);

    Snapshot loaded = one.get(ClusterStore::load);
    assertThat(loaded.documents().keySet()).containsExactlyInAnyOrder("a", "b");
    assertThat(one.committed).hasSize(2);
  }

  @Test
  void aChangeThatNeverArrivedIsMadeOnce() throws Exception {
    Node one = node();
    one.put("a", 0);
    Head before = one.get(ClusterStore::head);
    Change change = change("b", 0);
    cluster.loseQuestions(true);
    assertThat(one.failure(change)).isInstanceOf(StoreUnreachableException.class);
    cluster.loseQuestions(false);

    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> one.get(ClusterStore::head).revision() > before.revision());

    assertThat(one.commit(change).head().revision()).isEqualTo(before.revision() + 1);
  }

  @Test
  void anAnswerAcrossAChangeOfTheMembershipDoesNotCount() throws Exception {
    Node one = node();
    one.put("a", 0);
    cluster.beforePut(() -> cluster.join("new"));

    assertThat(one.failure(change("b", 0)))
        .isInstanceOf(StoreUnreachableException.class)
        .hasMessageContaining("came or went");
    assertThat(one.committed).hasSize(1);
  }

  @Test
  void whatOthersAppendedIsToldCommitByCommitEvenIfTheWholeLogIsRead() throws Exception {
    Node one = node();
    one.get(ClusterStore::load);
    Node two = node();
    List<Commit> commits = new ArrayList<>();
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 3; i++) {
        commits.add(two.put("d" + round + i, 0));
      }

      Head head = one.get(ClusterStore::head);

      assertThat(head).isEqualTo(commits.get(commits.size() - 1).head());
      assertThat(one.committed).isEqualTo(commits);
      cluster.join("new" + round);
    }
    assertThat(one.outdated.get()).isZero();
  }

  @Test
  void whatLiesBelowABaseIsNotTold() throws Exception {
    Node one = node();
    one.put("a", 0);
    Node two = node();
    for (int i = 0; i < 300; i++) {
      two.put("d" + i, 0);
    }
    await().until(() -> cluster.texts.containsKey(LogKey.base(256)));
    cluster.join("new");

    assertThat(one.get(ClusterStore::load)).isEqualTo(two.get(ClusterStore::load));

    assertThat(one.committed).hasSize(1);
    assertThat(one.outdated.get()).isPositive();
  }

  @Test
  void whatOthersTookMeanwhileIsNotOnesOwn() throws Exception {
    Node one = node();
    Node two = node();
    one.put("a", 0);
    Change lost = change("b", 0);
    cluster.loseQuestions(true);
    one.failure(lost);
    cluster.loseQuestions(false);
    Commit theirs = two.put("b", 0);

    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> one.get(ClusterStore::head).equals(theirs.head()));

    CommitResult result = one.get(store -> store.commit(lost));
    assertThat(result).isInstanceOf(CommitResult.Conflict.class);
  }

  private static Change longChange() {
    String text = "größe 🛡️".repeat(5_000);
    List<Edit> edits = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      edits.add(new Edit(DocumentKey.document("d" + i), 0, new OpaqueDocument(text)));
    }
    return new Change(UUID.randomUUID().toString(), edits, List.of());
  }

  /** The cluster loses one piece of an entry, and what makes it valid stays. */
  private void losePiece(Commit of) {
    String prefix = LogKey.commit(of.head().revision()) + ":";
    String piece = cluster.texts.tailMap(prefix).firstKey();
    assertThat(piece).startsWith(prefix).endsWith(":0");
    cluster.texts.remove(piece);
  }

  @Test
  void aPieceThatTheClusterLosesIsPutBack() throws Exception {
    Node one = node();
    losePiece(one.commit(longChange()));

    Commit next = one.put("after", 0);

    assertThat(one.keeper.warning()).contains("1 entries");
    assertThat(node().get(ClusterStore::load)).isEqualTo(one.get(ClusterStore::load));
    assertThat(one.get(ClusterStore::head)).isEqualTo(next.head());
  }

  /** It would be stored nowhere: what is left of the entry that was there keeps its place. */
  @Test
  void inThePlaceOfAnEntryThatLostAPieceNothingIsAcknowledged() throws Exception {
    Node one = node();
    one.put("first", 0);
    Node two = node();
    two.get(ClusterStore::load);
    losePiece(one.commit(longChange()));

    Change change = change("second", 0);
    assertThat(two.failure(change)).isInstanceOf(StoreUnreachableException.class);
    assertThat(two.committed).isEmpty();

    Head known = one.get(ClusterStore::head);
    await().until(() -> two.get(ClusterStore::head).equals(known));
    assertThat(two.commit(change).head().revision()).isEqualTo(known.revision() + 1);
    assertThat(one.get(ClusterStore::load)).isEqualTo(two.get(ClusterStore::load));
  }

  @Test
  void anEntryThatNobodyKnowsInFullGivesWayToWhatAnOperatorDecides() throws Exception {
    Node one = node();
    Head before = one.put("first", 0).head();
    losePiece(one.commit(longChange()));
    Node left = node();
    assertThat(left.get(ClusterStore::head)).isEqualTo(before);
    assertThat(left.failure(change("second", 0))).isInstanceOf(StoreUnreachableException.class);

    Head next = left.get(store -> store.renew(new Renewal(before, before, null, entry())));

    assertThat(left.put("second", 0).predecessor()).isEqualTo(next.commitId());
    assertThat(node().get(ClusterStore::load)).isEqualTo(left.get(ClusterStore::load));
  }

  @Test
  void aCommitThatIsTooLongForOneEntryIsCutIntoPieces() throws Exception {
    Node one = node();

    one.commit(longChange());

    assertThat(cluster.texts.values())
        .allSatisfy(
            each ->
                assertThat(each.getBytes(StandardCharsets.UTF_8).length)
                    .isLessThan(PiecedLog.PIECE_BYTES + 100));
    assertThat(cluster.texts).hasSizeGreaterThan(3);
    assertThat(node().get(ClusterStore::load)).isEqualTo(one.get(ClusterStore::load));
  }
}
