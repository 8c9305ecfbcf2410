package io.shield.backend.redis.impl;

import io.shield.error.ShieldException;
import io.shield.json.ShieldJson;
import io.shield.model.DocumentValue;
import io.shield.model.store.DocumentKey;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import org.jspecify.annotations.Nullable;

/**
 * One document as it was found.
 *
 * @param key which
 * @param version of its last commit, 0 if there is none
 * @param text what lies under its key now, or null
 * @param written what Shield wrote last, or null
 * @param indexed whether the original's index names it
 * @param strangeType the type of what lies under its key if that is no text, or null
 */
record Row(
    DocumentKey key,
    long version,
    @Nullable String text,
    @Nullable String written,
    boolean indexed,
    @Nullable String strangeType) {
  /** Reads a row of the load script; throws a {@link ShieldException} if its key is no key. */
  static Row of(Response row) {
    Response found = row.get(2);
    boolean strange = found != null && found.type() == ResponseType.MULTI;
    String text = found == null || strange ? null : found.toString();
    String shown = row.get(3).toString();
    String written = shown.isEmpty() ? text : shown.startsWith("=") ? shown.substring(1) : null;
    return new Row(
        DocumentText.key(row.get(0).toString()),
        Long.parseLong(row.get(1).toString()),
        text,
        written,
        row.get(4).toInteger() == 1,
        strange ? found.get(0).toString() : null);
  }

  /** Whether it is not what Shield wrote last, or nobody knows any more when that was. */
  boolean isForeign() {
    boolean differs = text == null ? written != null : version == 0 || !text.equals(written);
    return strangeType != null || differs;
  }

  /** The status of a route as Shield wrote it last; null if it wrote none. */
  @Nullable String shownStatus() {
    return written == null
        ? null
        : ShieldJson.parse(key.key(), written).path("status").asText(null);
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
