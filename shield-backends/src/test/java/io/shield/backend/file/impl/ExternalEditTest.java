package io.shield.backend.file.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.fixtures.MutableClock;
import io.shield.model.MaintenanceMode;
import io.shield.model.OpaqueDocument;
import io.shield.model.Origin;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.audit.FieldChange;
import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.CommitResult;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What editors, the original and other tools write into the file is adopted, never believed
 * blindly.
 */
class ExternalEditTest {
  private static final Path FILE = SimulatedDisk.DIRECTORY.resolve("state.json");
  private static final Path SIDE = SimulatedDisk.DIRECTORY.resolve("state.json.shield");
  private static final Instant UNTIL = Instant.parse("2031-01-01T00:00:00Z");

  private final SimulatedDisk disk = new SimulatedDisk();
  private final MutableClock clock = MutableClock.create();
  private TestStore store = TestStore.open(disk, FILE, clock, 100);

  @AfterEach
  void close() {
    store.close();
  }

  private void reopen() {
    store.close();
    store = TestStore.open(disk, FILE, clock, 100);
  }

  /** Lets a running store see the file, or a new one start on it. */
  private void see(boolean afterRestart) {
    if (afterRestart) {
      reopen();
    } else {
      store.poll();
    }
  }

  private List<AuditEntry> externalEdits() {
    return store.audit().stream().filter(e -> e.reason().equals("external edit")).toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anEditThatKeepsShieldsPartIsFoundByItsDigests(boolean afterRestart) {
    store.set("GET:/a", RouteStatus.ACTIVE, "");
    store.set("GET:/b", RouteStatus.ACTIVE, "");
    Head before = store.image().head();
    clock.advance(Duration.ofHours(1));

    Edits.edit(
        disk,
        FILE,
        tree -> Edits.state(tree, "GET:/a").put("status", "disabled").put("reason", "by hand"));
    see(afterRestart);

    assertThat(store.image().head().epoch()).isEqualTo(before.epoch());
    assertThat(store.image().head().revision()).isEqualTo(before.revision() + 1);
    RouteState edited = store.state("GET:/a");
    assertThat(edited.status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(edited.reason()).isEqualTo("by hand");
    assertThat(edited.version()).isEqualTo(before.revision() + 1);
    assertThat(edited.origin()).isEqualTo(Origin.RUNTIME);
    assertThat(edited.since()).isEqualTo(clock.instant());
    assertThat(store.version("GET:/b")).isEqualTo(before.revision());
    AuditEntry entry = externalEdits().get(0);
    assertThat(externalEdits()).hasSize(1);
    assertThat(entry.path()).isEqualTo("GET:/a");
    assertThat(entry.action()).isEqualTo("disable");
    assertThat(entry.actor()).isEqualTo("system");
    assertThat(entry.platform()).isEqualTo("system");
    assertThat(entry.previousStatus()).isEqualTo(RouteStatus.ACTIVE);
    assertThat(entry.nextStatus()).isEqualTo(RouteStatus.DISABLED);
    assertThat(entry.revision()).isEqualTo(before.revision() + 1);
    assertThat(entry.changes())
        .contains(new FieldChange("status", "\"active\"", "\"disabled\""))
        .contains(new FieldChange("reason", "\"\"", "\"by hand\""));
  }

  @Test
  void anAdoptionIsToldAsACommitAndWrittenOnce() {
    store.set("GET:/a", RouteStatus.ACTIVE, "");
    store.told.clear();

    Edits.edit(disk, FILE, tree -> Edits.state(tree, "GET:/a").put("status", "maintenance"));
    store.poll();
    Head adopted = store.image().head();
    store.poll();
    reopen();

    assertThat(store.image().head()).isEqualTo(adopted);
    assertThat(externalEdits()).extracting(AuditEntry::action).containsExactly("maintenance_on");
  }

  @Test
  void aCommitPutsItselfOnTopOfAnEdit() {
    store.set("GET:/a", RouteStatus.ACTIVE, "");
    store.set("GET:/b", RouteStatus.ACTIVE, "");
    long stale = store.version("GET:/a");

    Edits.edit(disk, FILE, tree -> Edits.state(tree, "GET:/a").put("status", "disabled"));
    Change onEdited = TestStore.setting("GET:/a", stale, RouteStatus.ACTIVE, "stale");
    assertThat(store.commit(onEdited)).isInstanceOf(CommitResult.Conflict.class);
    store.set("GET:/b", RouteStatus.DISABLED, "fresh");

    assertThat(store.state("GET:/a").status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(store.state("GET:/b").reason()).isEqualTo("fresh");
    assertThat(store.told).hasSize(4);
    assertThat(externalEdits()).hasSize(1);
  }

  @Test
  void anEditBetweenReadingAndReplacingTheFileIsNotOverwritten() {
    store.set("GET:/a", RouteStatus.ACTIVE, "");
    store.set("GET:/b", RouteStatus.ACTIVE, "");
    ObjectNode edited = Edits.tree(disk, FILE);
    Edits.state(edited, "GET:/a").put("status", "disabled");
    disk.before("sync state.json.tmp", () -> Edits.write(disk, FILE, edited));

    store.set("GET:/b", RouteStatus.DISABLED, "mine");

    assertThat(store.state("GET:/a").status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(store.state("GET:/b").reason()).isEqualTo("mine");
    assertThat(externalEdits()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theOriginalRewritesTheFileAndNothingIsLost(boolean afterRestart) {
    RouteState full =
        RouteState.builder("GET:/a")
            .status(RouteStatus.DISABLED)
            .until(UNTIL)
            .canaryPercentage(7)
            .since(MutableClock.START)
            .origin(Origin.CODE)
            .build();
    Change change =
        new Change(
            "full",
            List.of(
                new Edit(DocumentKey.state("GET:/a"), 0, full),
                new Edit(DocumentKey.globalMaintenance(), 0, MaintenanceMode.on("x")),
                new Edit(DocumentKey.document("d"), 0, new OpaqueDocument("content"))),
            List.of(TestStore.entry("e", "GET:/a", RouteStatus.DISABLED, "")));
    store.accept(change);
    Snapshot before = store.image().snapshot();
    List<AuditEntry> audit = store.audit();

    Edits.rewriteAsOriginal(disk, FILE, tree -> {});
    see(afterRestart);

    assertThat(store.image().snapshot()).isEqualTo(before);
    assertThat(store.audit()).isEqualTo(audit);
    assertThat(store.accept(change).head()).isEqualTo(before.head());
    store.set("GET:/b", RouteStatus.ACTIVE, "");
    assertThat(Edits.tree(disk, FILE).has("shield")).isTrue();
    reopen();
    assertThat(store.image().snapshot().documents()).isEqualTo(before.documents());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theOriginalsChangesAndEntriesAreAdopted(boolean afterRestart) {
    RouteState until =
        RouteState.builder("GET:/a").status(RouteStatus.DISABLED).until(UNTIL).build();
    store.accept(
        new Change("1", List.of(new Edit(DocumentKey.state("GET:/a"), 0, until)), List.of()));
    store.set("GET:/b", RouteStatus.ACTIVE, "");
    long untouched = store.version("GET:/b");

    Edits.rewriteAsOriginal(
        disk,
        FILE,
        tree -> {
          Edits.state(tree, "GET:/a").put("status", "maintenance");
          ObjectNode entry = ((ArrayNode) tree.get("audit")).addObject();
          entry.put("id", "theirs").put("timestamp", "2030-01-01T00:00:01Z");
          entry.put("path", "GET:/a").put("action", "maintenance_on").put("actor", "bob");
        });
    see(afterRestart);

    assertThat(store.state("GET:/a").status()).isEqualTo(RouteStatus.MAINTENANCE);
    assertThat(store.state("GET:/a").until()).as("it belonged to the former status").isNull();
    assertThat(store.version("GET:/b")).isEqualTo(untouched);
    long revision = store.image().head().revision();
    assertThat(store.audit())
        .filteredOn(e -> e.revision() == revision)
        .extracting(AuditEntry::id, AuditEntry::actor)
        .as("logged once, by who made it")
        .singleElement()
        .hasToString("(\"theirs\", \"bob\")");
  }

  @Test
  void hitsOfTheOriginalAreKeptWithoutACommit() {
    disk.edit(FILE, Edits.original());
    disk.remove(SIDE);
    reopen();
    Head before = store.image().head();

    Edits.rewriteAsOriginal(
        disk, FILE, tree -> ((ArrayNode) tree.get("rl_hits")).addObject().put("id", "another"));
    store.poll();

    assertThat(store.image().head()).isEqualTo(before);
    store.set("GET:/x", RouteStatus.ACTIVE, "");
    assertThat(Edits.tree(disk, FILE).get("rl_hits")).hasSize(2);
  }

  @Test
  void reservedStatesOfOthersAreKept() {
    Edits.edit(
        disk,
        FILE,
        tree ->
            List.of("__shield:later__", "__waygate:later__", "__other:x__")
                .forEach(
                    name ->
                        ((ObjectNode) tree.get("states"))
                            .putObject(name)
                            .put("path", name)
                            .put("more", true)));
    store.poll();
    store.set("GET:/a", RouteStatus.ACTIVE, "");
    reopen();
    store.set("GET:/a", RouteStatus.DISABLED, "");

    for (String name : List.of("__shield:later__", "__waygate:later__", "__other:x__")) {
      assertThat(Edits.state(Edits.tree(disk, FILE), name).get("more").asBoolean()).isTrue();
    }
    assertThat(store.image().snapshot().states()).containsOnlyKeys("GET:/a");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatAnEditRemovesIsKeptAndNamed(boolean afterRestart) {
    store.set("GET:/a", RouteStatus.DISABLED, "closed");
    store.set("GET:/b", RouteStatus.ACTIVE, "");
    Head before = store.image().head();

    Edits.edit(
        disk,
        FILE,
        tree -> {
          ((ObjectNode) tree.get("states")).remove("GET:/a");
          ((ArrayNode) tree.get("audit")).removeAll();
        });
    see(afterRestart);
    store.poll();

    assertThat(store.image().head()).isEqualTo(before);
    assertThat(store.state("GET:/a").reason()).isEqualTo("closed");
    assertThat(store.audit()).hasSize(2);
    assertThat(store.log.warnings())
        .singleElement()
        .asString()
        .contains(FILE.toString(), "state GET:/a", "keeps them");

    store.set("GET:/b", RouteStatus.DISABLED, "");
    assertThat(Edits.state(Edits.tree(disk, FILE), "GET:/a").get("reason").asText())
        .isEqualTo("closed");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theAuditLogCannotBeEditedAway(boolean afterRestart) {
    store.set("GET:/a", RouteStatus.DISABLED, "one");
    store.set("GET:/a", RouteStatus.ACTIVE, "two");
    List<AuditEntry> before = store.audit();

    Edits.edit(
        disk,
        FILE,
        tree -> {
          ((ArrayNode) tree.get("audit")).remove(1);
          ((ObjectNode) tree.get("audit").get(0)).put("actor", "mallory");
        });
    see(afterRestart);

    assertThat(store.audit()).isEqualTo(before);
  }

  @Test
  void aRouteCanBeAddedByHandInOneLine() {
    Edits.edit(
        disk,
        FILE,
        tree -> ((ObjectNode) tree.get("states")).putObject("GET:/new").put("status", "disabled"));
    store.poll();

    assertThat(store.state("GET:/new").status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(externalEdits())
        .extracting(AuditEntry::path, AuditEntry::action, AuditEntry::previousStatus)
        .containsExactly(tuple("GET:/new", "disable", null));
  }

  @Test
  void maintenanceAndPoliciesCanBeEditedToo() {
    disk.edit(FILE, Edits.original());
    disk.remove(SIDE);
    reopen();

    Edits.edit(
        disk,
        FILE,
        tree -> {
          Edits.state(tree, "__shield:global__").put("reason", "{\"enabled\":true}");
          Edits.state(tree, "__shield:global_rl__").put("reason", "{\"limit\":\"5/minute\"}");
          ((ObjectNode) tree.get("rl_policies").get("GET:/payments")).put("limit", "7/minute");
        });
    store.poll();

    assertThat(store.image().snapshot().globalMaintenance().enabled()).isTrue();
    assertThat(externalEdits())
        .extracting(AuditEntry::path, AuditEntry::action)
        .containsExactlyInAnyOrder(
            tuple("__global__", "global_maintenance_on"),
            tuple("__global_rl__", "global_rl_updated"),
            tuple("GET:/payments", "rl_policy_updated"));
  }

  @Test
  void anOlderCopyIsAnEditAndNotAStepBack() {
    store.set("GET:/a", RouteStatus.DISABLED, "old");
    byte[] oldMain = disk.content(FILE);
    byte[] oldSide = disk.content(SIDE);
    store.set("GET:/a", RouteStatus.ACTIVE, "new");
    store.set("GET:/b", RouteStatus.ACTIVE, "new");
    Head before = store.image().head();

    disk.edit(FILE, oldMain);
    disk.edit(SIDE, oldSide);
    store.poll();

    assertThat(store.image().head().epoch()).isEqualTo(before.epoch());
    assertThat(store.image().head().revision()).isEqualTo(before.revision() + 1);
    assertThat(store.state("GET:/a").reason()).isEqualTo("old");
    assertThat(store.state("GET:/b").reason()).as("an edit deletes nothing").isEqualTo("new");
    assertThat(externalEdits()).extracting(AuditEntry::path).containsExactly("GET:/a");
  }

  @Test
  void anOlderCopyPutBackWhileNothingRunsIsAnEditToo() {
    store.set("GET:/a", RouteStatus.DISABLED, "old");
    byte[] old = disk.content(FILE);
    store.set("GET:/a", RouteStatus.ACTIVE, "new");
    store.set("GET:/b", RouteStatus.ACTIVE, "new");
    Head before = store.image().head();

    store.close();
    disk.edit(FILE, old);
    store = TestStore.open(disk, FILE, clock, 100);

    assertThat(store.image().head().revision()).isEqualTo(before.revision() + 1);
    assertThat(store.state("GET:/a").reason()).isEqualTo("old");
    assertThat(store.state("GET:/b").reason()).isEqualTo("new");
  }

  @Test
  void theCopyOfTheLastWriteButOnePutBackWhileNothingRunsUndoesTheLast() {
    store.set("GET:/a", RouteStatus.DISABLED, "old");
    Snapshot before = store.image().snapshot();
    byte[] old = disk.content(FILE);
    store.set("GET:/a", RouteStatus.ACTIVE, "new");

    store.close();
    disk.edit(FILE, old);
    store = TestStore.open(disk, FILE, clock, 100);

    assertThat(store.image().snapshot()).isEqualTo(before);
  }

  @Test
  void anotherStoreInThePlaceOfThisOneIsShownAsItIs() {
    store.set("GET:/a", RouteStatus.ACTIVE, "");
    SimulatedDisk elsewhere = new SimulatedDisk();
    try (TestStore other = TestStore.open(elsewhere, FILE)) {
      other.set("GET:/other", RouteStatus.ACTIVE, "");

      disk.edit(SIDE, elsewhere.content(SIDE));
      disk.edit(FILE, elsewhere.content(FILE));
      store.poll();

      assertThat(store.image().snapshot()).isEqualTo(other.image().snapshot());
      assertThat(store.timesOutdated).isEqualTo(1);
    }
  }

  @Test
  void theMainFileOfAnotherStoreAloneIsAnEdit() {
    store.set("GET:/a", RouteStatus.ACTIVE, "");
    Head before = store.image().head();
    SimulatedDisk elsewhere = new SimulatedDisk();
    try (TestStore other = TestStore.open(elsewhere, FILE)) {
      other.set("GET:/other", RouteStatus.DISABLED, "");
    }

    disk.edit(FILE, elsewhere.content(FILE));
    store.poll();

    assertThat(store.image().head().epoch()).isEqualTo(before.epoch());
    assertThat(store.image().snapshot().states()).containsOnlyKeys("GET:/a", "GET:/other");
  }

  @Test
  void withoutItsSideFileTheMainFileIsEnough() {
    store.set("GET:/a", RouteStatus.ACTIVE, "");
    Snapshot before = store.image().snapshot();

    disk.remove(SIDE);
    reopen();

    assertThat(store.image().snapshot()).isEqualTo(before);
    assertThat(disk.files()).contains(SIDE);
    assertThat(store.log.warnings()).isEmpty();
  }

  @Test
  void aDamagedSideFileIsReportedAndReplaced() {
    store.set("GET:/a", RouteStatus.ACTIVE, "");
    Snapshot before = store.image().snapshot();

    disk.edit(SIDE, "{\"states\": tru");
    reopen();

    assertThat(store.image().snapshot()).isEqualTo(before);
    assertThat(store.log.warnings()).singleElement().asString().contains(SIDE.toString());
    reopen();
    assertThat(store.log.warnings()).isEmpty();
  }

  @Test
  void withoutItsSideFileAnEditedMainFileTellsTheVersions() {
    store.set("GET:/a", RouteStatus.ACTIVE, "");
    store.set("GET:/b", RouteStatus.ACTIVE, "");
    store.set("GET:/gone", RouteStatus.ACTIVE, "");
    Head before = store.image().head();
    long untouched = store.version("GET:/b");

    Edits.edit(
        disk,
        FILE,
        tree -> {
          Edits.state(tree, "GET:/a").put("status", "disabled");
          ((ObjectNode) tree.get("states")).remove("GET:/gone");
        });
    disk.remove(SIDE);
    reopen();

    assertThat(store.image().head().epoch()).isEqualTo(before.epoch());
    assertThat(store.image().head().revision()).isEqualTo(before.revision() + 1);
    assertThat(store.version("GET:/b")).isEqualTo(untouched);
    assertThat(externalEdits()).extracting(AuditEntry::path).containsExactly("GET:/a");
    assertThat(store.log.warnings()).singleElement().asString().contains("state GET:/gone");
  }

  @Test
  void deprecationsByHandAreDated() {
    store.set("GET:/a", RouteStatus.ACTIVE, "");

    Edits.edit(disk, FILE, tree -> Edits.state(tree, "GET:/a").put("status", "deprecated"));
    store.poll();

    assertThat(store.state("GET:/a").deprecatedAt()).isEqualTo(clock.instant());
  }

  @Test
  void anEditThatCannotBeWrittenIsNotInForceAndComesLater() {
    store.set("GET:/a", RouteStatus.ACTIVE, "");
    Head before = store.image().head();
    Edits.edit(disk, FILE, tree -> Edits.state(tree, "GET:/a").put("status", "disabled"));

    disk.full(true);
    store.poll();
    store.poll();

    assertThat(store.image().head()).isEqualTo(before);
    // Once that the disk takes nothing, and once that an edit waits for it.
    assertThat(store.log.warnings())
        .hasSize(2)
        .allSatisfy(warning -> assertThat(warning).contains("no space left"))
        .anySatisfy(warning -> assertThat(warning).contains("external edit is not in force"));
    disk.full(false);
    disk.pass(Duration.ofSeconds(3));
    store.poll();
    assertThat(store.state("GET:/a").status()).isEqualTo(RouteStatus.DISABLED);
  }

  @Test
  void anEditFoundAtAStartOnAFullDiskIsAdoptedLater() {
    store.set("GET:/a", RouteStatus.ACTIVE, "");
    Edits.edit(disk, FILE, tree -> Edits.state(tree, "GET:/a").put("status", "disabled"));

    disk.full(true);
    reopen();
    assertThat(store.state("GET:/a").status()).isEqualTo(RouteStatus.ACTIVE);
    assertThat(store.log.warnings()).singleElement().asString().contains("no space left");

    disk.full(false);
    disk.pass(Duration.ofSeconds(3));
    store.poll();
    assertThat(store.state("GET:/a").status()).isEqualTo(RouteStatus.DISABLED);
  }

  @Test
  void aFileOfTheOriginalOnAFullDiskFailsTheStart() {
    SimulatedDisk other = new SimulatedDisk();
    other.edit(FILE, Edits.original());
    other.full(true);

    assertThatThrownBy(() -> TestStore.open(other, FILE))
        .hasMessageContaining(FILE.toString())
        .hasMessageContaining("no space left");
    assertThat(other.text(FILE)).isEqualTo(Edits.original());
  }
}
