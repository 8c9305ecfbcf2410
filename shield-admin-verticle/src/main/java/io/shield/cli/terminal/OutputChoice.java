package io.shield.cli.terminal;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.shield.cli.terminal.View.Column;
import io.shield.error.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What was asked for with {@code -o}.
 *
 * @param format how a result is written
 * @param fields the fields that tables show in place of their columns; none for those that are
 *     theirs. A field within another is named with both, {@code window/start}
 */
public record OutputChoice(OutputFormat format, List<String> fields) {
  private static final String COLUMNS = "columns=";

  public OutputChoice {
    fields = List.copyOf(fields);
  }

  /**
   * Reads it.
   *
   * @throws InvalidValueException if there is none such
   */
  public static OutputChoice parse(String text) {
    if (!text.startsWith(COLUMNS)) {
      return new OutputChoice(OutputFormat.parse(text), List.of());
    }
    List<String> fields = List.of(text.substring(COLUMNS.length()).split(",", -1));
    if (fields.stream().anyMatch(String::isBlank)) {
      throw new InvalidValueException("-o", text, "columns=FIELD,... as -o json shows them");
    }
    return new OutputChoice(OutputFormat.TABLE, fields.stream().map(String::strip).toList());
  }

  /** The view with the chosen columns. */
  View view(View own) {
    if (fields.isEmpty()) {
      return own;
    }
    List<Column> columns = new ArrayList<>();
    for (String field : fields) {
      JsonPointer place = JsonPointer.compile("/" + field);
      columns.add(Column.time(field.toUpperCase(Locale.ROOT), row -> View.text(row.at(place))));
    }
    return new View(own.name(), columns, own.none());
  }

  /** The chosen fields that none of the rows has. */
  List<String> unknown(List<JsonNode> rows) {
    return fields.stream()
        .filter(field -> rows.stream().allMatch(row -> isMissing(row, field)))
        .toList();
  }

  private static boolean isMissing(JsonNode row, String field) {
    return row.at(JsonPointer.compile("/" + field)).isMissingNode();
  }
}
