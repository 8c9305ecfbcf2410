package io.shield.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Function;

/**
 * How one kind of thing is shown as a row.
 *
 * @param name its name, for {@link OutputFormat#NAME}
 * @param columns its columns, for {@link OutputFormat#TABLE}
 * @param none what is said when there are no rows
 */
public record View(Function<JsonNode, String> name, List<Column> columns, String none) {
  public View {
    columns = List.copyOf(columns);
  }

  /**
   * A column.
   *
   * @param heading its heading
   * @param text the text of a row
   * @param style the colour of a row
   * @param times whether times in it are said by their distance from now, at a terminal
   * @param whole whether it is of no use if it is shortened: what commands take, or a moment
   */
  public record Column(
      String heading,
      Function<JsonNode, String> text,
      Function<JsonNode, Style> style,
      boolean times,
      boolean whole) {
    /** A column with colours. */
    public Column(
        String heading, Function<JsonNode, String> text, Function<JsonNode, Style> style) {
      this(heading, text, style, false, false);
    }

    /** A column without colour. */
    public static Column of(String heading, Function<JsonNode, String> text) {
      return new Column(heading, text, row -> Style.PLAIN);
    }

    /** A column in which times may stand. */
    public static Column times(String heading, Function<JsonNode, String> text) {
      return new Column(heading, text, row -> Style.PLAIN, true, false);
    }

    /** A column of moments. */
    public static Column time(String heading, Function<JsonNode, String> text) {
      return new Column(heading, text, row -> Style.PLAIN, true, true);
    }

    /** A column of what commands take: a route, an id. */
    public static Column key(String heading, Function<JsonNode, String> text) {
      return new Column(heading, text, row -> Style.PLAIN, false, true);
    }

    /** A column that shows a field as it is. */
    public static Column field(String heading, String field) {
      return of(heading, row -> View.text(row, field));
    }
  }

  /** A field as text: empty if it is absent or null, a list joined by commas. */
  public static String text(JsonNode row, String field) {
    return text(row.path(field));
  }

  /** A value as text: empty if it is absent or null, a list joined by commas. */
  public static String text(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    if (value.isArray()) {
      StringBuilder all = new StringBuilder();
      value.forEach(item -> all.append(all.isEmpty() ? "" : ", ").append(text(item)));
      return all.toString();
    }
    return value.isValueNode() ? value.asText() : value.toString();
  }
}
