package io.shield.backend.redis.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.InvalidValueException;
import io.shield.error.ShieldException;
import io.shield.internal.Dialect;
import io.shield.internal.ReservedStates;
import io.shield.json.ShieldJson;
import io.shield.model.DocumentValue;
import io.shield.model.OpaqueDocument;
import io.shield.model.RouteState;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import org.jspecify.annotations.Nullable;

/** Documents as the texts that Redis keeps: those of the original, and an opaque one as it is. */
final class DocumentText {
  private DocumentText() {}

  /** The name of a document in the scripts. */
  static String name(DocumentKey key) {
    return key.toString();
  }

  /**
   * The document of a name.
   *
   * @throws ShieldException if it names none
   */
  static DocumentKey key(String name) {
    int space = name.indexOf(' ');
    if (space < 0) {
      throw new ShieldException("'" + name + "' names no document");
    }
    return new DocumentKey(DocumentKind.parse(name.substring(0, space)), name.substring(space + 1));
  }

  /** The value under a document's key. The version is kept elsewhere. */
  static String write(DocumentKey key, DocumentValue value) {
    if (value instanceof OpaqueDocument document) {
      return document.content();
    }
    if (ReservedStates.holds(key)) {
      return withoutVersion(ShieldJson.write(ReservedStates.write(key, value)));
    }
    return value instanceof RouteState state
        ? withoutVersion(ShieldJson.write(state))
        : ShieldJson.text(ShieldJson.writeValue(value));
  }

  /** A state as text; its version is kept elsewhere. */
  static String withoutVersion(ObjectNode node) {
    node.remove("version");
    return ShieldJson.text(node);
  }

  /** What goes under the key that the original's documentation names; "" for most documents. */
  static String mirror(DocumentKey key, @Nullable DocumentValue value) {
    return value != null && key.equals(DocumentKey.globalMaintenance())
        ? ShieldJson.text(ShieldJson.writeValue(value))
        : "";
  }

  /** What the original's listeners are told; "" if nothing. */
  static String message(DocumentKey key, @Nullable DocumentValue value) {
    if (key.kind() == DocumentKind.DOCUMENT) {
      return "";
    }
    if (key.kind() == DocumentKind.POLICY && !key.isReserved()) {
      ObjectNode message = JsonNodeFactory.instance.objectNode();
      message.put("action", value == null ? "delete" : "set").put("key", key.key());
      if (value != null) {
        message.set("policy", ShieldJson.writeValue(value));
      }
      return ShieldJson.text(message);
    }
    // They know no deletion: a route that nothing is known about is active.
    return value == null
        ? withoutVersion(ShieldJson.write(RouteState.active(key.key())))
        : write(key, value);
  }

  /**
   * Reads the value under a document's key, whoever wrote it.
   *
   * @throws ShieldException if it cannot be read
   */
  static DocumentValue read(DocumentKey key, String text) {
    if (key.kind() == DocumentKind.DOCUMENT) {
      return new OpaqueDocument(text);
    }
    JsonNode json = ShieldJson.parse(key.key(), text);
    if (key.kind() == DocumentKind.POLICY) {
      json = Dialect.meant(json);
    }
    if (ReservedStates.holds(key)) {
      boolean mirror = !json.has("path") && json.has("enabled");
      return mirror ? ShieldJson.readValue(key, json) : ReservedStates.read(key, json);
    }
    DocumentValue value = ShieldJson.readValue(key, json);
    if (value instanceof RouteState state) {
      if (!state.path().equals(key.key())) {
        throw new InvalidValueException("path", state.path(), "the key it stands under");
      }
      return state.withVersion(0);
    }
    return value;
  }

  /** Whether a state was written by who does not know Shield's own fields. */
  static boolean isPlain(DocumentKey key, String text) {
    return key.kind() == DocumentKind.STATE
        && !ShieldJson.parse(key.key(), text).hasNonNull("origin");
  }
}
