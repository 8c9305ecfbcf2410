package io.shield.web.index;

import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An immutable map of strings that is asked with a part of a string, without cutting it out. */
final class RegionMap<V> {
  private final @Nullable String[] keys;
  private final @Nullable Object[] values;
  private final int shift;

  RegionMap(Map<String, ? extends V> entries) {
    int bits = 33 - Integer.numberOfLeadingZeros(entries.size() | 1);
    keys = new String[1 << bits];
    values = new Object[1 << bits];
    shift = 32 - bits;
    entries.forEach(this::add);
  }

  private void add(String key, V value) {
    int slot = slot(key, 0, key.length());
    while (keys[slot] != null) {
      slot = next(slot);
    }
    keys[slot] = key;
    values[slot] = value;
  }

  /** The value of the key that equals the characters from {@code from} to before {@code to}. */
  @SuppressWarnings("unchecked")
  @Nullable V get(String text, int from, int to) {
    int slot = slot(text, from, to);
    for (String key = keys[slot]; key != null; key = keys[slot]) {
      if (key.length() == to - from && text.startsWith(key, from)) {
        return (V) values[slot];
      }
      slot = next(slot);
    }
    return null;
  }

  /** All values, in no order. */
  @SuppressWarnings("unchecked")
  void forEachValue(Consumer<? super V> action) {
    for (Object value : values) {
      if (value != null) {
        action.accept((V) value);
      }
    }
  }

  private int next(int slot) {
    return (slot + 1) & (keys.length - 1);
  }

  /** Spread by multiplication, because names that count up would otherwise fill one stretch. */
  private int slot(String text, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + text.charAt(i);
    }
    return (hash * 0x9E3779B9) >>> shift;
  }
}
