package io.shield.model.audit;

import io.shield.internal.value.Checks;

/**
 * One field that a change altered.
 *
 * @param field the field's JSON name
 * @param before its JSON text before
 * @param after its JSON text after
 */
public record FieldChange(String field, String before, String after) {
  public FieldChange {
    Checks.nonEmptyLine("field", field, 100);
    Checks.encodable("before", before);
    Checks.encodable("after", after);
  }
}
