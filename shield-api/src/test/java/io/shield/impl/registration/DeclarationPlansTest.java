package io.shield.impl.registration;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.MutableClock;
import io.shield.impl.change.Plan;
import io.shield.internal.EngineInternals.Declarations;
import io.shield.internal.EngineInternals.RouteSource;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What declarations come to, given what is stored. */
class DeclarationPlansTest {
  private static final RouteState A = RouteState.active("GET:/a");
  private static final RouteState A_OFF =
      RouteState.builder("GET:/a").status(RouteStatus.DISABLED).build();
  private static final RouteState B = RouteState.active("GET:/b");

  private final MutableClock clock = MutableClock.create();
  private Snapshot store = Snapshot.empty(new Head("epoch", 1, "id"));

  private DeclarationPlans declaring(RouteState... states) {
    DeclarationPlans declarationPlans = new DeclarationPlans(null, clock);
    declarationPlans.register(List.of(states));
    return declarationPlans;
  }

  private void carryOut(Plan plan) {
    if (plan.isEmpty()) {
      return;
    }
    Change change = new Change("request", plan.edits(), plan.audit());
    store = store.apply(Commit.following(store.head(), "id" + store.head().revision(), change));
  }

  private static List<String> keys(Plan plan) {
    return plan.edits().stream().map(Edit::key).map(key -> key.key()).toList();
  }

  @Test
  void theReminderRenewsNothingThatNewerCodeDeclared() {
    DeclarationPlans oldCode = declaring(A);
    carryOut(oldCode.plan(store));
    DeclarationPlans newCode = declaring(A_OFF);
    carryOut(newCode.plan(store));
    assertThat(oldCode.reminder(store).isEmpty()).isTrue();
    clock.advance(Duration.ofDays(1));
    assertThat(keys(oldCode.reminder(store))).containsExactly("registered:");
    // While a restart of the old code would declare it again.
    assertThat(keys(oldCode.plan(store))).contains("GET:/a");
  }

  @Test
  void theReminderAddsWhatGotLost() {
    DeclarationPlans declarationPlans = declaring(A, B);
    carryOut(declaring(A).plan(store));
    assertThat(keys(declarationPlans.reminder(store)))
        .containsExactlyInAnyOrder("GET:/b", "registered:");
  }

  /** Two builds run, and somebody forgets a route that one of them closes. */
  @Test
  void whatIsBroughtBackIsClosedIfAnyCodeClosesIt() {
    for (boolean closingFirst : List.of(true, false)) {
      store = Snapshot.empty(new Head("epoch", 1, "id"));
      DeclarationPlans opening = declaring(A);
      DeclarationPlans closing = declaring(A_OFF);
      List<DeclarationPlans> fleet =
          closingFirst ? List.of(closing, opening) : List.of(opening, closing);
      for (DeclarationPlans each : List.of(opening, closing)) {
        carryOut(each.plan(store));
        each.settle(each.generation(), store);
      }
      DocumentKey key = DocumentKey.state("GET:/a");
      carryOut(new Plan(List.of(new Edit(key, store.version(key), null)), List.of(), List.of()));
      fleet.forEach(each -> each.seekLost(store, closingFirst ? Set.of(key) : null));
      assertThat(closing.over(store).state("GET:/a").status()).isEqualTo(RouteStatus.DISABLED);
      for (DeclarationPlans each : fleet) {
        carryOut(each.plan(store));
        assertThat(each.settle(each.generation(), store)).isTrue();
        assertThat(closing.over(store).state("GET:/a").status()).isEqualTo(RouteStatus.DISABLED);
      }
      assertThat(store.state("GET:/a").status()).isEqualTo(RouteStatus.DISABLED);
      // Each said it once, and neither says it again.
      fleet.forEach(each -> each.seekLost(store, Set.of(key)));
      assertThat(fleet).allMatch(DeclarationPlans::isSettled);
    }
  }

  @Test
  void whoDeclaresNothingRemindsOfNothing() {
    assertThat(declaring().reminder(store).isEmpty()).isTrue();
    assertThat(declaring().plan(store).isEmpty()).isTrue();
  }

  /** A store in memory and who follows it then have the same object of each route. */
  @Test
  void whatIsNewIsPlannedAsTheNextCommitWritesIt() {
    Plan plan = declaring(A).plan(store);
    carryOut(plan);
    assertThat(store.state("GET:/a")).isSameAs(plan.edits().get(0).value());
    assertThat(store.version(DocumentKey.state("GET:/a"))).isEqualTo(2);
  }

