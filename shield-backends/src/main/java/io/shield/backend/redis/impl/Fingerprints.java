package io.shield.backend.redis.impl;

import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Of each document's value in Redis that was seen to be Shield's, a short digest: whether it is
 * still the same can be told without asking what Shield wrote. Not thread-safe.
 */
final class Fingerprints {
  private final Map<DocumentKey, Long> known = new HashMap<>();

  /** How many documents it knows. */
  int size() {
    return known.size();
  }

  /** Remembers what was read, except what others wrote. */
  void read(List<Row> rows) {
    for (Row row : rows) {
      String text = row.text();
      if (row.isForeign() || row.key().kind() == DocumentKind.DOCUMENT || text == null) {
        known.remove(row.key());
      } else {
        known.put(row.key(), of(text.getBytes(StandardCharsets.UTF_8)));
      }
    }
  }

  /** Forgets documents that were changed. */
  void forget(Set<DocumentKey> changed) {
    changed.forEach(known::remove);
  }

  /**
   * Whether this is what was seen last.
   *
   * @param value what lies under the document's key now, or null
   */
  boolean isKnown(DocumentKey key, byte @Nullable [] value) {
    Long seen = known.get(key);
    return seen != null && value != null && seen == of(value);
  }

  private static long of(byte[] value) {
    CRC32C sum = new CRC32C();
    sum.update(value);
    return ((long) value.length << Integer.SIZE) | sum.getValue();
  }
}
