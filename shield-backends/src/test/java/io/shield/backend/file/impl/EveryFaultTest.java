package io.shield.backend.file.impl;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.backend.file.impl.SimulatedDisk.Crash;
import io.shield.backend.file.impl.SimulatedDisk.Crashed;
import io.shield.backend.file.impl.SimulatedDisk.Fault;
import io.shield.error.ShieldException;
import io.shield.fixtures.Seeds;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.spi.ChangeRefusedException;
import io.shield.spi.CommitResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lets every single operation on the disk fail, and crashes before and after each, with every kind
 * of loss; then opens the store again and compares it with what was promised.
 */
class EveryFaultTest {
  private static final Path FILE = SimulatedDisk.DIRECTORY.resolve("state.json");
  private static final Path TOML = SimulatedDisk.DIRECTORY.resolve("state.toml");
  private static final List<String> ROUTES = List.of("GET:/a", "GET:/b", "GET:/c");

  /** What was promised to whom committed. */
  private static final class Promises {
    final Map<String, String> reasons = new LinkedHashMap<>();
    final Set<String> auditIds = new HashSet<>();
    final List<Change> refused = new ArrayList<>();
    Change open;

    void accepted(Change change) {
      RouteState state = (RouteState) change.edits().get(0).value();
      reasons.put(state.path(), state.reason());
      auditIds.add(change.audit().get(0).id());
    }

    /** Compares, and settles whether the open change happened. */
    void check(TestStore store) {
      if (open != null && has(store, open)) {
        accepted(open);
      } else if (open != null) {
        refused.add(open);
      }
      Map<String, String> found = new LinkedHashMap<>();
      store.image().snapshot().states().forEach((key, state) -> found.put(key, state.reason()));
      assertThat(found).isEqualTo(reasons);
      assertThat(store.audit())
          .extracting(AuditEntry::id)
          .doesNotHaveDuplicates()
          .containsExactlyInAnyOrderElementsOf(auditIds);
      for (AuditEntry entry : store.audit()) {
        assertThat(entry.revision()).isBetween(1L, store.image().head().revision());
      }
      store.image().snapshot().states().values().forEach(state -> checkLogged(store, state));
    }

    private static boolean has(TestStore store, Change change) {
      String id = change.audit().get(0).id();
      return store.audit().stream().anyMatch(entry -> entry.id().equals(id));
    }

    private static void checkLogged(TestStore store, RouteState state) {
      assertThat(store.audit())
          .as("the entry of %s", state)
          .anyMatch(
              entry ->
                  entry.revision() == state.version()
                      && entry.path().equals(state.path())
                      && entry.reason().equals(state.reason()));
    }
  }

  @ParameterizedTest
  @EnumSource(Crash.class)
  void crashesLoseNothingThatWasPromised(Crash crash) {
    Random random = Seeds.random("crashes " + crash);
    int operations = operations(FILE);
    for (int at = 0; at < operations; at++) {
      for (Fault fault : List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
        crashAt(FILE, at, fault, crash, random);
      }
    }
  }

  @Test
  void crashesLoseNothingThatWasPromisedInToml() {
    Random random = Seeds.random("crashes in TOML");
    int operations = operations(TOML);
    for (int at = 0; at < operations; at++) {
      crashAt(TOML, at, Fault.CRASH_BEFORE, Crash.ANYTHING, random);
    }
  }

  private static void crashAt(Path file, int at, Fault fault, Crash crash, Random random) {
    SimulatedDisk disk = new SimulatedDisk();
    Promises promises = new Promises();
    disk.failAt(at, fault);
    try {
      work(disk, file, promises);
    } catch (Crashed expected) {
      // Goes on below.
    }
    String story = "crash at " + at + " " + fault + " " + crash + " " + disk.operations();
    disk.crash(crash, random);
    try (TestStore store = TestStore.open(disk, file)) {
      promises.check(store);
      goOn(store, promises);
    } catch (AssertionError | ShieldException e) {
      throw new AssertionError(story, e);
    }
  }

  /** The change whose outcome was open is repeated: it is there once. */
  private static void goOn(TestStore store, Promises promises) {
    if (promises.open != null) {
      CommitResult result = store.commit(promises.open);
      assertThat(result).isInstanceOf(CommitResult.Accepted.class);
      promises.refused.remove(promises.open);
      promises.accepted(promises.open);
    }
    promises.open = null;
    Change last =
        TestStore.setting("GET:/z", store.version("GET:/z"), RouteStatus.DISABLED, "last");
    store.accept(last);
    promises.accepted(last);
    promises.check(store);
  }

