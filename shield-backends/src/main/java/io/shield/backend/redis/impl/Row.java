package io.shield.backend.redis.impl;

import io.shield.model.DocumentKey;
import io.shield.model.DocumentValue;
import io.shield.model.ShieldException;
import io.vertx.redis.client.Response;
import org.jspecify.annotations.Nullable;

/**
 * One document as it was found.
 *
 * @param key which
 * @param version of its last commit, 0 if there is none
 * @param text what lies under its key now, or null
 * @param written what Shield wrote last, or null
 * @param indexed whether the original's index names it
 */
record Row(
    DocumentKey key,
    long version,
    @Nullable String text,
    @Nullable String written,
    boolean indexed) {
  /** Reads a row of the load script; throws a {@link ShieldException} if its key is no key. */
  static Row of(Response row) {
    Response found = row.get(2);
    String text = found == null ? null : found.toString();
    String shown = row.get(3).toString();
    String written = shown.isEmpty() ? text : shown.startsWith("=") ? shown.substring(1) : null;
    return new Row(
        DocumentText.key(row.get(0).toString()),
        Long.parseLong(row.get(1).toString()),
        text,
        written,
        row.get(4).toInteger() == 1);
  }

  boolean isForeign() {
    return text == null ? written != null : !text.equals(written);
  }

  /** What Shield wrote last, or null if it wrote nothing, or nothing it can read. */
  @Nullable DocumentValue known() {
    return written == null ? null : readable(key, written);
  }

  private static @Nullable DocumentValue readable(DocumentKey key, String text) {
    try {
      return DocumentText.read(key, text);
    } catch (ShieldException e) {
      return null;
    }
  }
}
