package io.shield.model;

import java.util.Objects;

/**
 * One field that a change altered.
 *
 * @param field the field's JSON name
 * @param before its JSON text before
 * @param after its JSON text after
 */
public record FieldChange(String field, String before, String after) {
  public FieldChange {
    Objects.requireNonNull(field, "field");
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(after, "after");
  }
}
