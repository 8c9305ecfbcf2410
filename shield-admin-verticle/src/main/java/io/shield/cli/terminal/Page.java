package io.shield.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.cli.terminal.View.Column;
import java.time.Instant;

/**
 * What tables are written on.
 *
 * @param terminal whether somebody looks at it
 * @param colours whether it has colours
 * @param columns how wide it is, 0 for any width
 * @param messageColumns how wide remarks beside them may be, 0 for any width
 */
public record Page(boolean terminal, boolean colours, int columns, int messageColumns) {
  /** The text of a cell, on one line. */
  String cell(Column column, JsonNode row) {
    String text = Lines.oneLine(column.text().apply(row));
    if (!column.times()) {
      return text;
    }
    return terminal ? RelativeTimes.of(text, Instant.now()) : RelativeTimes.inMillis(text);
  }
}
