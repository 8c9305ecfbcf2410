package io.shield.impl.registration;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** What several sources say about the same keys, and what that comes to. Not thread-safe. */
final class Merged<T> {
  private final BinaryOperator<T> merge;
  private final Map<String, SortedMap<Integer, T>> bySource = new HashMap<>();
  private final Map<String, T> values = new LinkedHashMap<>();

  /**
   * @param merge what an older source's word and a younger one's come to
   */
  Merged(BinaryOperator<T> merge) {
    this.merge = merge;
  }

  /** What it comes to, by key, in the order in which keys became known. */
  Map<String, T> values() {
    return Collections.unmodifiableMap(values);
  }

  /** Replaces all that a source said; tells whether any key has a new value. */
  boolean replace(int source, Map<String, T> before, Map<String, T> after) {
    boolean news = false;
    for (String key : before.keySet()) {
      if (!after.containsKey(key)) {
        news |= set(source, key, null);
      }
    }
    for (Map.Entry<String, T> entry : after.entrySet()) {
      if (!entry.getValue().equals(before.get(entry.getKey()))) {
        news |= set(source, entry.getKey(), entry.getValue());
      }
    }
    return news;
  }

  private boolean set(int source, String key, @Nullable T value) {
    SortedMap<Integer, T> said = bySource.computeIfAbsent(key, k -> new TreeMap<>());
    if (value == null) {
      said.remove(source);
    } else {
      said.put(source, value);
    }
    if (said.isEmpty()) {
      bySource.remove(key);
      values.remove(key);
      return false;
    }
    T merged = said.values().stream().reduce(merge).orElseThrow();
    return !merged.equals(values.put(key, merged));
  }
}
