package io.shield.cli.terminal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.shield.admin.document.DocumentText;
import io.shield.cli.terminal.View.Column;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes results. The data are the same whether they go to a terminal, a pipe or a file; only the
 * colours and the width of tables, and how times are said in them, are a terminal's.
 *
 * @param choice how, and of tables what
 * @param out where results go
 * @param err where remarks go
 * @param page what tables are written on
 */
public record Output(OutputChoice choice, PrintWriter out, PrintWriter err, Page page) {
  private static final View FIELDS =
      new View(
          row -> View.text(row, "field"),
          List.of(
              new Column("FIELD", row -> View.text(row, "field"), row -> Style.DIM),
              Column.times("VALUE", row -> View.text(row, "value"))),
          "Nothing.");

  /** How results are written. */
  public OutputFormat format() {
    return choice.format();
  }

  /** A line above or below a table; other formats have what it says among their data. */
  public void heading(String text) {
    if (format() == OutputFormat.TABLE && choice.fields().isEmpty()) {
      String line = Lines.oneLine(text);
      out.println(page.colours() ? Style.BOLD.paint(line) : line);
      out.flush();
    }
  }

  /** One thing, as a row of its kind. */
  public void item(JsonNode item, View view) {
    write(item, List.of(item), view);
  }

  /** Things of one kind; JSON and YAML show a list. */
  public void list(List<JsonNode> items, View view) {
    if (items.isEmpty() && format() == OutputFormat.TABLE) {
      out.println(view.none());
      out.flush();
      return;
    }
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    all.addAll(items);
    write(all, items, view);
  }

  /**
   * What was done, of which there is nothing to show: at most a sentence.
   *
   * @param answer what other formats show
   * @param name the field of the answer that names what it was done with
   */
  public void done(String sentence, JsonNode answer, String name) {
    if (format() == OutputFormat.TABLE && choice.fields().isEmpty()) {
      out.println(Lines.oneLine(sentence));
      out.flush();
    } else {
      fields(answer, name);
    }
  }

  /**
   * One thing, as a row for each of its fields.
   *
   * @param name the field that names it
   */
  public void fields(JsonNode item, String name) {
    if (format() == OutputFormat.NAME) {
      out.println(Lines.oneLine(View.text(item, name)));
      out.flush();
      return;
    }
    if (!choice.fields().isEmpty()) {
      write(item, List.of(item), FIELDS);
      return;
    }
    List<JsonNode> rows = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : item.properties()) {
      if (field.getValue().isObject() || field.getKey().equals("warnings")) {
        continue; // has fields of its own, which JSON and YAML show; or is told as remarks
      }
      rows.add(
          JsonNodeFactory.instance
              .objectNode()
              .put("field", field.getKey())
              .put("value", View.text(field.getValue())));
    }
    // Whole: it may be a token, or an address to be copied.
    new Output(
            choice, out, err, new Page(page.terminal(), page.colours(), 0, page.messageColumns()))
        .write(item, rows, FIELDS);
  }

  /**
   * One of many things that come one by one: JSON on one line, YAML documents, or a line.
   *
   * @return whether it could be written; if not, no more need to come
   */
  public boolean event(JsonNode event, View view) {
    switch (format()) {
      case JSON -> out.println(event);
      case YAML -> out.print("---\n" + DocumentText.yaml(event));
      case NAME -> out.println(Lines.oneLine(view.name().apply(event)));
      case TABLE -> {
        StringBuilder line = new StringBuilder();
        for (Column column : choice.view(view).columns()) {
          String text = page.cell(column, event);
          line.append(page.colours() ? column.style().apply(event).paint(text) : text).append("  ");
        }
        out.println(line.toString().stripTrailing());
      }
    }
    return !out.checkError();
  }

  /** A document that is kept in a file: YAML, unless JSON is asked for. */
  public void document(JsonNode document) {
    boolean json = format() == OutputFormat.JSON;
    out.print(json ? json(document) + System.lineSeparator() : DocumentText.yaml(document));
    out.flush();
  }

  /** Lines of text. */
  public void lines(List<String> lines) {
    lines.forEach(line -> out.println(Lines.oneLine(line)));
    out.flush();
  }

  /** A remark beside the result. */
  public void remark(String text) {
    err.println(Lines.wrapped("shield: " + text, page.messageColumns()));
    err.flush();
  }

  private void write(JsonNode data, List<JsonNode> rows, View view) {
    switch (format()) {
      case JSON -> out.println(json(data));
      case YAML -> out.print(DocumentText.yaml(data));
      case NAME -> rows.forEach(row -> out.println(Lines.oneLine(view.name().apply(row))));
      case TABLE -> Table.print(out, page, choice.view(view), rows);
    }
    out.flush();
    for (String field : choice.unknown(rows)) {
      remark("nothing shown has '" + field + "', there are " + String.join(", ", fieldsOf(rows)));
    }
  }

  private static Set<String> fieldsOf(List<JsonNode> rows) {
    Set<String> names = new TreeSet<>();
    rows.forEach(row -> row.fieldNames().forEachRemaining(names::add));
    return names;
  }

  private static String json(JsonNode data) {
    try {
      return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(data);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree can be written", e);
    }
  }
}
