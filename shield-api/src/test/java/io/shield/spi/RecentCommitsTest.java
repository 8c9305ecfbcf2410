package io.shield.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.MutableClock;
import io.shield.model.OpaqueDocument;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentCommitsTest {
  private final MutableClock clock = MutableClock.create();
  private final RecentCommits recent = new RecentCommits(clock);

  private static Commit commit(String requestId) {
    Edit edit = new Edit(DocumentKey.document("d"), 0, new OpaqueDocument("{}"));
    return Commit.following(
        new Head("e", 1, "c1"), "c2", new Change(requestId, List.of(edit), List.of()));
  }

  @Test
  void findsACommitByItsRequest() {
    Commit commit = commit("r");
    recent.add(commit);

    assertThat(recent.find("r")).isSameAs(commit);
    assertThat(recent.find("other")).isNull();
  }

  @Test
  void remembersForAtLeastTenMinutesWhateverElseIsCommitted() {
    Commit commit = commit("r");
    recent.add(commit);
    for (int second = 1; second <= 600; second++) {
      clock.advance(Duration.ofSeconds(1));
      recent.add(commit("other-" + second));
      recent.add(commit("more-" + second));

      assertThat(recent.find("r")).as("after %s s", second).isSameAs(commit);
    }
  }

  @Test
  void forgetsAfterItsTime() {
    recent.add(commit("r"));
    clock.advance(RecentCommits.RETENTION.plusMillis(1));
    recent.add(commit("next"));

    assertThat(recent.find("r")).isNull();
    assertThat(recent.find("next")).isNotNull();
  }

  @Test
  void aClockThatGoesBackForgetsNothingEarly() {
    recent.add(commit("r"));
    clock.advance(Duration.ofHours(-1));
    recent.add(commit("back"));
    clock.advance(Duration.ofMinutes(10));
    recent.add(commit("now"));

    assertThat(List.of("r", "back", "now")).allMatch(id -> recent.find(id) != null);
  }

  /** An hour of a commit each second: what is held is what the last quarter of an hour brought. */
  @Test
  void holdsNoMoreThanItsTimeBrings() {
    for (int second = 0; second < 3_600; second++) {
      recent.add(commit("r-" + second));
      clock.advance(Duration.ofSeconds(1));
    }
    long remembered = 0;
    for (int second = 0; second < 3_600; second++) {
      remembered += recent.find("r-" + second) == null ? 0 : 1;
    }

    assertThat(remembered).isBetween(900L, 902L);
  }
}
