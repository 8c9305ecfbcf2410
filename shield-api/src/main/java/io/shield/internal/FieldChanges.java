package io.shield.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.json.ShieldJson;
import io.shield.model.DocumentValue;
import io.shield.model.audit.FieldChange;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Compares two values of a document. */
public final class FieldChanges {
  private FieldChanges() {}

  /**
   * The fields in which two values differ; a field that is not written counts as null.
   *
   * @param bookkeeping fields that are left out
   */
  public static List<FieldChange> between(
      DocumentValue before, DocumentValue after, Set<String> bookkeeping) {
    return between(
        (ObjectNode) ShieldJson.writeValue(before),
        (ObjectNode) ShieldJson.writeValue(after),
        bookkeeping);
  }

  /** As {@link #between(DocumentValue, DocumentValue, Set)}, of values that are JSON already. */
  public static List<FieldChange> between(ObjectNode old, ObjectNode now, Set<String> bookkeeping) {
    Set<String> fields = new LinkedHashSet<>();
    now.fieldNames().forEachRemaining(fields::add);
    old.fieldNames().forEachRemaining(fields::add);
    fields.removeAll(bookkeeping);
    List<FieldChange> changes = new ArrayList<>();
    for (String field : fields) {
      JsonNode was = of(old, field);
      JsonNode is = of(now, field);
      if (!was.equals(is)) {
        changes.add(new FieldChange(field, ShieldJson.text(was), ShieldJson.text(is)));
      }
    }
    return changes;
  }

  private static JsonNode of(ObjectNode node, String field) {
    JsonNode value = node.get(field);
    return value == null ? NullNode.getInstance() : value;
  }
}