  @Test
  void aRepeatedRequestIsOnlyAnsweredWhenItsCommitIsOnTheDisk() {
    Random random = Seeds.random("repeated requests");
    int operations = operations(FILE);
    for (int at = 0; at < operations; at++) {
      SimulatedDisk disk = new SimulatedDisk();
      Promises promises = new Promises();
      disk.failAt(at, Fault.CRASH_AFTER);
      try {
        work(disk, FILE, promises);
      } catch (Crashed expected) {
        // Goes on below.
      }
      disk.crash(Crash.KILLED, random);
      try (TestStore store = TestStore.open(disk, FILE)) {
        if (promises.open != null) {
          assertThat(store.commit(promises.open)).isInstanceOf(CommitResult.Accepted.class);
          promises.accepted(promises.open);
          promises.open = null;
        }
      }
      disk.crash(Crash.NOTHING_LEFT, random);
      try (TestStore store = TestStore.open(disk, FILE)) {
        promises.check(store);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"state.json", "state.toml"})
  void failuresRefuseAndNothingElse(String name) {
    Path file = SimulatedDisk.DIRECTORY.resolve(name);
    Random random = Seeds.random("failures");
    int operations = operations(file);
    int refusals = 0;
    for (int at = 0; at < operations; at++) {
      SimulatedDisk disk = new SimulatedDisk();
      Promises promises = new Promises();
      disk.failAt(at, Fault.FAIL);
      String story = "failure at " + at;
      try {
        work(disk, file, promises);
        story += " " + disk.operations();
        refusals += promises.refused.size();
        disk.crash(random.nextBoolean() ? Crash.KILLED : Crash.NOTHING_LEFT, random);
        try (TestStore store = TestStore.open(disk, file)) {
          promises.check(store);
          goOn(store, promises);
        }
      } catch (AssertionError | ShieldException e) {
        throw new AssertionError(story, e);
      }
    }
    assertThat(refusals).isGreaterThan(ROUTES.size());
  }

  @ParameterizedTest
  @EnumSource(Crash.class)
  void anExternalEditSurvivesCrashes(Crash crash) {
    Random random = Seeds.random("edits and crashes " + crash);
    for (int at = 0; at < 60; at++) {
      SimulatedDisk disk = new SimulatedDisk();
      long untouched;
      try (TestStore store = TestStore.open(disk, FILE)) {
        store.set("GET:/a", RouteStatus.ACTIVE, "mine");
        store.set("GET:/b", RouteStatus.ACTIVE, "mine");
        untouched = store.version("GET:/b");
      }
      Edits.rewriteAsOriginal(
          disk, FILE, tree -> Edits.state(tree, "GET:/a").put("reason", "by hand"));
      disk.failAt(at, random.nextBoolean() ? Fault.CRASH_BEFORE : Fault.CRASH_AFTER);
      try (TestStore store = TestStore.open(disk, FILE)) {
        store.set("GET:/c", RouteStatus.ACTIVE, "mine");
      } catch (Crashed expected) {
        // Goes on below.
      }
      String story = "crash at " + at + " " + disk.operations();
      disk.crash(crash, random);
      try (TestStore store = TestStore.open(disk, FILE)) {
        assertThat(store.state("GET:/a").reason()).as(story).isEqualTo("by hand");
        assertThat(store.version("GET:/b")).as(story).isEqualTo(untouched);
        assertThat(store.audit())
            .as(story)
            .filteredOn(entry -> entry.reason().equals("external edit"))
            .extracting(AuditEntry::path)
            .containsExactly("GET:/a");
      }
    }
  }

  private static int operations(Path file) {
    SimulatedDisk disk = new SimulatedDisk();
    disk.failAt(Integer.MAX_VALUE, Fault.NONE);
    work(disk, file, new Promises());
    return disk.operations().size();
  }

  /** Creates, changes and opens again; a fault may come at any point. */
  private static void work(SimulatedDisk disk, Path file, Promises promises) {
    try (TestStore store = openDespiteFailure(disk, file)) {
      for (String route : ROUTES) {
        change(store, promises, route, "created");
      }
      change(store, promises, ROUTES.get(0), "changed");
    }
    try (TestStore store = openDespiteFailure(disk, file)) {
      promises.check(store);
      if (promises.open != null) {
        goOn(store, promises);
      }
      change(store, promises, ROUTES.get(1), "changed");
    }
  }

  private static TestStore openDespiteFailure(SimulatedDisk disk, Path file) {
    try {
      return TestStore.open(disk, file);
    } catch (ShieldException e) {
      return TestStore.open(disk, file);
    }
  }

  private static void change(TestStore store, Promises promises, String route, String reason) {
    Image before = store.image();
    Change change = TestStore.setting(route, store.version(route), RouteStatus.DISABLED, reason);
    promises.open = change;
    try {
      store.accept(change);
      promises.accepted(change);
    } catch (ChangeRefusedException e) {
      assertThat(store.image().snapshot()).isEqualTo(before.snapshot());
      promises.refused.add(change);
    } catch (ShieldException e) {
      CommitResult again = store.commit(change);
      assertThat(again).as(e.getMessage()).isInstanceOf(CommitResult.Accepted.class);
      promises.accepted(change);
    }
    promises.open = null;
  }
}
