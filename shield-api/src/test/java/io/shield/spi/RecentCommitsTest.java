package io.shield.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.fixtures.MutableClock;
import io.shield.model.OpaqueDocument;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecentCommitsTest {
  private final MutableClock clock = MutableClock.create();
  private final RecentCommits recent = new RecentCommits(clock);

  private static Change change(String requestId) {
    Edit edit = new Edit(DocumentKey.document("d"), 0, new OpaqueDocument("{}"));
    return new Change(requestId, List.of(edit), List.of());
  }

  private static Commit commit(String requestId) {
    return Commit.following(new Head("e", 1, "c1"), "c2", change(requestId));
  }

  private @Nullable Commit find(String requestId) {
    return recent.find(change(requestId));
  }

  @Test
  void findsACommitByItsRequest() {
    Commit commit = commit("r");
    recent.add(commit);

    assertThat(find("r")).isEqualTo(commit);
    assertThat(find("other")).isNull();
  }

  @Test
  void remembersForAtLeastTenMinutesWhateverElseIsCommitted() {
    Commit commit = commit("r");
    recent.add(commit);
    for (int second = 1; second <= 600; second++) {
      clock.advance(Duration.ofSeconds(1));
      recent.add(commit("other-" + second));
      recent.add(commit("more-" + second));

      assertThat(find("r")).as("after %s s", second).isEqualTo(commit);
    }
  }

  @Test
  void forgetsAfterItsTime() {
    recent.add(commit("r"));
    clock.advance(RecentCommits.RETENTION.plusMillis(1));
    recent.add(commit("next"));

    assertThat(find("r")).isNull();
    assertThat(find("next")).isNotNull();
  }

  @Test
  void aClockThatGoesBackForgetsNothingEarly() {
    recent.add(commit("r"));
    clock.advance(Duration.ofHours(-1));
    recent.add(commit("back"));
    clock.advance(Duration.ofMinutes(10));
    recent.add(commit("now"));

    assertThat(List.of("r", "back", "now")).allMatch(id -> find(id) != null);
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
      remembered += find("r-" + second) == null ? 0 : 1;
    }

    assertThat(remembered).isBetween(900L, 902L);
  }

  /** However many come at once, what is held has an end, and the youngest are remembered. */
  @Test
  void holdsNoMoreThanItsNumberHoweverFastTheyCome() {
    int all = RecentCommits.MOST + 100;
    for (int i = 0; i < all; i++) {
      recent.add(commit("r-" + i));
    }
    long remembered = 0;
    for (int i = 0; i < all; i++) {
      remembered += find("r-" + i) == null ? 0 : 1;
    }

    assertThat(remembered).isEqualTo(RecentCommits.MOST);
    assertThat(find("r-99")).isNull();
    assertThat(find("r-100")).isNotNull();
  }

  /** What was written is not held by what is remembered of it. */
  @Test
  void holdsNothingOfWhatWasAskedFor() {
    Change asked = change("r");
    WeakReference<Object> content = new WeakReference<>(asked.edits().get(0).value());
    recent.add(Commit.following(new Head("e", 1, "c1"), "c2", asked));
    asked = null;

    await()
        .until(
            () -> {
              System.gc();
              return content.refersTo(null);
            });
    assertThat(find("r")).isNotNull();
  }
}
