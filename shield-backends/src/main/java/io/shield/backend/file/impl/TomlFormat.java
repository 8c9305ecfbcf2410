package io.shield.backend.file.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.toml.TomlFactory;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * TOML: values as {@code states.'GET:/payments'.status = 'active'}, audit entries and hits as
 * {@code [[audit]]} tables after them. It has no null, so nulls are left out. Loaded only when it
 * is asked for, because its library may be missing.
 */
final class TomlFormat extends Format {
  TomlFormat() {
    super(new TomlFactory());
  }

  @Override
  String render(ObjectNode tree) throws IOException {
    ObjectNode plain = Canonical.withoutNulls(tree);
    Map<String, JsonNode> tables = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : tree.properties()) {
      if (isTables(field.getValue())) {
        // In TOML what stands after a table's head belongs to the table: these come last.
        tables.put(field.getKey(), plain.remove(field.getKey()));
      }
    }
    StringBuilder out = new StringBuilder(text(plain));
    for (Map.Entry<String, JsonNode> entry : tables.entrySet()) {
      for (JsonNode table : entry.getValue()) {
        out.append("\n[[").append(entry.getKey()).append("]]\n");
        out.append(text(table));
      }
    }
    return out.toString();
  }

  private String text(JsonNode table) throws IOException {
    return table.isEmpty() ? "" : plain(table, null);
  }

  private static boolean isTables(JsonNode value) {
    if (!value.isArray() || value.isEmpty()) {
      return false;
    }
    for (JsonNode element : value) {
      if (!element.isObject()) {
        return false;
      }
    }
    return true;
  }
}
