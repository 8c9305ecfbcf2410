package io.shield.backend.file.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.ShieldException;
import io.shield.json.ShieldJson;
import io.shield.model.OpaqueDocument;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Head;
import io.shield.model.store.Versioned;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Shield adds to the original's layout under the name {@code shield}: where the store is, and
 * digests that tell whether anybody else touched the file.
 *
 * @param head the last commit
 * @param versions of every document
 * @param digests of every document's value
 * @param documents the opaque ones, by name
 * @param requests the accepted requests of the last minutes
 * @param auditDigest of the whole audit log
 * @param earlier what the documents were before
 */
record Section(
    Head head,
    Map<DocumentKey, Long> versions,
    Map<DocumentKey, String> digests,
    Map<String, String> documents,
    Requests requests,
    String auditDigest,
    Earlier earlier) {
  private static final int FORMAT = 1;

  static Section of(Image image) {
    Map<DocumentKey, Long> versions = new LinkedHashMap<>();
    Map<DocumentKey, String> digests = new LinkedHashMap<>();
    Layout.ordered(image.snapshot())
        .forEach(
            (key, value) -> {
              versions.put(key, value.version());
              digests.put(key, String.valueOf(image.digests().get(key)));
            });
    Map<String, String> documents = new LinkedHashMap<>();
    for (Map.Entry<String, Versioned<OpaqueDocument>> entry :
        image.snapshot().documents().entrySet()) {
      documents.put(entry.getKey(), entry.getValue().value().content());
    }
    return new Section(
        image.head(),
        versions,
        digests,
        documents,
        image.requests(),
        digest(image.audit()),
        image.earlier());
  }

  /** The digest of an audit log. */
  static String digest(List<Logged> audit) {
    StringBuilder all = new StringBuilder();
    audit.forEach(logged -> all.append(logged.digest()));
    return Canonical.digest(all.toString());
  }

  ObjectNode write() {
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    out.put("format", FORMAT);
    out.set("head", ShieldJson.write(head));
    ObjectNode writtenVersions = out.putObject("versions");
    versions.forEach((key, version) -> writtenVersions.put(key.toString(), version));
    ObjectNode writtenDigests = out.putObject("digests");
    digests.forEach((key, digest) -> writtenDigests.put(key.toString(), digest));
    ObjectNode writtenDocuments = out.putObject("documents");
    documents.forEach(writtenDocuments::put);
    out.set("requests", requests.write());
    out.put("audit", auditDigest);
    if (!earlier.isEmpty()) {
      earlier.write(out.putObject("earlier"));
    }
    out.put("digest", Canonical.digest(out));
    return out;
  }

  /**
   * Reads what {@link #write} wrote; null if it is something else or was changed since.
   *
   * @throws ShieldException if a newer version of Shield wrote it
   */
  static @Nullable Section read(@Nullable JsonNode json) {
    if (!(json instanceof ObjectNode given)) {
      return null;
    }
    if (given.path("format").asInt(FORMAT) > FORMAT) {
      throw new ShieldException(
          "format " + given.path("format").asInt() + " was written by a newer version of Shield");
    }
    ObjectNode content = given.deepCopy();
    JsonNode digest = content.remove("digest");
    if (digest == null || !digest.asText().equals(Canonical.digest(content))) {
      return null;
    }
    try {
      Head head = ShieldJson.readHead(given.path("head"));
      Map<DocumentKey, Long> versions = new LinkedHashMap<>();
      Map<DocumentKey, String> digests = new LinkedHashMap<>();
      Map<String, String> documents = new LinkedHashMap<>();
      each(given, "versions", (name, v) -> versions.put(key(name), v.asLong()));
      each(given, "digests", (name, v) -> digests.put(key(name), v.asText()));
      Map<DocumentKey, String> before = new LinkedHashMap<>();
      each(given, "earlier", (name, v) -> before.put(key(name), v.asText()));
      each(given, "documents", (name, v) -> documents.put(name, v.asText()));
      return new Section(
          head,
          versions,
          digests,
          documents,
          Requests.read(head.epoch(), given.path("requests")),
          given.path("audit").asText(),
          Earlier.of(before));
    } catch (ShieldException notOurs) {
      return null;
    }
  }

  private interface Each {
    void accept(String name, JsonNode value);
  }

  private static void each(ObjectNode given, String field, Each each) {
    given.path(field).properties().forEach(entry -> each.accept(entry.getKey(), entry.getValue()));
  }

  private static DocumentKey key(String text) {
    int space = text.indexOf(' ');
    if (space < 0) {
      throw new ShieldException("'" + text + "' names no document");
    }
    return new DocumentKey(DocumentKind.parse(text.substring(0, space)), text.substring(space + 1));
  }
}
