package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.RouteAction;
import io.shield.Routes;
import io.shield.ShieldEngine;
import io.shield.error.OutcomeUnknownException;
import io.shield.error.ShieldException;
import io.shield.fixtures.MutableClock;
import io.shield.fixtures.Seeds;
import io.shield.memory.MemoryBackend;
import io.shield.model.MaintenanceMode;
import io.shield.model.MaintenanceWindow;
import io.shield.model.OpaqueDocument;
import io.shield.model.Origin;
import io.shield.model.RouteState;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.shield.spi.CommitListener;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.RepeatedTest;

/**
 * Random changes from several nodes whose ways to the store are unreliable. Whatever happens: the
 * copies end up equal to the store, no reader goes back, what was acknowledged is there once, what
 * was refused left no trace, audit entries match commits, and no version returns.
 */
class RandomHistoryTest extends EngineTest {
  private static final List<String> KEYS =
      List.of("GET:/a", "POST:/a", "GET:/b", "/c", "GET:/d/:id");
  private static final int ROUNDS = 25;
  private static final int AT_ONCE = 8;

  /** Something asked for; its reason is its own. */
  private record Asked(String reason, boolean mayBeNothing, Future<?> answer) {}

  private final MutableClock clock = MutableClock.create();
  private final MemoryBackend store = MemoryBackend.create(InstantSource.system(), 100_000);
  private final List<Commit> history = new CopyOnWriteArrayList<>();
  private final List<ShieldEngine> fleet = new ArrayList<>();
  private final List<UnreliableBackend> ways = new ArrayList<>();
  private final Map<ShieldEngine, List<Head>> seen = new HashMap<>();
  private final List<Asked> asked = new ArrayList<>();
  private Snapshot beginning;
  private Random random;

  @RepeatedTest(2)
  void history() {
    long seed = Seeds.next("RandomHistoryTest");
    random = new Random(seed);
    try {
      startFleet();
      for (int round = 0; round < ROUNDS; round++) {
        askForSomething(round);
      }
      ways.forEach(UnreliableBackend::becomeReliable);
      assertCopiesEqualTheStore();
      assertHistoryIsAChain();
      assertNoReaderWentBack();
      assertAuditEntriesMatchCommits();
      assertAnswersAreTrue();
      assertNoVersionReturned();
    } catch (AssertionError e) {
      throw new AssertionError("with seed " + seed + ": " + e.getMessage(), e);
    }
  }

  private void startFleet() {
    beginning = contentOf(store);
    await(
        store.subscribe(
            new CommitListener() {
              @Override
              public void committed(Commit commit) {
                history.add(commit);
              }

              @Override
              public void outdated() {}
            }));
    for (int i = 0; i < 2 + random.nextInt(2); i++) {
      UnreliableBackend way = new UnreliableBackend(store, random.nextLong());
      ShieldEngine engine = created(on(way).setClock(clock).setHeadInterval(Duration.ofMillis(20)));
      List<Head> heads = new CopyOnWriteArrayList<>();
      seen.put(engine, heads);
      engine.onChange(change -> heads.add(change.after().head()));
      await(engine.start());
      eventually(() -> assertThat(engine.snapshot().head()).isNotEqualTo(Head.NONE));
      ways.add(way);
      fleet.add(engine);
      register(engine, KEYS.toArray(String[]::new));
    }
  }

