package io.shield.admin.impl;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.error.InvalidValueException;
import io.shield.internal.value.Checks;
import java.util.Set;

/** What a client names must not look like something else. */
final class VisibleText {
  /** What is free text, or nobody's business. Where it is shown, what is hidden is shown too. */
  private static final Set<String> FREE =
      Set.of("reason", "password", "changes", "actor", "on_behalf_of");

  private VisibleText() {}

  /**
   * Checks all texts of a body.
   *
   * @throws InvalidValueException if one has hidden characters, or such that turn the direction of
   *     writing
   */
  static void check(JsonNode body) {
    check("body", body);
  }

  private static void check(String field, JsonNode value) {
    if (value.isTextual()) {
      Checks.visible(field, value.textValue());
    } else if (value.isArray()) {
      value.forEach(each -> check(field, each));
    } else {
      value
          .properties()
          .forEach(
              each -> {
                if (!FREE.contains(each.getKey())) {
                  check(each.getKey(), each.getValue());
                }
              });
    }
  }
}
