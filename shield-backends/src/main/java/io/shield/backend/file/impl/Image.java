package io.shield.backend.file.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.internal.Dialect;
import io.shield.json.ShieldJson;
import io.shield.model.DocumentValue;
import io.shield.model.RouteState;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Everything the store holds, at one head. Immutable; the JSON in it is never changed.
 *
 * @param snapshot the documents
 * @param audit the audit log, oldest first
 * @param requests the accepted requests of the last minutes
 * @param digests a digest of each document's value
 * @param foreignStates reserved states of others, by key, kept as they are
 * @param hits rate-limit hits that the original wrote, kept as they are
 * @param strays what cannot be read, kept as it is
 * @param earlier what the documents were before
 * @param dialect whose reserved names the file has
 */
record Image(
    Snapshot snapshot,
    List<Logged> audit,
    Requests requests,
    Map<DocumentKey, String> digests,
    Map<String, JsonNode> foreignStates,
    ArrayNode hits,
    Strays strays,
    Earlier earlier,
    Dialect dialect) {

  /** A store without anything in it. */
  static Image empty() {
    return new Image(
        Snapshot.empty(firstHead()),
        List.of(),
        Requests.NONE,
        Map.of(),
        Map.of(),
        JsonNodeFactory.instance.arrayNode(),
        Strays.NONE,
        Earlier.NONE,
        Dialect.SHIELD);
  }

  /** Where a new store begins. */
  static Head firstHead() {
    return new Head(UUID.randomUUID().toString(), 1, UUID.randomUUID().toString());
  }

  Head head() {
    return snapshot.head();
  }

  /** The digest of a document's value; of a state without its version. */
  static String digest(DocumentValue value) {
    JsonNode json = ShieldJson.writeValue(value);
    if (value instanceof RouteState) {
      ((ObjectNode) json).remove("version");
    }
    return Canonical.digest(json);
  }

  static Map<DocumentKey, String> digests(Map<DocumentKey, ? extends DocumentValue> values) {
    Map<DocumentKey, String> digests = new LinkedHashMap<>();
    values.forEach((key, value) -> digests.put(key, digest(value)));
    return digests;
  }

  /** The same with the full commits that an older image remembers. */
  Image recalling(Image older) {
    return new Image(
        snapshot,
        audit,
        requests.recalling(older.requests),
        digests,
        foreignStates,
        hits,
        strays,
        earlier,
        dialect);
  }
}