  private <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private void askForSomething(int round) {
    List<Asked> now = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      now.add(ask(oneOf(fleet), "change " + round + "." + i));
    }
    if (random.nextInt(3) == 0) {
      clock.advance(Duration.ofMinutes(1 + random.nextInt(60)));
    }
    now.forEach(one -> patiently().until(one.answer::isComplete));
    asked.addAll(now);
  }

  private Asked ask(ShieldEngine engine, String reason) {
    return switch (random.nextInt(12)) {
      case 0 -> new Asked(reason, false, engine.maintenance().enableGlobal(ALICE, reason));
      case 1 ->
          new Asked(
              reason,
              false,
              engine.maintenance().setService("s", MaintenanceMode.on(reason), ALICE));
      case 2 -> new Asked(reason, true, writeDocument(engine));
      case 3 -> {
        List<String> keys = new ArrayList<>(KEYS);
        Collections.shuffle(keys, random);
        List<Routes.Command> commands =
            List.of(
                Routes.Command.of(keys.get(0), new RouteAction.Enable(reason)),
                Routes.Command.of(keys.get(1), new RouteAction.Disable(reason, null)));
        yield new Asked(reason, false, engine.routes().applyAll(commands, ALICE));
      }
      default -> {
        RouteAction action = action(reason);
        Long version = random.nextInt(4) == 0 ? (Long) (long) (1 + random.nextInt(200)) : null;
        Routes.Command command = new Routes.Command(oneOf(KEYS), action, version);
        yield new Asked(
            reason,
            action instanceof RouteAction.CancelSchedule,
            engine.routes().applyAll(List.of(command), ALICE));
      }
    };
  }

  private Future<?> writeDocument(ShieldEngine engine) {
    Optional<Versioned<OpaqueDocument>> known = engine.documents().get("counter");
    if (known.isPresent() && random.nextInt(3) == 0) {
      return engine.documents().delete("counter", known.get().version());
    }
    long version = known.map(Versioned::version).orElse(0L);
    return engine.documents().put("counter", "" + random.nextInt(), version);
  }

  private RouteAction action(String reason) {
    Instant soon = clock.instant().plus(Duration.ofMinutes(1 + random.nextInt(30)));
    return switch (random.nextInt(7)) {
      case 0 -> new RouteAction.Enable(reason);
      case 1 -> new RouteAction.Disable(reason, random.nextBoolean() ? soon : null);
      case 2 -> new RouteAction.Maintenance(reason, soon);
      case 3 ->
          new RouteAction.Schedule(
              new MaintenanceWindow(soon, soon.plus(Duration.ofMinutes(5)), reason));
      case 4 -> new RouteAction.CancelSchedule(reason);
      case 5 -> new RouteAction.EnvGate(List.of("staging"), reason, null);
      default -> new RouteAction.Canary(random.nextInt(101), reason);
    };
  }

  private void assertCopiesEqualTheStore() {
    for (ShieldEngine engine : fleet) {
      eventually(() -> assertThat(engine.snapshot()).isEqualTo(contentOf(store)));
    }
  }

  private void assertHistoryIsAChain() {
    Snapshot replayed = beginning;
    for (Commit commit : history) {
      replayed = replayed.apply(commit);
    }
    assertThat(replayed).isEqualTo(contentOf(store));
    assertThat(history).extracting(commit -> commit.change().requestId()).doesNotHaveDuplicates();
  }

  private void assertNoReaderWentBack() {
    seen.forEach(
        (engine, heads) ->
            assertThat(heads)
                .as(engine.name())
                .isNotEmpty()
                .extracting(Head::revision)
                .isSorted()
                .doesNotHaveDuplicates());
  }

  private void assertAuditEntriesMatchCommits() {
    List<AuditEntry> expected = new ArrayList<>();
    history.forEach(commit -> expected.addAll(commit.change().audit()));
    Collections.reverse(expected);
    assertThat(auditOf(store)).isEqualTo(expected);
    assertThat(expected).extracting(AuditEntry::id).doesNotHaveDuplicates();
    for (Commit commit : history) {
      assertThat(commit.change().audit())
          .extracting(AuditEntry::revision)
          .allMatch(revision -> revision == commit.head().revision());
      long states = commit.change().edits().stream().filter(RandomHistoryTest::byPeople).count();
      if (states > 0) {
        assertThat(commit.change().audit()).hasSize((int) states);
      }
    }
  }

  private static boolean byPeople(Edit edit) {
    return edit.value() instanceof RouteState state && state.origin() == Origin.RUNTIME;
  }

  private void assertAnswersAreTrue() {
    Map<String, Integer> commits = new HashMap<>();
    for (Commit commit : history) {
      commit.change().audit().stream()
          .filter(entry -> entry.actor().equals("alice"))
          .map(AuditEntry::reason)
          .distinct()
          .forEach(reason -> commits.merge(reason, 1, Integer::sum));
    }
    for (Asked one : asked) {
      int made = commits.getOrDefault(one.reason, 0);
      Throwable failure = one.answer.cause();
      if (failure instanceof OutcomeUnknownException) {
        assertThat(made).as(one.reason).isLessThanOrEqualTo(1);
      } else if (failure != null) {
        assertThat(failure).as(one.reason).isInstanceOf(ShieldException.class);
        assertThat(made).as(one.reason + " " + failure).isZero();
      } else if (!one.mayBeNothing) {
        assertThat(made).as(one.reason).isEqualTo(1);
      } else {
        assertThat(made).as(one.reason).isLessThanOrEqualTo(1);
      }
    }
    assertThat(asked).filteredOn(one -> one.answer.succeeded()).hasSizeGreaterThan(50);
  }

  private void assertNoVersionReturned() {
    Map<DocumentKey, Long> versions = new HashMap<>();
    Map<DocumentKey, Long> newest = new HashMap<>();
    for (Commit commit : history) {
      for (Edit edit : commit.change().edits()) {
        long before = versions.getOrDefault(edit.key(), 0L);
        assertThat(edit.expectedVersion()).isEqualTo(before);
        long revision = commit.head().revision();
        assertThat(revision).isGreaterThan(newest.getOrDefault(edit.key(), 0L));
        newest.put(edit.key(), revision);
        versions.put(edit.key(), edit.value() == null ? 0 : revision);
      }
    }
  }
}
