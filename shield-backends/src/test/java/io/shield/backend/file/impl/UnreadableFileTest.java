package io.shield.backend.file.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.backend.file.impl.SimulatedDisk.Fault;
import io.shield.error.ShieldException;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.ChangeRefusedException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that cannot be read is reported, never overwritten, and never taken as empty. */
class UnreadableFileTest {
  private static final Path FILE = SimulatedDisk.DIRECTORY.resolve("state.json");
  private static final Path SIDE = SimulatedDisk.DIRECTORY.resolve("state.json.shield");

  private final SimulatedDisk disk = new SimulatedDisk();
  private TestStore store;
  private Snapshot before;
  private String good;

  @BeforeEach
  void fill() {
    store = TestStore.open(disk, FILE);
    store.set("GET:/a", RouteStatus.DISABLED, "closed");
    store.set("GET:/b", RouteStatus.ACTIVE, "");
    before = store.image().snapshot();
    good = disk.text(FILE);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void assertRefused(String... parts) {
    assertThatThrownBy(() -> store.set("GET:/b", RouteStatus.DISABLED, "refused"))
        .isInstanceOf(ChangeRefusedException.class)
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
    assertThat(store.image().snapshot()).isEqualTo(before);
  }

  @Test
  void aHalfWrittenEditChangesNothingAndIsLoggedOnce() {
    String half = good.substring(0, good.indexOf("\"GET:/b\""));
    disk.edit(FILE, half);
    for (int i = 0; i < 5; i++) {
      store.poll();
    }

    assertThat(store.image().snapshot()).isEqualTo(before);
    assertThat(store.log.warnings())
        .singleElement()
        .asString()
        .matches("\\Q" + FILE + "\\E, line \\d+, column \\d+: .*")
        .contains("changes are refused")
        .doesNotContain("\n");
    assertRefused(FILE.toString(), ", line ", "nothing was changed");
    assertThat(disk.text(FILE)).isEqualTo(half);

    disk.edit(FILE, good);
    store.poll();
    store.set("GET:/b", RouteStatus.DISABLED, "accepted");
    assertThat(store.log.infos()).anyMatch(line -> line.contains("can be read again"));
  }

  /** What a bit made of a name, or a slip of the hand. */
  @ParameterizedTest
  @ValueSource(strings = {"\u007fET:/c", "", "GET:/\u202ec"})
  void aNameThatIsNoneStopsNothing(String name) {
    ObjectNode root = Edits.tree(disk, FILE);
    ObjectNode stray = root.objectNode().put("status", "disabled");
    root.withObject("/states").set(name, stray);
    root.withObject("/rl_policies").set(name, stray);
    disk.edit(FILE, root.toPrettyString());
    store.poll();
    store.set("GET:/b", RouteStatus.DISABLED, "accepted");

    assertThat(store.state("GET:/b").reason()).isEqualTo("accepted");
    assertThat(store.state("GET:/a").reason()).isEqualTo("closed");
  }

  @Test
  void theSameBrokenContentTouchedAgainIsNotLoggedAgain() {
    disk.edit(FILE, "{");
    store.poll();
    disk.edit(FILE, "{");
    store.poll();
    assertThat(store.log.warnings()).hasSize(1);

    disk.edit(FILE, "{ ");
    store.poll();
    assertThat(store.log.warnings()).hasSize(2);
  }

  @Test
  void anEditorThatIsStillWritingIsGivenAMoment() {
    disk.edit(FILE, good.substring(0, good.length() / 2));
    disk.whilePausing(() -> disk.edit(FILE, good.replace("closed", "still closed")));
    store.poll();

    assertThat(store.log.warnings()).isEmpty();
    assertThat(store.state("GET:/a").reason()).isEqualTo("still closed");
  }

  @Test
  void aCommitGivesItAMomentToo() {
    disk.edit(FILE, "");
    disk.whilePausing(() -> disk.edit(FILE, good.replace("closed", "still closed")));
    store.set("GET:/b", RouteStatus.DISABLED, "");

    assertThat(store.log.warnings()).isEmpty();
    assertThat(store.state("GET:/a").reason()).isEqualTo("still closed");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aVanishedOrEmptyFileIsNotBelieved(boolean vanished) {
    if (vanished) {
      disk.remove(FILE);
    } else {
      disk.edit(FILE, "");
    }
    store.poll();
    store.poll();

    assertThat(store.image().snapshot()).isEqualTo(before);
    assertThat(store.log.warnings())
        .singleElement()
        .asString()
        .contains(FILE + (vanished ? " does not exist" : " is empty"));

    store.set("GET:/b", RouteStatus.DISABLED, "next");
    assertThat(Edits.state(Edits.tree(disk, FILE), "GET:/a").get("reason").asText())
        .isEqualTo("closed");
    assertThat(store.image().head().revision()).isEqualTo(before.head().revision() + 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aVanishedOrEmptyFileIsNotBelievedAtAStart(boolean vanished) {
    store.close();
    if (vanished) {
      disk.remove(FILE);
    } else {
      disk.edit(FILE, "");
    }
    store = TestStore.open(disk, FILE);

    assertThat(store.image().snapshot()).isEqualTo(before);
    assertThat(store.log.warnings()).hasSize(1);
    store.set("GET:/b", RouteStatus.DISABLED, "next");
    assertThat(store.image().head().epoch()).isEqualTo(before.head().epoch());
    assertThat(Edits.tree(disk, FILE).get("states")).hasSize(2);
  }

  @Test
  void anEmptyFileWithoutAnyCopyFailsTheStart() {
    SimulatedDisk fresh = new SimulatedDisk();
    fresh.edit(FILE, "");

    assertThat(TestStore.refusal(fresh, FILE))
        .hasMessage(
            FILE + " is empty; put back a good copy, or remove it to start with a new store");
    assertThat(fresh.content(FILE)).isEmpty();
  }

  @Test
  void aBrokenFileFailsTheStartAndStaysAsItIs() {
    store.close();
    String broken = good.replace("\"disabled\",", "\"disabled\"");
    disk.edit(FILE, broken);

    ShieldException refusal = TestStore.refusal(disk, FILE);

    int line = (int) broken.substring(0, broken.indexOf("\"disabled\"")).lines().count() + 1;
    assertThat(refusal.getMessage())
        .startsWith(FILE + ", line " + line + ", column ")
        .endsWith("mend the file or put back a good copy, Shield has not touched it")
        .doesNotContain("\n");
    assertThat(disk.text(FILE)).isEqualTo(broken);
    store = TestStore.open(withText(good), FILE);
  }

  private SimulatedDisk withText(String text) {
    disk.edit(FILE, text);
    return disk;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "state.json | {'states': {,}} | line 1, column 13",
        "state.json | [] | line 1: not a table",
        "state.json | {'states':{},'states':{}} | Duplicate field 'states'",
        "state.yaml | 'states: [' | line 1",
        "state.yaml | 'just text' | line 1: not a table",
        "state.toml | 'states = ' | line 1",
        "state.toml | 'a = 1\\na = 2' | line 2",
      })
  void whatIsNoTreeIsRefusedWithItsPlace(String name, String text, String place) {
    Path file = SimulatedDisk.DIRECTORY.resolve(name);
    SimulatedDisk other = new SimulatedDisk();
    boolean json = name.endsWith("json");
    other.edit(file, (json ? text.replace('\'', '"') : text).replace("\\n", "\n"));

    assertThat(TestStore.refusal(other, file)).hasMessageContaining(place);
  }

  private void refused(Consumer<ObjectNode> edit, String... parts) {
    Edits.edit(disk, FILE, edit);
    assertReported(parts);
  }

  private void assertReported(String... parts) {
    store.poll();
    store.poll();
    assertThat(store.image().snapshot()).isEqualTo(before);
    assertThat(store.log.warnings()).singleElement().asString().contains(parts);
    assertRefused(parts);
  }

  /** What cannot be read stops nothing, and is still there after the next change. */
  private void setAside(Consumer<ObjectNode> edit, String name, String... parts) {
    Edits.edit(disk, FILE, edit);
    assertSetAside(name, parts);
  }

  private void assertSetAside(String name, String... parts) {
    store.poll();
    store.poll();
    assertThat(store.image().snapshot()).isEqualTo(before);
    assertThat(store.log.warnings()).singleElement().asString().contains(parts);
    assertThat(store.log.warnings().get(0)).contains("stays in force");
    assertThat(store.store.warning()).contains(FILE.toString(), "'" + name, "cannot be read");

    store.set("GET:/other", RouteStatus.DISABLED, "a change");
    assertThat(disk.text(FILE)).contains("\"" + name);
    store.poll();
    assertThat(store.log.warnings()).hasSize(1);
    assertThat(store.state("GET:/a")).isEqualTo(before.state("GET:/a"));
    assertThat(store.state("GET:/b")).isEqualTo(before.state("GET:/b"));
    assertThat(store.store.warning()).contains(name);

    Edits.edit(disk, FILE, tree -> tree.remove("unreadable"));
    store.poll();
    assertThat(store.store.warning()).isNull();
  }

  /** The number of the first line that holds the text, as in the message. */
  private String lineOf(String text) {
    List<String> lines = disk.text(FILE).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains(text)) {
        return ", line " + (i + 1) + ": ";
      }
    }
    throw new AssertionError("no line has " + text);
  }

  @Test
  void aValueThatIsNotAllowedIsToldWithItsLine() {
    Edits.edit(disk, FILE, tree -> Edits.state(tree, "GET:/b").put("status", "closed"));
    assertSetAside(
        "states GET:/b",
        "'GET:/b' in 'states': ",
        "status",
        "'closed'",
        "maintenance",
        lineOf("\"status\": \"closed\""));
  }

  @Test
  void aStateThatIsNoneIsToldWithItsLine() {
    Edits.edit(disk, FILE, tree -> ((ObjectNode) tree.get("states")).putNull("GET:/a"));
    assertSetAside("states GET:/a", "'GET:/a' in 'states': ", lineOf("\"GET:/a\": null"));
  }

  /** In a file of the original, which accepts it, it is left out. */
  @Test
  void aWindowThatEndsBeforeItStartsIsASlip() {
    Edits.edit(
        disk,
        FILE,
        tree ->
            Edits.state(tree, "GET:/b")
                .putObject("window")
                .put("start", "2030-01-02T00:00:00Z")
                .put("end", "2030-01-01T00:00:00Z"));
    store.poll();
    assertThat(store.image().snapshot()).isEqualTo(before);
    assertThat(store.log.warnings())
        .singleElement()
        .asString()
        .contains("'GET:/b' in 'states': ", "end", "2030-01-01T00:00:00Z", ", line ");
    Edits.rewriteAsOriginal(disk, FILE, tree -> {});
    store.poll();

    assertThat(store.image().snapshot()).isEqualTo(before);
    store.set("GET:/b", RouteStatus.ACTIVE, "");
    assertThat(store.store.warning()).as("what it was about was decided anew").isNull();
  }

  @Test
  void aStateUnderAnotherNameIsSetAside() {
    setAside(
        tree -> Edits.state(tree, "GET:/b").put("path", "GET:/c"),
        "states GET:/b",
        "GET:/b",
        "GET:/c");
  }

  /** It would be a route of a service named so, and the route that is meant stay open. */
  @ParameterizedTest
  @CsvSource({"get:/b, GET:/b", "shop:Post:/b, shop:POST:/b"})
  void aMethodInLowerCaseIsSetAside(String key, String meant) {
    setAside(
        tree ->
            ((ObjectNode) tree.get("states"))
                .putObject(key)
                .put("path", key)
                .put("status", "disabled"),
        "states " + key,
        "'" + key + "' in 'states'",
        "upper case: " + meant);
  }

  @Test
  void aPolicyUnderAnotherNameIsSetAside() {
    setAside(
        tree ->
            ((ObjectNode) tree.get("rl_policies"))
                .putObject("GET:/x")
                .put("path", "/y")
                .put("method", "GET")
                .put("limit", "1/minute"),
        "rl_policies GET:/x",
        "'GET:/x' in 'rl_policies'",
        "GET:/y");
  }

  @Test
  void aReservedStateWithoutItsJsonIsSetAside() {
    setAside(
        tree ->
            ((ObjectNode) tree.get("states"))
                .putObject("__shield:global__")
                .put("path", "__shield:global__")
                .put("reason", "oops"),
        "states __shield:global__",
        "__shield:global__",
        "oops");
  }

  @Test
  void anAuditEntryThatIsNoneIsSetAside() {
    setAside(
        tree -> ((ArrayNode) tree.get("audit")).addObject().put("id", "x"),
        "audit ",
        "'x' in 'audit'");
  }

  @Test
  void anAuditEntryThatWasDamagedIsPutBack() {
    List<AuditEntry> log = store.audit();
    Edits.edit(
        disk, FILE, tree -> ((ObjectNode) tree.get("audit").get(0)).put("timestamp", "yesterday"));
    store.poll();
    store.set("GET:/b", RouteStatus.DISABLED, "a change");

    assertThat(store.audit()).startsWith(log.toArray(AuditEntry[]::new)).hasSize(log.size() + 1);
    assertThat(store.store.warning()).contains("'audit ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"states", "audit", "rl_hits", "rl_policies"})
  void aPartThatIsMissingStopsNothingAndIsThereAgain(String part) {
    List<AuditEntry> log = store.audit();
    Edits.edit(disk, FILE, tree -> tree.remove(part));
    store.poll();

    assertThat(store.image().snapshot()).isEqualTo(before);
    assertThat(store.log.warnings())
        .anySatisfy(line -> assertThat(line).contains("'" + part + "' is missing", ", line "));
    store.set("GET:/b", RouteStatus.DISABLED, "a change");
    assertThat(Edits.tree(disk, FILE).has(part)).isTrue();
    assertThat(store.state("GET:/a")).isEqualTo(before.state("GET:/a"));
    assertThat(store.audit()).startsWith(log.toArray(AuditEntry[]::new));
    assertThat(store.store.warning()).isNull();
  }

  @Test
  void aPartOfAnotherShapeIsSetAside() {
    Edits.edit(disk, FILE, tree -> tree.putArray("states").add("GET:/c"));
    store.poll();

    assertThat(store.image().snapshot()).isEqualTo(before);
    assertThat(store.log.warnings())
        .anySatisfy(line -> assertThat(line).contains("'states' is not a table", ", line 2: "));
    assertThat(store.store.warning()).contains("'states'");
    assertThat(Edits.tree(disk, FILE).at("/unreadable/states/0").asText()).isEqualTo("GET:/c");
    assertThat(Edits.tree(disk, FILE).at("/states/GET:~1a/status").asText()).isEqualTo("disabled");
  }

  @ParameterizedTest
  @ValueSource(strings = {"states", "audit"})
  void atAStartAPartThatIsMissingIsNotTakenForEmpty(String part) {
    store.close();
    Edits.edit(disk, FILE, tree -> tree.remove(part));
    assertThat(TestStore.refusal(disk, FILE)).hasMessageContaining("'" + part + "' is missing");
    store = TestStore.open(withText(good), FILE);
  }

  @Test
  void whatANewerShieldWroteIsRefused() {
    refused(
        tree -> ((ObjectNode) tree.get("shield")).put("format", 2),
        "format 2 was written by a newer version of Shield");
  }

  @Test
  void textThatIsNotUtf8IsRefusedWithItsLine() {
    byte[] bytes = disk.content(FILE).clone();
    int at = good.indexOf("closed");
    bytes[at] = (byte) 0xff;
    disk.edit(FILE, bytes);
    store.poll();

    long line = good.substring(0, at).lines().count();
    assertThat(store.log.warnings())
        .singleElement()
        .asString()
        .startsWith(FILE + ", line " + line + ": not UTF-8 text");
  }

  @Test
  void aByteOrderMarkIsNoDamage() {
    disk.edit(FILE, "\uFEFF" + good.replace("closed", "edited"));
    store.poll();

    assertThat(store.state("GET:/a").reason()).isEqualTo("edited");
  }

  @Test
  void aReadThatFailsIsTriedAgainUntilItWorks() {
    disk.edit(FILE, good.replace("closed", "edited"));
    disk.unreadable(FILE, true);
    store.poll();
    store.poll();
    assertThat(store.log.warnings())
        .singleElement()
        .asString()
        .contains(FILE.toString(), "cannot be read", "permission denied");
    assertRefused("permission denied");

    disk.unreadable(FILE, false);
    store.poll();
    assertThat(store.state("GET:/a").reason()).isEqualTo("edited");
  }

  @Test
  void anUnreadableFileFailsTheStart() {
    disk.unreadable(FILE, true);

    assertThat(TestStore.refusal(disk, FILE))
        .hasMessageStartingWith(FILE + ": it cannot be read: permission denied;");
  }

  @Test
  void aFileThatIsTooLargeIsNotRead() {
    disk.edit(FILE, good.replace("closed", "edited"));
    disk.pad(FileStamp.MAX_BYTES);
    store.poll();
    assertThat(store.log.warnings())
        .singleElement()
        .asString()
        .startsWith(FILE + ": it is larger than 256 MiB; what was last read");
    assertRefused("larger than 256 MiB", "nothing was changed");
    store.close();
    assertThat(TestStore.refusal(disk, FILE)).hasMessageContaining("larger than 256 MiB; mend");

    disk.pad(0);
    store = TestStore.open(disk, FILE);
    assertThat(store.state("GET:/a").reason()).isEqualTo("edited");
  }

  /** It could not be read again. */
  @Test
  void aFileIsNotMadeTooLarge() {
    byte[] written = disk.content(FILE);
    disk.before("write state.json.tmp", () -> disk.pad(FileStamp.MAX_BYTES));
    assertRefused("larger than 256 MiB", "nothing was changed");
    disk.pad(0);

    assertThat(disk.content(FILE)).isEqualTo(written);
    store.set("GET:/b", RouteStatus.DISABLED, "accepted");
  }

  @Test
  void aRequestAcceptedBeforeIsAnsweredAlsoWhileTheFileIsBroken() {
    var change = TestStore.setting("GET:/c", 0, RouteStatus.ACTIVE, "");
    Head accepted = store.accept(change).head();
    before = store.image().snapshot();
    disk.edit(FILE, "{");

    assertThat(store.accept(change).head()).isEqualTo(accepted);
    assertRefused(FILE.toString());
  }

  @Test
  void aRequestWhoseOutcomeIsOpenIsNotCalledRefused() {
    var change = TestStore.setting("GET:/c", 0, RouteStatus.ACTIVE, "");
    disk.failAt(0, Fault.NONE);
    store.set("GET:/b", RouteStatus.ACTIVE, "counted");
    int lastSync = disk.operations().lastIndexOf("syncDirectory");
    disk.failAt(lastSync, Fault.FAIL);
    assertThatThrownBy(() -> store.accept(change))
        .isInstanceOf(UnknownOutcomeException.class)
        .isNotInstanceOf(ChangeRefusedException.class);

    byte[] written = disk.content(FILE);
    disk.edit(FILE, Arrays.copyOf(written, 10));
    assertThatThrownBy(() -> store.accept(change)).isInstanceOf(UnknownOutcomeException.class);

    disk.edit(FILE, written);
    store.accept(change);
    assertThat(store.audit()).filteredOn(e -> e.path().equals("GET:/c")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatWasRefusedAtTheLastMomentDoesNotComeBackWithAnEdit(boolean afterRestart) {
    disk.failAt(0, Fault.NONE);
    store.set("GET:/b", RouteStatus.ACTIVE, "counted");
    before = store.image().snapshot();
    disk.failAt(disk.operations().indexOf("rename state.json.tmp state.json"), Fault.FAIL);
    assertThatThrownBy(() -> store.set("GET:/refused", RouteStatus.ACTIVE, ""))
        .isInstanceOf(ChangeRefusedException.class);

    Edits.rewriteAsOriginal(disk, FILE, tree -> {});
    if (afterRestart) {
      store.close();
      store = TestStore.open(disk, FILE);
    }
    store.poll();

    assertThat(store.image().snapshot()).isEqualTo(before);
  }

  @Test
  void theSideFileIsNotReadWithoutNeed() {
    disk.failAt(0, Fault.NONE);
    for (int i = 0; i < 10; i++) {
      store.poll();
    }

    assertThat(disk.operations()).hasSize(10).containsOnly("stamp state.json");
    assertThat(disk.files()).contains(SIDE);
  }
}
