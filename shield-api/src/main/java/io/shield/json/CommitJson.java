package io.shield.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.InvalidValueException;
import io.shield.model.DocumentValue;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes changes and commits as JSON and reads them back. What is read equals what was written. The
 * errors are those of {@link ShieldJson}. All methods are thread-safe.
 */
public final class CommitJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private CommitJson() {}

  /** A change: {@code {"request_id", "edits": [...], "audit": [...]}}. */
  public static ObjectNode write(Change change) {
    ObjectNode node = NODES.objectNode();
    node.put("request_id", change.requestId());
    ArrayNode edits = node.putArray("edits");
    change.edits().forEach(edit -> edits.add(write(edit)));
    ArrayNode audit = node.putArray("audit");
    change.audit().forEach(entry -> audit.add(ShieldJson.write(entry)));
    return node;
  }

  /** Reads a change. */
  public static Change readChange(JsonNode json) {
    Fields in = Fields.of("change", json);
    return new Change(
        in.required("request_id"),
        in.list("edits", CommitJson::readEdit),
        in.list("audit", ShieldJson::readAuditEntry));
  }

  /** A commit: {@code {"head": {...}, "predecessor", "change": {...}}}. */
  public static ObjectNode write(Commit commit) {
    ObjectNode node = NODES.objectNode();
    node.set("head", ShieldJson.write(commit.head()));
    node.put("predecessor", commit.predecessor());
    node.set("change", write(commit.change()));
    return node;
  }

  /** Reads a commit. */
  public static Commit readCommit(JsonNode json) {
    Fields in = Fields.of("commit", json);
    return new Commit(
        ShieldJson.readHead(given(in, "head")),
        in.required("predecessor"),
        readChange(given(in, "change")));
  }

  /**
   * One document at one version: {@code {"kind", "key", "version", "value"}}.
   *
   * @param value its value, or null if the document is absent
   */
  public static ObjectNode write(DocumentKey key, long version, @Nullable DocumentValue value) {
    ObjectNode node = key(key);
    node.put("version", version);
    node.set("value", value(value));
    return node;
  }

  /**
   * Reads a snapshot: {@code {"head": {...}, "documents": [...]}}. A document without a value is
   * none. One that lacks the list is no snapshot: an empty store would open what is closed.
   */
  public static Snapshot readSnapshot(JsonNode json) {
    Fields in = Fields.of("snapshot", json);
    Head head = ShieldJson.readHead(given(in, "head"));
    given(in, "documents");
    Map<DocumentKey, Versioned<?>> content = new LinkedHashMap<>();
    in.list("documents", document -> read(document, content));
    return Snapshot.of(head, content);
  }

  private static DocumentKey read(JsonNode json, Map<DocumentKey, Versioned<?>> content) {
    DocumentKey key = readKey(json);
    DocumentValue value = readValue(json);
    if (value != null) {
      long version = Fields.of("document", json).number("version", 0);
      content.put(key, new Versioned<>(value, version));
    }
    return key;
  }

  private static ObjectNode write(Edit edit) {
    ObjectNode node = key(edit.key());
    node.put("expected_version", edit.expectedVersion());
    node.set("value", value(edit.value()));
    return node;
  }

  private static Edit readEdit(JsonNode json) {
    return new Edit(
        readKey(json), Fields.of("edits", json).number("expected_version", 0), readValue(json));
  }

  private static ObjectNode key(DocumentKey key) {
    return NODES.objectNode().put("kind", key.kind().wireName()).put("key", key.key());
  }

  private static JsonNode value(@Nullable DocumentValue value) {
    return value == null ? NODES.nullNode() : ShieldJson.writeValue(value);
  }

  /** Reads the {@code kind} and {@code key} of a document or an edit. */
  public static DocumentKey readKey(JsonNode json) {
    Fields in = Fields.of("document", json);
    return new DocumentKey(DocumentKind.parse(in.required("kind")), in.required("key"));
  }

  /** Reads the {@code value} of a document or an edit; null if it has none. */
  public static @Nullable DocumentValue readValue(JsonNode json) {
    JsonNode value = Fields.of("document", json).node("value");
    return value == null ? null : ShieldJson.readValue(readKey(json), value);
  }

  private static JsonNode given(Fields in, String field) {
    JsonNode node = in.node(field);
    if (node == null) {
      throw new InvalidValueException(field, "null", "given");
    }
    return node;
  }
}
