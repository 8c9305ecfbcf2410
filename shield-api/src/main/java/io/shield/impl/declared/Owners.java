package io.shield.impl.declared;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.ChangeConflictException;
import io.shield.error.InvalidValueException;
import io.shield.json.ShieldJson;
import io.shield.model.OpaqueDocument;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose document declares which entry. All of it is one stored document, so that of two teams that
 * claim an entry at the same time one gets it. Confined to one plan.
 */
final class Owners {
  private static final Logger LOG = LoggerFactory.getLogger(Owners.class);
  private static final DocumentKey STORED = DocumentKey.document("declared:owners");

  private final long version;
  private final Map<String, String> stored;
  private final Map<String, String> owners;

  Owners(Snapshot snapshot) {
    version = snapshot.version(STORED);
    stored = read(snapshot.documents().get(STORED.key()));
    owners = new TreeMap<>(stored);
  }

  private static Map<String, String> read(@Nullable Versioned<OpaqueDocument> document) {
    Map<String, String> read = new TreeMap<>();
    if (document == null) {
      return read;
    }
    try {
      JsonNode all = ShieldJson.parse(STORED.key(), document.value().content());
      all.properties().forEach(entry -> read.put(entry.getKey(), entry.getValue().asText()));
    } catch (InvalidValueException e) {
      LOG.warn("The document {} cannot be read and is written anew", STORED.key());
    }
    return read;
  }

  /** The entries that are somebody's. */
  List<String> entries() {
    return List.copyOf(owners.keySet());
  }

  /** Whose an entry is, or null. */
  @Nullable String of(String entry) {
    return owners.get(entry);
  }

  /** Refuses a change of what is another's. */
  void check(String entry, @Nullable String owner) {
    String present = owners.get(entry);
    if (present != null && !present.equals(owner)) {
      throw new ChangeConflictException(
          entry
              + " is declared by the document of '"
              + present
              + "': change it there, or take it out there with prune");
    }
  }

  void claim(String entry, String owner) {
    owners.put(entry, owner);
  }

  void release(String entry) {
    owners.remove(entry);
  }

  /** What has to be written; nothing if it stays the same. */
  List<Edit> edits() {
    if (owners.equals(stored)) {
      return List.of();
    }
    if (owners.isEmpty()) {
      return List.of(new Edit(STORED, version, null));
    }
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    owners.forEach(all::put);
    return List.of(new Edit(STORED, version, new OpaqueDocument(ShieldJson.text(all))));
  }
}
