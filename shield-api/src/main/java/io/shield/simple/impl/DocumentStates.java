package io.shield.simple.impl;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.internal.ReservedStates;
import io.shield.json.CommitJson;
import io.shield.json.ShieldJson;
import io.shield.model.DocumentValue;
import io.shield.model.Origin;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** How documents of every kind are kept in states. */
final class DocumentStates {
  /**
   * A document found in a state.
   *
   * @param version as it was written; 0 if it was not written by this protocol
   */
  record Found(DocumentKey key, DocumentValue value, long version) {}

  private static final String END = "__";

  /** Longer keys do not fit into a state's name with the rest of it. */
  private static final int LONGEST_KEY = 350;

  private DocumentStates() {}

  /** The key of the state that keeps a document. */
  static String nameOf(DocumentKey document) {
    if (document.kind() == DocumentKind.STATE || hasOriginalName(document)) {
      return document.key();
    }
    return prefix(document.kind()) + shortened(document.key()) + END;
  }

  private static boolean hasOriginalName(DocumentKey document) {
    return document.key().length() <= RouteKey.MAX_LENGTH && ReservedStates.holds(document);
  }

  private static String prefix(DocumentKind kind) {
    return RouteKey.RESERVED_PREFIX + kind.wireName() + ":";
  }

  /** The key, or its beginning and its digest: longer than any key that is not cut. */
  private static String shortened(String key) {
    if (key.length() <= LONGEST_KEY) {
      return key;
    }
    String digest = "#" + HexFormat.of().formatHex(sha256(key));
    int kept = LONGEST_KEY + 1 - digest.length();
    boolean splitsPair = Character.isHighSurrogate(key.charAt(kept - 1));
    return key.substring(0, splitsPair ? kept - 1 : kept) + (splitsPair ? "#" : "") + digest;
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The state that keeps a document at a version. */
  static RouteState write(DocumentKey document, DocumentValue value, long version) {
    if (value instanceof RouteState state) {
      return state.withVersion(version);
    }
    if (hasOriginalName(document)) {
      return ReservedStates.write(document, value).withVersion(version);
    }
    return reserved(nameOf(document), CommitJson.write(document, version, value))
        .withVersion(version);
  }

  /** A state of ours that keeps any JSON. */
  static RouteState reserved(String name, JsonNode content) {
    return RouteState.builder(name).reason(ShieldJson.text(content)).origin(Origin.RUNTIME).build();
  }

  /** The document in a state, or null if it keeps none. */
  static @Nullable Found read(RouteState state) {
    String name = state.path();
    if (!RouteKey.isReserved(name)) {
      return new Found(DocumentKey.state(name), state, state.version());
    }
    DocumentKey known = ReservedStates.documentUnder(name);
    if (known != null) {
      return new Found(known, ReservedStates.read(known, state), state.version());
    }
    return isOurs(name) ? readOurs(state) : null;
  }

  private static boolean isOurs(String name) {
    return Arrays.stream(DocumentKind.values())
        .anyMatch(kind -> kind != DocumentKind.STATE && name.startsWith(prefix(kind)));
  }

  private static @Nullable Found readOurs(RouteState state) {
    JsonNode json = ShieldJson.parse(state.path(), state.reason());
    DocumentValue value = CommitJson.readValue(json);
    return value == null ? null : new Found(CommitJson.readKey(json), value, state.version());
  }
}
