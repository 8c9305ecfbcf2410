package io.shield.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.error.InvalidValueException;
import io.shield.fixtures.RandomModel;
import io.shield.fixtures.Seeds;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.VersionConflict;
import io.shield.model.store.Versioned;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotTest {
  private static final Snapshot EMPTY = Snapshot.empty(new Head("e", 1, "c1"));
  private static final DocumentKey X = DocumentKey.state("GET:/x");
  private static final DocumentKey GLOBAL = DocumentKey.globalMaintenance();
  private static final DocumentKey POLICY = DocumentKey.policy("GET:/x");
  private static final DocumentKey DOCUMENT = DocumentKey.document("edge:x");

  private static Commit commit(Snapshot current, Edit... edits) {
    long next = current.head().revision() + 1;
    return Commit.following(
        current.head(), "c" + next, new Change("r" + next, Arrays.asList(edits), List.of()));
  }

  private static Snapshot after(Snapshot current, Edit... edits) {
    return current.apply(commit(current, edits));
  }

  private static Edit put(Snapshot current, String routeKey) {
    DocumentKey key = DocumentKey.state(routeKey);
    return new Edit(key, current.version(key), RouteState.active(routeKey));
  }

  private static Edit delete(Snapshot current, DocumentKey key) {
    return new Edit(key, current.version(key), null);
  }

  private static Snapshot full() {
    return after(
        EMPTY,
        new Edit(X, 0, RouteState.active("GET:/x")),
        new Edit(GLOBAL, 0, MaintenanceMode.on("deploy")),
        new Edit(DocumentKey.serviceMaintenance("pay"), 0, MaintenanceMode.on("db")),
        new Edit(POLICY, 0, RateLimitPolicy.of("GET", "/x", "1/day")),
        new Edit(DOCUMENT, 0, new OpaqueDocument("{}")));
  }

  @Test
  void anEmptyOneHasNothing() {
    assertThat(EMPTY.content()).isEmpty();
    assertThat(EMPTY.state("GET:/x")).isNull();
    assertThat(EMPTY.value(GLOBAL)).isNull();
    assertThat(EMPTY.version(GLOBAL)).isZero();
    assertThat(EMPTY.globalMaintenance()).isEqualTo(MaintenanceMode.OFF);
    assertThat(EMPTY.serviceMaintenance("pay")).isEqualTo(MaintenanceMode.OFF);
    assertThat(EMPTY.serviceMaintenance("any / thing")).isEqualTo(MaintenanceMode.OFF);
  }

  @Test
  void whatIsDifferentAtAnotherHeadIsLaidOverTheRest() {
    Head later = new Head("e", 9, "c9");
    Versioned<RouteState> closed =
        new Versioned<>(RouteState.builder("GET:/x").status(RouteStatus.DISABLED).build(), 7);
    Versioned<OpaqueDocument> note = new Versioned<>(new OpaqueDocument("note"), 8);
    DocumentKey other = DocumentKey.document("other");
    Snapshot next = full().at(later, Map.of(X, closed, other, note));

    Map<DocumentKey, Versioned<?>> expected = new LinkedHashMap<>(full().content());
    expected.put(X, closed);
    expected.put(other, note);
    assertThat(next).isEqualTo(Snapshot.of(later, expected));
    Snapshot full = full();
    assertThat(full.at(later, Map.of()).states()).isSameAs(full.states());
    assertThatThrownBy(() -> EMPTY.at(later, Map.of(other, new Versioned<>(note.value(), 0))))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void aCommitWritesEachKindWithItsRevisionAsVersion() {
    Snapshot snapshot = full();

    assertThat(snapshot.head()).isEqualTo(new Head("e", 2, "c2"));
    for (DocumentKey key : List.of(X, GLOBAL, POLICY, DOCUMENT)) {
      assertThat(snapshot.version(key)).as("%s", key).isEqualTo(2);
      assertThat(snapshot.value(key)).as("%s", key).isNotNull();
    }
    assertThat(snapshot.state("GET:/x")).isEqualTo(RouteState.active("GET:/x").withVersion(2));
    assertThat(snapshot.globalMaintenance().reason()).isEqualTo("deploy");
    assertThat(snapshot.serviceMaintenance("pay").reason()).isEqualTo("db");
    assertThat(snapshot.serviceMaintenance("stock")).isEqualTo(MaintenanceMode.OFF);
    assertThat(EMPTY.content()).as("the one before").isEmpty();
  }

  @Test
  void aCommitDeletesEachKind() {
    Snapshot snapshot = full();

    for (DocumentKey key : List.of(X, GLOBAL, POLICY, DOCUMENT)) {
      Snapshot without = after(snapshot, delete(snapshot, key));
      assertThat(without.version(key)).as("%s", key).isZero();
      assertThat(without.value(key)).as("%s", key).isNull();
      assertThat(without.content()).hasSize(snapshot.content().size() - 1);
      assertThat(snapshot.value(key)).as("%s before", key).isNotNull();
    }
  }

  @Test
  void noVersionReturnsAfterADeletion() {
    Snapshot first = after(EMPTY, put(EMPTY, "GET:/x"));
    Snapshot gone = after(first, delete(first, X));
    Snapshot again = after(gone, put(gone, "GET:/x"));

    assertThat(first.version(X)).isEqualTo(2);
    assertThat(gone.version(X)).isZero();
    assertThat(again.version(X)).isEqualTo(4);
  }

  @Test
  void statesKeepTheOrderInWhichTheyWereFirstWritten() {
    Snapshot snapshot = after(EMPTY, put(EMPTY, "GET:/z"), put(EMPTY, "/a"));
    snapshot = after(snapshot, put(snapshot, "GET:/m"));
    snapshot = after(snapshot, put(snapshot, "GET:/z"));
    assertThat(snapshot.states().keySet()).containsExactly("GET:/z", "/a", "GET:/m");

    snapshot = after(snapshot, delete(snapshot, DocumentKey.state("GET:/z")));
    snapshot = after(snapshot, put(snapshot, "GET:/z"));
    assertThat(snapshot.states().keySet()).containsExactly("/a", "GET:/m", "GET:/z");
    assertThat(Snapshot.of(snapshot.head(), snapshot.content()).states().keySet())
        .containsExactly("/a", "GET:/m", "GET:/z");
  }

  @Test
  void namesEveryConflictWithBothSides() {
    Snapshot snapshot = full();
    Edit stale = new Edit(X, 1, RouteState.active("GET:/x"));
    Edit exists = new Edit(GLOBAL, 0, MaintenanceMode.OFF);
    Edit gone = new Edit(DocumentKey.state("GET:/gone"), 5, null);
    Edit fine = new Edit(POLICY, 2, null);
    Edit fresh = put(snapshot, "GET:/new");

    assertThat(
            snapshot.conflicts(
                new Change("r", List.of(stale, exists, gone, fine, fresh), List.of())))
        .containsExactly(
            new VersionConflict(X, 1, 2, snapshot.state("GET:/x")),
            new VersionConflict(GLOBAL, 0, 2, MaintenanceMode.on("deploy")),
            new VersionConflict(DocumentKey.state("GET:/gone"), 5, 0, null));
    assertThat(snapshot.conflicts(new Change("r", List.of(fine, fresh), List.of()))).isEmpty();
  }

  @Test
  void appliesOnlyTheDirectSuccessor() {
    Snapshot snapshot = full();
    Change change = commit(snapshot, put(snapshot, "GET:/new")).change();
    Commit next = new Commit(new Head("e", 3, "c3"), "c2", change);
    List<Commit> others =
        List.of(
            new Commit(new Head("e", 3, "c3"), "other", change),
            new Commit(new Head("other", 3, "c3"), "c2", change),
            new Commit(new Head("e", 4, "c4"), "c2", change),
            new Commit(new Head("e", 2, "c2"), "c2", change),
            new Commit(new Head("e", 2, "c2"), "c1", change));

    assertThat(snapshot.precedes(next)).isTrue();
    assertThat(snapshot.apply(next).head()).isEqualTo(next.head());
    for (Commit other : others) {
      assertThat(snapshot.precedes(other)).as("%s", other).isFalse();
      assertThatThrownBy(() -> snapshot.apply(other))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("does not follow");
    }
    assertThat(snapshot.apply(next).precedes(next)).as("twice").isFalse();
  }

  @Test
  void refusesAValueThatDoesNotBelongUnderItsKey() {
    Versioned<?> mode = new Versioned<>(MaintenanceMode.OFF, 1);

    assertThatThrownBy(() -> Snapshot.of(EMPTY.head(), Map.of(X, mode)))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContainingAll("value", "MaintenanceMode", "what belongs under state GET:/x");
  }

  @Test
  void nothingItReturnsCanBeChanged() {
    for (Snapshot snapshot : List.of(EMPTY, full(), Snapshot.of(EMPTY.head(), full().content()))) {
      for (Map<?, ?> map :
          List.of(
              snapshot.states(),
              snapshot.maintenance(),
              snapshot.policies(),
              snapshot.documents())) {
        assertThat(map).isUnmodifiable();
      }
    }
  }

  @Test
  void theContentItWasMadeOfMayChange() {
    Map<DocumentKey, Versioned<?>> content = new HashMap<>(full().content());
    Snapshot snapshot = Snapshot.of(EMPTY.head(), content);
    content.clear();
    snapshot.content().clear();

    assertThat(snapshot.content()).hasSize(5);
  }

  @Test
  void equalsByHeadAndDocuments() {
    Snapshot snapshot = full();
    Snapshot copy = Snapshot.of(snapshot.head(), snapshot.content());
    Map<DocumentKey, Versioned<?>> otherVersion = new LinkedHashMap<>(snapshot.content());
    otherVersion.put(GLOBAL, new Versioned<>(MaintenanceMode.on("deploy"), 1));

    assertThat(copy).isEqualTo(snapshot).hasSameHashCodeAs(snapshot);
    assertThat(snapshot)
        .isNotEqualTo(Snapshot.of(new Head("e", 2, "other"), snapshot.content()))
        .isNotEqualTo(Snapshot.of(snapshot.head(), otherVersion))
        .isNotEqualTo(after(snapshot, delete(snapshot, X)))
        .isNotEqualTo(null);
    for (DocumentKey key : List.of(X, GLOBAL, POLICY, DOCUMENT)) {
      Map<DocumentKey, Versioned<?>> fewer = new LinkedHashMap<>(snapshot.content());
      fewer.remove(key);
      assertThat(Snapshot.of(snapshot.head(), fewer)).as("%s", key).isNotEqualTo(snapshot);
    }
  }

  /** Applying commits one by one gives what a plain map of the latest values gives. */
  @Test
  void manyCommitsGiveWhatAMapGives() {
    RandomModel random = new RandomModel(Seeds.random("SnapshotTest"));
    Snapshot snapshot = EMPTY;
    Map<DocumentKey, Versioned<?>> expected = new LinkedHashMap<>();
    List<Snapshot> history = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      Change change = random.change(snapshot);
      assertThat(snapshot.conflicts(change)).isEmpty();
      assertThat(snapshot.conflicts(random.staleChange(snapshot))).isNotEmpty();
      snapshot = snapshot.apply(Commit.following(snapshot.head(), "c" + (i + 2), change));
      for (Edit edit : change.edits()) {
        expected.remove(edit.key());
        if (edit.value() != null) {
          expected.put(edit.key(), new Versioned<>(edit.value(), snapshot.head().revision()));
        }
      }
      if (i % 100 == 0) {
        history.add(snapshot);
        assertThat(snapshot).isEqualTo(Snapshot.of(snapshot.head(), expected));
      }
    }

    assertThat(snapshot).isEqualTo(Snapshot.of(snapshot.head(), expected));
    assertThat(history).doesNotHaveDuplicates().hasSize(10);
  }
}
