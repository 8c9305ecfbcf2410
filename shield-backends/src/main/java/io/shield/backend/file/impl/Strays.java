package io.shield.backend.file.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.internal.Dialect;
import io.shield.model.store.Change;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Edit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a file cannot be read: kept as it is in a part of its own, until people mend or delete it
 * there or change what it is about. Immutable; the JSON in it is never changed.
 *
 * @param values by the part in which each was found, a space, and its name there
 */
record Strays(Map<String, JsonNode> values) {
  static final Strays NONE = new Strays(Map.of());

  private static final String PART = "unreadable";
  private static final int MAX = 200;

  /** What a file keeps. */
  static Strays of(ObjectNode root) {
    if (!(root.get(PART) instanceof ObjectNode kept)) {
      return NONE;
    }
    Map<String, JsonNode> values = new LinkedHashMap<>();
    kept.properties().forEach(entry -> values.put(entry.getKey(), entry.getValue()));
    return new Strays(values);
  }

  void write(ObjectNode root) {
    if (!values.isEmpty()) {
      ObjectNode kept = root.putObject(PART);
      values.forEach(kept::set);
    }
  }

  /** With others, of which the last are kept if there are too many. */
  Strays and(Map<String, JsonNode> more) {
    if (more.isEmpty()) {
      return this;
    }
    Map<String, JsonNode> all = new LinkedHashMap<>(values);
    all.putAll(more);
    List<String> names = new ArrayList<>(all.keySet());
    names.subList(0, Math.max(0, names.size() - MAX)).forEach(all::remove);
    return new Strays(all);
  }

  /** Without what a change decides anew. */
  Strays without(Change change) {
    Map<String, JsonNode> rest = new LinkedHashMap<>(values);
    for (Edit edit : change.edits()) {
      String key = edit.key().key();
      for (String name : List.of(key, Dialect.WAYGATE.theirs(key))) {
        boolean policy = edit.key().kind() == DocumentKind.POLICY && !edit.key().isReserved();
        rest.remove((policy ? Layout.POLICIES : Layout.STATES) + " " + name);
      }
    }
    return rest.size() == values.size() ? this : new Strays(rest);
  }

  /** What to say of them, or null. */
  @Nullable String warning(Path file) {
    if (values.isEmpty()) {
      return null;
    }
    int more = values.size() - 1;
    return file
        + ": '"
        + Problems.oneLine(values.keySet().iterator().next())
        + (more == 0 ? "'" : "' and " + more + " more")
        + " cannot be read and is not enforced; from the next change on it is kept under '"
        + PART
        + "', delete it there when it is mended";
  }
}
