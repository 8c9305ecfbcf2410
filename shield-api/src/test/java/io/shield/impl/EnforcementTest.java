package io.shield.impl;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.decision.Decision;
import io.shield.decision.Site;
import io.shield.fixtures.MutableClock;
import io.shield.impl.registration.DeclarationPlans;
import io.shield.internal.EngineInternals.Declarations;
import io.shield.internal.EngineInternals.RouteSource;
import io.shield.internal.gate.Gates;
import io.shield.internal.gate.Verdict;
import io.shield.internal.limit.RateLimiting;
import io.shield.internal.limit.time.LimitClock;
import io.shield.model.Origin;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Declarations and copies of the store that arrive in any order. */
class EnforcementTest {
  private static final VertxInternal VERTX = (VertxInternal) Vertx.vertx();
  private static final ContextInternal CONTEXT = VERTX.createEventLoopContext();
  private static final RouteState OFF =
      RouteState.builder("GET:/a").status(RouteStatus.DISABLED).build();

  private final MutableClock clock = MutableClock.create();
  private final Gates gates = new Gates(new Site("dev", null), clock, false);
  private final DeclarationPlans declarationPlans = new DeclarationPlans(null, clock);
  private final RateLimiting limits =
      new RateLimiting(new Site("dev", null), LimitClock.of(clock), (refused, resetAt) -> {});
  private final Enforcement enforcement =
      new Enforcement(CONTEXT, gates, limits, declarationPlans, false);
  private final Snapshot empty = Snapshot.empty(new Head("epoch", 1, "id"));

  @AfterAll
  static void close() {
    VERTX.close().await();
  }

  private boolean isOpen(String path) {
    int slot = gates.slots(List.of(path))[0];
    return gates.verdict(slot, HttpMethod.GET).decision().equals(Decision.ALLOW);
  }

  private Verdict verdict(String path) {
    return gates.verdict(gates.slots(List.of(path))[0], HttpMethod.GET);
  }

  private void declare(RouteState state) {
    enforcement.declared(Objects.requireNonNull(declarationPlans.register(List.of(state))));
  }

  /** With declarations that no store holds yet, and later with those that one holds. */
  @Test
  void aDeclarationCompilesNothingButItsOwn() {
    declare(OFF);
    Verdict before = verdict("/a");
    declare(RouteState.builder("GET:/b").status(RouteStatus.DISABLED).build());
    assertThat(isOpen("/b")).isFalse();
    assertThat(verdict("/a")).isSameAs(before);
    enforcement.prepare(empty, null).result().run();
    Verdict loaded = verdict("/a");
    declare(RouteState.builder("GET:/c/:id").status(RouteStatus.DISABLED).build());
    assertThat(isOpen("/c/:id")).isFalse();
    assertThat(verdict("/a")).isSameAs(loaded);
    assertThat(enforcement.inForce().states()).containsOnlyKeys("GET:/a", "GET:/b", "GET:/c/:id");
    assertThat(enforcement.inForce().stored()).isEqualTo(empty);

    DocumentKey spelt = DocumentKey.state("GET:/c/{id}");
    RouteState opened = RouteState.active(spelt.key()).toBuilder().origin(Origin.RUNTIME).build();
    Snapshot next =
        Snapshot.of(new Head("epoch", 2, "id2"), Map.of(spelt, new Versioned<>(opened, 2)));
    enforcement.prepare(next, Set.of(spelt)).result().run();
    assertThat(isOpen("/c/:id")).isTrue();
    assertThat(verdict("/a")).isSameAs(loaded);
    assertThat(enforcement.inForce().states()).containsOnlyKeys("GET:/a", "GET:/b", spelt.key());
    assertThat(enforcement.inForce().stored()).isEqualTo(next);
  }

  @Test
  void whatIsStoredIsNotKeptBesideTheStore() {
    declare(OFF);
    enforcement.prepare(empty, null).result().run();
    Verdict before = verdict("/a");
    enforcement.settled();
    assertThat(enforcement.inForce().version(DocumentKey.state("GET:/a"))).isZero();

    long generation = declarationPlans.generation();
    Change change = new Change("r", declarationPlans.plan(empty).edits(), List.of());
    Snapshot next = empty.apply(Commit.following(empty.head(), "id2", change));
    Set<DocumentKey> changed =
        Set.of(DocumentKey.state("GET:/a"), DocumentKey.document("registered:"));
    enforcement.prepare(next, changed).result().run();
    Verdict stored = verdict("/a");
    assertThat(declarationPlans.settle(generation, next)).isTrue();
    enforcement.settled();
    assertThat(enforcement.inForce()).isSameAs(next);
    assertThat(verdict("/a")).isSameAs(stored);
    assertThat(stored.decision()).isEqualTo(before.decision());
  }

  @Test
  void aDeclarationSurvivesTheFirstCopy() {
    declare(OFF);
    assertThat(isOpen("/a")).isFalse();
    enforcement.prepare(empty, null).result().run();
    assertThat(isOpen("/a")).isFalse();
    assertThat(enforcement.inForce().head()).isEqualTo(empty.head());
  }

  @Test
  void aDeclarationSurvivesACopyThatWasBeingCompiled() {
    Runnable compiled = enforcement.prepare(empty, null).result();
    declare(OFF);
    compiled.run();
    assertThat(isOpen("/a")).isFalse();
    assertThat(enforcement.inForce().state("GET:/a")).isNotNull();
    assertThat(enforcement.inForce().head()).isEqualTo(empty.head());
  }

