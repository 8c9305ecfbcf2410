package io.shield.backend.file.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.json.ShieldJson;
import io.shield.model.DocumentValue;
import io.shield.model.OpaqueDocument;
import io.shield.model.RouteState;
import io.shield.model.store.DocumentKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Digests of the values that documents had before, as the original knows them, so that an old cache
 * of the original that is written back is told from an edit. The last ones of each document, also
 * of deleted ones. Immutable.
 */
final class Earlier {
  static final Earlier NONE = new Earlier(Map.of());

  private static final int MAX_VALUES = 16;
  private static final int MAX_DOCUMENTS = 5000;

  /** What the original knows of a state. */
  private static final Set<String> ORIGINAL =
      Set.of(
          "path",
          "service",
          "status",
          "reason",
          "allowed_envs",
          "allowed_roles",
          "allowed_ips",
          "window",
          "sunset_date",
          "successor_path",
          "rollout_percentage",
          "force_active");

  /** The newest last, of both documents and values. */
  private final Map<DocumentKey, List<String>> digests;

  private Earlier(Map<DocumentKey, List<String>> digests) {
    this.digests = digests;
  }

  /** With values that are now replaced or deleted, oldest first. */
  Earlier with(List<Map.Entry<DocumentKey, DocumentValue>> former) {
    if (former.isEmpty()) {
      return this;
    }
    Map<DocumentKey, List<String>> next = new LinkedHashMap<>(digests);
    for (Map.Entry<DocumentKey, DocumentValue> entry : former) {
      if (!(entry.getValue() instanceof OpaqueDocument)) {
        List<String> values = next.remove(entry.getKey());
        List<String> more = values == null ? new ArrayList<>() : new ArrayList<>(values);
        String digest = digest(entry.getValue());
        more.remove(digest);
        more.add(digest);
        next.put(entry.getKey(), more.subList(Math.max(0, more.size() - MAX_VALUES), more.size()));
      }
    }
    next.keySet().stream()
        .limit(Math.max(0, next.size() - MAX_DOCUMENTS))
        .toList()
        .forEach(next::remove);
    return new Earlier(next);
  }

  /** Whether a document had this value. */
  boolean had(DocumentKey key, DocumentValue value) {
    List<String> values = digests.get(key);
    return values != null && values.contains(digest(value));
  }

  private static String digest(DocumentValue value) {
    JsonNode json = ShieldJson.writeValue(value);
    if (value instanceof RouteState) {
      ((ObjectNode) json).retain(ORIGINAL);
    }
    return Canonical.digest(json);
  }

  boolean isEmpty() {
    return digests.isEmpty();
  }

  void write(ObjectNode out) {
    digests.forEach((key, values) -> out.put(key.toString(), String.join(" ", values)));
  }

  /** What {@link #write} wrote. */
  static Earlier of(Map<DocumentKey, String> written) {
    Map<DocumentKey, List<String>> digests = new LinkedHashMap<>();
    written.forEach((key, values) -> digests.put(key, List.of(values.split(" "))));
    return new Earlier(digests);
  }
}
