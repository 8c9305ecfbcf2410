package io.shield.backend.file.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.shield.internal.Dialect;
import io.shield.model.DocumentValue;
import io.shield.model.OpaqueDocument;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a file says, whoever wrote it.
 *
 * @param values the documents in the original's part of the file: all but the opaque ones
 * @param digests of each of these values
 * @param plainStates the keys of states without Shield's own fields: whoever wrote them does not
 *     know those
 * @param audit the audit log, oldest first
 * @param foreignStates reserved states of others, by key
 * @param hits rate-limit hits of the original
 * @param strays what cannot be read, and what could not be read earlier and is kept
 * @param section Shield's own part; null if it is missing or was changed
 * @param dialect whose reserved names it has
 * @param broken documents that cannot be read
 * @param problems why each of what cannot be read cannot be, by its name among the strays
 * @param lacking whether a whole part is missing, or of another shape
 */
record Content(
    Map<DocumentKey, DocumentValue> values,
    Map<DocumentKey, String> digests,
    Set<String> plainStates,
    List<Logged> audit,
    Map<String, JsonNode> foreignStates,
    ArrayNode hits,
    Strays strays,
    @Nullable Section section,
    Dialect dialect,
    Set<DocumentKey> broken,
    Map<String, UnreadableException> problems,
    boolean lacking) {

  /** Why it tells too little where nothing else is known; null if it tells enough. */
  @Nullable UnreadableException insufficient() {
    return problems.entrySet().stream()
        .filter(problem -> !problem.getKey().startsWith(Layout.AUDIT + " "))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  /** What Shield wrote and nobody touched since; null if somebody did. */
  @Nullable Image intact() {
    if (section == null || !section.auditDigest().equals(Section.digest(audit))) {
      return null;
    }
    Map<DocumentKey, String> expected = new LinkedHashMap<>(section.digests());
    expected.keySet().removeIf(key -> key.kind() == DocumentKind.DOCUMENT);
    return expected.equals(digests) ? imageOf(section, section.head()) : null;
  }

  /**
   * What of the file is as Shield wrote it, with the versions that its own part tells; null if that
   * part is missing or was changed. For when nothing else is known.
   */
  @Nullable Image remains() {
    return section == null ? null : imageOf(section, section.head());
  }

  /** The documents that Shield's own part names and the file lacks. */
  List<DocumentKey> lost() {
    return section == null
        ? List.of()
        : section.digests().keySet().stream()
            .filter(key -> key.kind() != DocumentKind.DOCUMENT && !values.containsKey(key))
            .toList();
  }

  private Image imageOf(Section known, Head head) {
    Map<DocumentKey, Versioned<?>> documents = new LinkedHashMap<>();
    Map<DocumentKey, String> kept = new LinkedHashMap<>();
    known
        .versions()
        .forEach(
            (key, version) -> {
              DocumentValue value = valueOf(known, key);
              String digest = known.digests().get(key);
              if (value != null && digest != null && digest.equals(digestOf(key, value))) {
                documents.put(key, new Versioned<>(value, version));
                kept.put(key, digest);
              }
            });
    return new Image(
        Snapshot.of(head, documents),
        audit,
        known.requests(),
        kept,
        foreignStates,
        hits,
        strays,
        known.earlier(),
        dialect);
  }

  private @Nullable DocumentValue valueOf(Section known, DocumentKey key) {
    if (key.kind() != DocumentKind.DOCUMENT) {
      return values.get(key);
    }
    String content = known.documents().get(key.key());
    return content == null ? null : new OpaqueDocument(content);
  }

  private String digestOf(DocumentKey key, DocumentValue value) {
    return Objects.requireNonNullElseGet(digests.get(key), () -> Image.digest(value));
  }

  /** The first commit of a store that knew no commits: everything in it has version 1. */
  Image firstImage(Head head) {
    Map<DocumentKey, Versioned<?>> documents = new LinkedHashMap<>();
    values.forEach((key, value) -> documents.put(key, new Versioned<>(value, 1)));
    return new Image(
        Snapshot.of(head, documents),
        audit,
        Requests.NONE,
        digests,
        foreignStates,
        hits,
        strays,
        Earlier.NONE,
        dialect);
  }
}
