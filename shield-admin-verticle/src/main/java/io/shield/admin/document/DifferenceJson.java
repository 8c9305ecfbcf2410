package io.shield.admin.document;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.DeclaredState;
import io.shield.json.ShieldJson;
import io.shield.model.audit.FieldChange;

/** What a document changes, as JSON. */
public final class DifferenceJson {
  private DifferenceJson() {}

  /**
   * Writes a difference.
   *
   * @param dryRun whether it is only what would be changed
   */
  public static ObjectNode of(DeclaredState.Difference difference, boolean dryRun) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("dry_run", dryRun);
    body.put("count", difference.entries().size());
    ArrayNode entries = body.putArray("entries");
    for (DeclaredState.Entry entry : difference.entries()) {
      ObjectNode node = entries.addObject();
      node.put("name", entry.name()).put("action", entry.action());
      ArrayNode changes = node.putArray("changes");
      for (FieldChange change : entry.changes()) {
        ObjectNode field = changes.addObject().put("field", change.field());
        field.set("before", ShieldJson.parse("before", change.before()));
        field.set("after", ShieldJson.parse("after", change.after()));
      }
    }
    difference.warnings().forEach(body.putArray("warnings")::add);
    return body;
  }
}