  /** However much is declared already, something more costs what it is worth. */
  @Test
  void whatComesBitByBitIsComparedBeforeAndAfterItIsStored() {
    int bits = 300;
    int each = 20;
    DeclarationPlans declarationPlans = declaring();
    for (int bit = 0; bit < bits; bit++) {
      List<RouteState> states = new ArrayList<>();
      for (int i = 0; i < each; i++) {
        states.add(RouteState.active("GET:/" + bit + "/" + i));
      }
      declarationPlans.register(states);
      long generation = declarationPlans.generation();
      Plan plan = declarationPlans.plan(store);
      assertThat(plan.edits()).hasSizeBetween(each, each + 1);
      carryOut(plan);
      assertThat(declarationPlans.settle(generation, store)).isTrue();
      assertThat(declarationPlans.over(store)).isSameAs(store);
    }
    assertThat(declarationPlans.compared()).isEqualTo(2L * bits * each);
    assertThat(store.states()).hasSize(bits * each);
    // Of many the record is written when it lacks many, and for all at the latest by the reminder.
    Plan reminder = declarationPlans.reminder(store);
    assertThat(reminder.edits())
        .singleElement()
        .extracting(e -> e.key().key())
        .isEqualTo("registered:");
    carryOut(reminder);
    assertThat(store.documents().get("registered:").value().content()).contains("GET:/299/19");
    assertThat(declarationPlans.reminder(store).isEmpty()).isTrue();
  }

  /** What is declared while more than one commit is needed is stored too, and each once. */
  @Test
  void soAreManyAtOnceAndThenSomeMore() {
    int routes = 20_000;
    DeclarationPlans declarationPlans = declaring();
    List<RouteState> states = new ArrayList<>();
    for (int i = 0; i < routes; i++) {
      states.add(RouteState.active("GET:/" + i));
    }
    declarationPlans.register(states);
    int commits = 0;
    long generation;
    do {
      generation = declarationPlans.generation();
      carryOut(declarationPlans.plan(store));
      if (commits == 1) {
        declarationPlans.register(List.of(A_OFF));
      }
      commits++;
    } while (!declarationPlans.settle(generation, store));
    assertThat(commits).isEqualTo(6);
    assertThat(store.states()).hasSize(routes + 1);
    assertThat(declarationPlans.compared()).isEqualTo(2L * (routes + 1));
  }

  /** A node that does not hold yet what it stored goes on enforcing what it declared. */
  @Test
  void whatThisNodeDoesNotHoldYetStaysInForce() {
    DeclarationPlans declarationPlans = declaring(A_OFF);
    Snapshot behind = store;
    long generation = declarationPlans.generation();
    carryOut(declarationPlans.plan(store));
    assertThat(declarationPlans.settle(generation, behind)).isFalse();
    assertThat(declarationPlans.over(behind).state("GET:/a").status())
        .isEqualTo(RouteStatus.DISABLED);
    assertThat(declarationPlans.plan(store).isEmpty()).isTrue();
    assertThat(declarationPlans.settle(generation, store)).isTrue();
  }

  /** A router that changes before anything of it was stored. */
  @Test
  void whatIsNoLongerDeclaredIsNotWaitedFor() {
    DeclarationPlans declarationPlans = declaring();
    RouteSource router = () -> {};
    declarationPlans.declare(router, declarations(A_OFF, B));
    declarationPlans.declare(router, declarations(B));
    long generation = declarationPlans.generation();
    carryOut(declarationPlans.plan(store));
    assertThat(declarationPlans.settle(generation, store)).isTrue();
    assertThat(store.states()).containsOnlyKeys("GET:/b");
  }

  private static Declarations declarations(RouteState... states) {
    return new Declarations(
        Stream.of(states).map(state -> new Declarations.Route(state, true)).toList(), List.of());
  }

  @Test
  void aRouteWithBothSpellingsOfParametersIsStoredToo() {
    DeclarationPlans declarationPlans = declaring(RouteState.active("GET:/a/:b/{c}"));
    long generation = declarationPlans.generation();
    carryOut(declarationPlans.plan(store));
    assertThat(declarationPlans.settle(generation, store)).isTrue();
    declarationPlans.renewed();
    assertThat(declarationPlans.plan(store).isEmpty()).isTrue();
  }

  @Test
  void timesAreStampedInMilliseconds() {
    clock.set(Instant.parse("2030-01-01T00:00:00.123456789Z"));
    carryOut(declaring(A).plan(store));
    assertThat(store.state("GET:/a").since()).isEqualTo(Instant.parse("2030-01-01T00:00:00.123Z"));
  }

  @Test
  void whatIsNotStoredYetIsLaidOverTheStore() {
    DeclarationPlans declarationPlans = declaring(A_OFF);
    assertThat(declarationPlans.isSettled()).isFalse();
    assertThat(declarationPlans.over(store).state("GET:/a").status())
        .isEqualTo(RouteStatus.DISABLED);
    assertThat(declarationPlans.over(store).head()).isEqualTo(store.head());
    long generation = declarationPlans.generation();
    carryOut(declarationPlans.plan(store));
    assertThat(declarationPlans.over(store)).isSameAs(store);
    assertThat(declarationPlans.settle(generation, store)).isTrue();
    // From now on the store decides.
    carryOut(declaring(A).plan(store));
    assertThat(declarationPlans.over(store)).isSameAs(store);
    declarationPlans.register(List.of(B));
    assertThat(declarationPlans.isSettled()).isFalse();
    assertThat(declarationPlans.settle(generation, store)).isFalse();
  }
}
