package io.shield.impl.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.impl.limit.ResetMarks.Mark;
import io.shield.model.OpaqueDocument;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which resets a node still has to carry out. */
class ResetMarksTest {
  private static final DocumentKey DOCUMENT = ResetMarks.documentOf("GET:/x");

  private Snapshot store = Snapshot.empty(new Head("e", 0, "c0"));

  private ResetMarks reset(String key) {
    return commit(
        key == null
            ? ResetMarks.edit(store, "GET:/x")
            : ResetMarks.edit(store, "GET:/x", List.of(key)));
  }

  private ResetMarks commit(Edit edit) {
    long revision = store.head().revision() + 1;
    store =
        store.apply(
            new Commit(
                new Head("e", revision, "c" + revision),
                store.head().commitId(),
                new Change("request" + revision, List.of(edit), List.of())));
    return ResetMarks.of((OpaqueDocument) store.value(DOCUMENT));
  }

  @Test
  void eachResetIsCarriedOutOnce() {
    ResetMarks none = ResetMarks.of(null);
    ResetMarks first = reset("a");
    ResetMarks second = reset("b");
    assertThat(first.since(none)).containsExactly(new Mark(1, "a"));
    assertThat(second.since(first)).containsExactly(new Mark(2, "b"));
    assertThat(second.since(none)).containsExactly(new Mark(1, "a"), new Mark(2, "b"));
    assertThat(second.since(second)).isEmpty();
    ResetMarks all = reset(null);
    assertThat(all.since(first)).containsExactly(new Mark(3, null));
    assertThat(reset("c").since(all)).containsExactly(new Mark(4, "c"));
  }

  @Test
  void whoMissedMoreThanAreKeptDropsEverything() {
    ResetMarks first = reset("k0");
    ResetMarks last = first;
    for (int i = 1; i <= 30; i++) {
      last = reset("k" + i);
    }
    assertThat(last.marks()).hasSizeLessThanOrEqualTo(20);
    assertThat(last.since(first)).containsExactly(new Mark(31, null));
  }

  /** A policy's resets go with it; those of one that is there again are others. */
  @Test
  void whoMissedThatAPolicyWasDeletedCarriesOutWhatFollowed() {
    ResetMarks before = reset("a");
    commit(new Edit(DOCUMENT, store.version(DOCUMENT), null));
    ResetMarks after = reset("b");
    assertThat(after.since(before)).extracting(Mark::key).containsExactly((String) null);
    assertThat(after.since(ResetMarks.of(null))).extracting(Mark::key).containsExactly("b");
    assertThat(reset("c").since(after)).extracting(Mark::key).containsExactly("c");
  }

  @Test
  void whatCannotBeReadResetsItsScope() {
    ResetMarks broken = ResetMarks.of(new OpaqueDocument("{"));
    assertThat(broken.since(ResetMarks.of(null))).containsExactly(new Mark(1, null));
    assertThat(ResetMarks.scopeOf("reset:GET:/x")).isEqualTo("GET:/x");
    assertThat(ResetMarks.scopeOf("edge:GET:/x")).isNull();
  }
}
