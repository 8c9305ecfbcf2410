package io.shield.internal.persistent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.fixtures.Seeds;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderedMapTest {
  /** Strings of two letters each that have the same hash. */
  private static final String[] ALIKE = {"Aa", "BB"};

  private record Moment(OrderedMap<Integer> map, Map<String, Integer> expected) {}

  private static OrderedMap<Integer> with(OrderedMap<Integer> map, String key, int value) {
    OrderedMap.Editor<Integer> editor = map.edit();
    editor.put(key, value);
    return editor.done();
  }

  private static OrderedMap<Integer> without(OrderedMap<Integer> map, String key) {
    OrderedMap.Editor<Integer> editor = map.edit();
    editor.remove(key);
    return editor.done();
  }

  /** The key of a number; half of all keys share their hash with many others. */
  private static String key(int number) {
    if (number % 2 == 0) {
      return "/route" + number;
    }
    StringBuilder key = new StringBuilder();
    for (int bit = 0; bit < 12; bit++) {
      key.append(ALIKE[(number >>> bit) & 1]);
    }
    return key.toString();
  }

  @Test
  void hasNothingAtFirst() {
    OrderedMap<Integer> empty = OrderedMap.empty();

    assertThat(empty).isEmpty();
    assertThat(empty.get("a")).isNull();
    assertThat(empty.get(null)).isNull();
    assertThat(empty.containsKey("a")).isFalse();
    assertThat(empty.edit().done()).isEmpty();
    assertThatThrownBy(empty.entrySet().iterator()::next)
        .isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void keepsTheOrderInWhichKeysCame() {
    OrderedMap<Integer> map = with(with(with(OrderedMap.empty(), "z", 1), "a", 2), "m", 3);

    assertThat(with(map, "z", 4).entrySet())
        .containsExactly(Map.entry("z", 4), Map.entry("a", 2), Map.entry("m", 3));
    assertThat(with(without(map, "z"), "z", 5).keySet()).containsExactly("a", "m", "z");
    assertThat(map.keySet()).containsExactly("z", "a", "m");
  }

  @Test
  void cannotBeChanged() {
    OrderedMap<Integer> map = with(OrderedMap.empty(), "a", 1);
    Iterator<Map.Entry<String, Integer>> entries = map.entrySet().iterator();
    Map.Entry<String, Integer> entry = entries.next();

    assertThatThrownBy(() -> map.put("a", 2)).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(entries::remove).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> entry.setValue(2)).isInstanceOf(UnsupportedOperationException.class);
    assertThat(map).containsExactly(Map.entry("a", 1));
  }

  /** Many editors one after the other, of several changes each; none changes what was before. */
  @Test
  void isWhatALinkedHashMapIsAndStaysIt() {
    Random random = Seeds.random("OrderedMapTest");
    OrderedMap<Integer> map = OrderedMap.empty();
    Map<String, Integer> expected = new LinkedHashMap<>();
    List<Moment> history = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      OrderedMap.Editor<Integer> editor = map.edit();
      // Grows to about a thousand keys, and shrinks again.
      boolean growing = i % 1_000 < 600;
      for (int change = random.nextInt(8); change >= 0; change--) {
        String key = key(random.nextInt(1_500));
        if (random.nextInt(10) < (growing ? 8 : 1)) {
          editor.put(key, i);
          expected.put(key, i);
        } else {
          editor.remove(key);
          expected.remove(key);
        }
      }
      map = editor.done();
      if (i % 20 == 0) {
        history.add(new Moment(map, new LinkedHashMap<>(expected)));
      }
    }
    for (Moment moment : history) {
      assertThat(moment.map.entrySet()).containsExactlyElementsOf(moment.expected.entrySet());
      assertThat(moment.map).hasSameSizeAs(moment.expected).isEqualTo(moment.expected);
      for (int number = 0; number < 1_500; number += 7) {
        assertThat(moment.map.get(key(number))).isEqualTo(moment.expected.get(key(number)));
      }
    }
  }

  @Test
  void closesUpWhereMostWereRemoved() {
    OrderedMap.Editor<Integer> editor = OrderedMap.<Integer>empty().edit();
    IntStream.range(0, 10_000).forEach(i -> editor.put("/r" + i, i));
    IntStream.range(10, 10_000).forEach(i -> editor.remove("/r" + i));
    OrderedMap<Integer> map = with(editor.done(), "/new", -1);

    assertThat(map.values()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1);
  }
}
