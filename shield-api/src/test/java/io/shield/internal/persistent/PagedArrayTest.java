package io.shield.internal.persistent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PagedArrayTest {
  private static final int LENGTH = 3 * PagedArray.PAGE + 1;

  private static PagedArray<Integer> numbers() {
    PagedArray.Editor<Integer> editor = PagedArray.<Integer>empty().edit().resize(LENGTH);
    IntStream.range(0, LENGTH).forEach(i -> editor.set(i, i));
    return editor.done();
  }

  @Test
  void hasWhatWasSetAndNothingElse() {
    PagedArray.Editor<Integer> editor = PagedArray.<Integer>empty().edit().resize(LENGTH);
    editor.set(LENGTH - 1, 7);

    assertThat(editor.get(LENGTH - 1)).isEqualTo(7);
    PagedArray<Integer> array = editor.done();
    assertThat(array.get(LENGTH - 1)).isEqualTo(7);
    assertThat(IntStream.range(0, LENGTH - 1).mapToObj(array::get)).containsOnlyNulls();
  }

  @Test
  void aChangedCopyLeavesTheArrayAsItIs() {
    PagedArray<Integer> before = numbers();
    PagedArray.Editor<Integer> editor = before.edit().resize(LENGTH + PagedArray.PAGE);
    editor.set(1, -1);
    editor.set(LENGTH - 1, -2);
    editor.set(LENGTH, -3);
    PagedArray<Integer> after = editor.done();

    for (int i = 0; i < LENGTH; i++) {
      assertThat(before.get(i)).isEqualTo(i);
      assertThat(after.get(i)).isEqualTo(i == 1 ? -1 : (i == LENGTH - 1 ? -2 : i));
    }
    assertThat(after.get(LENGTH)).isEqualTo(-3);
  }

  @Test
  void aRenewedElementIsThatOfAllThatShareItsPage() {
    PagedArray<Integer> before = numbers();
    PagedArray.Editor<Integer> editor = before.edit();
    editor.set(PagedArray.PAGE, -1);
    PagedArray<Integer> after = editor.done();
    before.renew(0, 100);
    before.renew(PagedArray.PAGE + 1, 200);

    assertThat(after.get(0)).isEqualTo(100);
    assertThat(after.get(PagedArray.PAGE + 1)).isEqualTo(PagedArray.PAGE + 1);
  }
}
