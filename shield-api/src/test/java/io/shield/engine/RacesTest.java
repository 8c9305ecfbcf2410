package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.RouteAction;
import io.shield.Routes;
import io.shield.ShieldEngine;
import io.shield.error.VersionMismatchException;
import io.shield.memory.MemoryBackend;
import io.shield.model.RouteState;
import io.shield.model.audit.AuditEntry;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Many writers at once. */
class RacesTest extends EngineTest {
  private static final String KEY = "GET:/a";
  private static final int CHANGES = 200;

  private final MemoryBackend store = MemoryBackend.create();

  private List<ShieldEngine> fleet(int size) {
    List<ShieldEngine> fleet = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      fleet.add(started(store));
    }
    register(fleet.get(0), KEY);
    fleet.forEach(engine -> eventually(() -> assertThat(engine.routes().list()).hasSize(1)));
    return fleet;
  }

  private void assertAllSucceed(List<ShieldEngine> fleet) {
    long before = contentOf(store).head().revision();
    List<Future<RouteState>> changes = new ArrayList<>();
    for (int i = 0; i < CHANGES; i++) {
      ShieldEngine engine = fleet.get(i % fleet.size());
      RouteAction action =
          i % 2 == 0
              ? new RouteAction.Disable("change " + i, null)
              : new RouteAction.Canary(i % 101, "change " + i);
      changes.add(engine.routes().apply(KEY, action, ALICE));
    }
    changes.forEach(EngineTest::await);
    assertThat(changes).extracting(change -> change.result().version()).doesNotHaveDuplicates();
    assertThat(contentOf(store).head().revision()).isEqualTo(before + CHANGES);
    assertThat(auditOf(store)).extracting(AuditEntry::revision).hasSize(CHANGES);
    assertThat(auditOf(store)).extracting(AuditEntry::reason).doesNotHaveDuplicates();
    fleet.forEach(
        engine -> eventually(() -> assertThat(engine.snapshot()).isEqualTo(contentOf(store))));
  }

  @Test
  void everyChangeThroughOneEngineHappensOnce() {
    assertAllSucceed(fleet(1));
  }

  @Test
  void everyChangeThroughThreeEnginesHappensOnce() {
    assertAllSucceed(fleet(3));
  }

  @Test
  void exactlyOneOfManyWritersOnOneVersionWins() {
    List<ShieldEngine> fleet = fleet(3);
    for (int round = 0; round < 5; round++) {
      long version = contentOf(store).state(KEY).version();
      int logged = auditOf(store).size();
      List<Future<List<RouteState>>> changes = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        RouteAction action = new RouteAction.Canary(i, "");
        changes.add(
            fleet
                .get(i % 3)
                .routes()
                .applyAll(List.of(new Routes.Command(KEY, action, version)), ALICE));
      }
      List<RouteState> won = new ArrayList<>();
      for (Future<List<RouteState>> change : changes) {
        if (isWon(change)) {
          won.add(change.result().get(0));
        }
      }
      assertThat(won).hasSize(1);
      assertThat(auditOf(store)).hasSize(logged + 1);
      assertThat(contentOf(store).state(KEY)).isEqualTo(won.get(0));
      fleet.forEach(
          engine -> eventually(() -> assertThat(engine.snapshot()).isEqualTo(contentOf(store))));
    }
  }

  @Test
  void aLongQueueOfChangesIsAnsweredInOrder() {
    ShieldEngine engine = fleet(1).get(0);
    List<Integer> answered = new CopyOnWriteArrayList<>();
    List<Integer> expected = new ArrayList<>();
    List<Future<RouteState>> changes = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      int number = i;
      expected.add(number);
      changes.add(
          engine
              .routes()
              .canary(KEY, ALICE, number % 101)
              .onSuccess(state -> answered.add(number)));
    }
    changes.forEach(EngineTest::await);
    assertThat(answered).isEqualTo(expected);
    assertThat(changes).extracting(change -> change.result().version()).isSorted();
  }

  private static boolean isWon(Future<?> change) {
    patiently().until(change::isComplete);
    if (change.failed()) {
      assertThat(change.cause()).isInstanceOf(VersionMismatchException.class);
    }
    return change.succeeded();
  }

  @Test
  void onlyOneWriterOfADocumentVersionWins() {
    List<ShieldEngine> fleet = fleet(3);
    List<Future<?>> writes = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      writes.add(fleet.get(i % 3).documents().put("lease", "owner " + i, 0));
    }
    assertThat(writes.stream().filter(RacesTest::isWon)).hasSize(1);
    assertThat(contentOf(store).documents()).containsKey("lease");
  }
}