  @Test
  void aCommitLeavesWhatIsDeclaredInForce() {
    enforcement.prepare(empty, null).result().run();
    declare(OFF);
    DocumentKey other = DocumentKey.state("GET:/b");
    RouteState closed = RouteState.builder("GET:/b").status(RouteStatus.DISABLED).build();
    Snapshot next =
        Snapshot.of(new Head("epoch", 2, "id2"), Map.of(other, new Versioned<>(closed, 2)));
    enforcement.prepare(next, Set.of(other)).result().run();
    assertThat(isOpen("/a")).isFalse();
    assertThat(isOpen("/b")).isFalse();
    assertThat(isOpen("/c")).isTrue();
  }

  @Test
  void aCommitCompiledBeforeADeclarationIsInForceDoesNotUndoIt() {
    enforcement.prepare(empty, null).result().run();
    assertThat(isOpen("/a")).isTrue();
    declarationPlans.register(List.of(OFF));
    DocumentKey other = DocumentKey.state("GET:/b");
    Snapshot next =
        Snapshot.of(
            new Head("epoch", 2, "id2"),
            Map.of(other, new Versioned<>(RouteState.active("GET:/b"), 2)));
    Runnable compiled = enforcement.prepare(next, Set.of(other)).result();
    enforcement.declared();
    compiled.run();
    assertThat(enforcement.inForce().state("GET:/a")).isNotNull();
    assertThat(isOpen("/a")).isFalse();
  }

  /** Not even for the moment until somebody notices that the store was renewed. */
  @Test
  void whatARenewedStoreLacksStaysClosed() {
    declare(OFF);
    Snapshot stored =
        Snapshot.of(
            new Head("epoch", 1, "id"),
            Map.of(DocumentKey.state("GET:/a"), new Versioned<>(OFF, 1)));
    enforcement.prepare(stored, null).result().run();
    declarationPlans.plan(stored);
    declarationPlans.settle(declarationPlans.generation(), stored);
    assertThat(enforcement.inForce()).isSameAs(stored);
    enforcement.prepare(Snapshot.empty(new Head("renewed", 1, "id")), null).result().run();
    assertThat(isOpen("/a")).isFalse();
  }

  /** Whether one commit takes it away, or the whole store was read again. */
  @Test
  void whatSomebodyForgotStaysClosed() {
    DocumentKey key = DocumentKey.state("GET:/a");
    for (Set<DocumentKey> changed : Arrays.asList(Set.of(key), null)) {
      declarationPlans.register(List.of(OFF));
      Snapshot stored =
          Snapshot.of(new Head("epoch", 1, "id"), Map.of(key, new Versioned<>(OFF, 1)));
      enforcement.prepare(stored, null).result().run();
      declarationPlans.plan(stored);
      declarationPlans.settle(declarationPlans.generation(), stored);
      enforcement.settled();
      assertThat(enforcement.inForce()).isSameAs(stored);
      Snapshot next = Snapshot.empty(new Head("epoch", 2, "id2"));
      enforcement.prepare(next, changed).result().run();
      assertThat(isOpen("/a")).isFalse();
      assertThat(enforcement.inForce().stored()).isEqualTo(next);
      assertThat(declarationPlans.isSettled()).isFalse();
    }
  }

  /** What is known to be stored by a copy that is about to be replaced by one that lacks it. */
  @Test
  void whatIsSettledWhileSomebodyForgetsItStaysClosed() {
    DocumentKey key = DocumentKey.state("GET:/a");
    RateLimitPolicy limit = RateLimitPolicy.of("GET", "/a", "5/minute");
    DocumentKey limited = DocumentKey.policy(limit.key());
    Snapshot stored =
        Snapshot.of(
            new Head("epoch", 1, "id"),
            Map.of(key, new Versioned<>(OFF, 1), limited, new Versioned<>(limit, 1)));
    Declarations all = new Declarations(List.of(new Declarations.Route(OFF, true)), List.of(limit));
    RouteSource code = () -> {};
    List<Head> heads = List.of(new Head("epoch", 2, "id2"), new Head("renewed", 1, "id"));
    for (Head head : heads) {
      for (Set<DocumentKey> changed : Arrays.asList(Set.of(key, limited), null)) {
        for (boolean isSettledBefore : List.of(true, false)) {
          DeclarationPlans plans = new DeclarationPlans(null, clock);
          Enforcement enforced = new Enforcement(CONTEXT, gates, limits, plans, false);
          enforced.declared(Objects.requireNonNull(plans.declare(code, all)));
          enforced.prepare(stored, null).await().run();
          plans.plan(stored);
          if (isSettledBefore) {
            plans.settle(plans.generation(), stored);
            enforced.settled();
          }
          Snapshot next = Snapshot.empty(head);
          Runnable compiled = enforced.prepare(next, changed).await();
          plans.plan(stored);
          plans.settle(plans.generation(), stored);
          enforced.settled();
          compiled.run();
          assertThat(isOpen("/a")).isFalse();
          assertThat(plans.isSettled()).isFalse();
          assertThat(plans.plan(next).edits()).extracting(Edit::key).contains(key, limited);
        }
      }
    }
  }

  @Test
  void closedUntilTheFirstCopyOnly() {
    Gates cold = new Gates(new Site("dev", null), clock, true);
    Enforcement closed = new Enforcement(CONTEXT, cold, limits, declarationPlans, true);
    int slot = cold.slots(List.of("/x"))[0];
    declarationPlans.register(List.of(RouteState.active("GET:/x")));
    closed.declared();
    assertThat(cold.verdict(slot, HttpMethod.GET).decision())
        .isInstanceOf(Decision.Maintenance.class);
    closed.prepare(empty, null).result().run();
    assertThat(cold.verdict(slot, HttpMethod.GET).decision()).isEqualTo(Decision.ALLOW);
    declarationPlans.register(List.of(RouteState.active("GET:/y")));
    closed.declared();
    assertThat(cold.verdict(slot, HttpMethod.GET).decision()).isEqualTo(Decision.ALLOW);
  }
}
