package io.shield.impl.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldChange;
import io.shield.internal.log.RecordedLog;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Changes in the log: a line each, with what somebody wants to know who reads it. */
class LoggedChangesTest {
  private static final Head BEFORE = new Head("e", 6, "c6");
  private static final Head AFTER = new Head("e", 7, "c7");

  private final RecordedLog recorded = new RecordedLog();
  private final LoggedChanges log = new LoggedChanges(recorded.logger());

  private static AuditEntry entry(String path, String reason, String onBehalfOf) {
    return new AuditEntry(
        "id-" + path,
        Instant.EPOCH,
        path,
        null,
        "disable",
        "alice",
        "cli",
        reason,
        null,
        null,
        0,
        List.of(),
        onBehalfOf,
        false);
  }

  private void commit(List<AuditEntry> entries) {
    Change change = new Change("r", List.of(), entries);
    tell(BEFORE, Set.of(), new Commit(AFTER, BEFORE.commitId(), change));
  }

  private void tell(Head before, Set<String> routes, Commit commit) {
    List<AuditEntry> audit = commit == null ? List.of() : commit.change().audit();
    log.inForce(
        new ShieldChange(Snapshot.empty(before), Snapshot.empty(AFTER), Set.of(), routes, audit),
        commit);
  }

  @Test
  void aLineTellsRouteActorAndReason() {
    commit(
        List.of(
            entry("GET:/pay", "duplicate charges", null),
            entry("__global__", "line one\nline two", "bob")));
    assertThat(recorded.lines())
        .containsExactly(
            "route=GET:/pay action=disable actor=alice platform=cli revision=7"
                + " reason=\"duplicate charges\" changed",
            "route=__global__ action=disable actor=alice platform=cli on_behalf_of=bob revision=7"
                + " reason=\"line one\\\\u000aline two\" changed");
  }

  /** Or nobody could tell where a value ends, and a reason could say who did it. */
  @Test
  void valuesAreTakenForNoOthers() {
    commit(List.of(entry("GET:/pay", "x actor=bob", null), entry("GET:/pay", "say \"\\\"", "b c")));
    assertThat(recorded.lines())
        .containsExactly(
            "route=GET:/pay action=disable actor=alice platform=cli revision=7"
                + " reason=\"x actor=bob\" changed",
            "route=GET:/pay action=disable actor=alice platform=cli on_behalf_of=\"b c\""
                + " revision=7 reason=\"say \\\"\\\\\\\"\" changed");
  }

  @Test
  void ofManyAtOnceTheFirstAreTold() {
    commit(IntStream.range(0, 250).mapToObj(i -> entry("GET:/" + i, "", null)).toList());
    assertThat(recorded.lines())
        .hasSize(101)
        .last()
        .isEqualTo("150 more are in the audit log, revision 7");
  }

  @Test
  void whatOthersChangedUnheardIsSummedUp() {
    tell(Head.NONE, Set.of("GET:/first-load"), null);
    tell(BEFORE, Set.of(), null);
    assertThat(recorded.lines()).isEmpty();
    tell(BEFORE, Set.of("GET:/b", "GET:/a"), null);
    assertThat(recorded.lines())
        .containsExactly("routes=\"GET:/a, GET:/b\" revision=7 changed by others");
  }
}
