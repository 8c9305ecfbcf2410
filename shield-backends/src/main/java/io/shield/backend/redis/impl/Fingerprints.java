package io.shield.backend.redis.impl;

import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Edit;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Of each document's value in Redis that was seen to be Shield's, a short digest: whether it is
 * still the same can be told without asking what Shield wrote. Not thread-safe.
 */
final class Fingerprints {
  /** Of what was not seen since it was written, or was others'. */
  private static final long UNKNOWN = -1;

  private final Map<DocumentKey, Long> known = new HashMap<>();

  /** The documents that there are, as far as this node has heard. */
  List<DocumentKey> documents() {
    return List.copyOf(known.keySet());
  }

  /** How many documents there are. */
  int size() {
    return known.size();
  }

  /** Remembers what was read. */
  void read(List<Row> rows) {
    for (Row row : rows) {
      String text = row.text();
      if (row.key().kind() == DocumentKind.DOCUMENT) {
        continue;
      }
      if (row.version() == 0 && text == null) {
        known.remove(row.key());
      } else {
        known.put(
            row.key(),
            text == null || row.isForeign() ? UNKNOWN : of(text.getBytes(StandardCharsets.UTF_8)));
      }
    }
  }

  /** Takes note of what was changed. */
  void changed(Change change) {
    for (Edit edit : change.edits()) {
      if (edit.value() == null) {
        known.remove(edit.key());
      } else if (edit.key().kind() != DocumentKind.DOCUMENT) {
        known.put(edit.key(), UNKNOWN);
      }
    }
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
