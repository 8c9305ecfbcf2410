package io.shield.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.cli.terminal.View.Column;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Columns under headings, as wide as their widest cell; no cell is ever cut. */
final class Table {
  private static final String GAP = "  ";

  private Table() {}

  static void print(PrintWriter out, boolean colours, View view, List<JsonNode> rows) {
    List<List<String>> cells = new ArrayList<>();
    cells.add(view.columns().stream().map(Column::heading).toList());
    for (JsonNode row : rows) {
      cells.add(view.columns().stream().map(c -> Lines.oneLine(c.text().apply(row))).toList());
    }
    int[] widths = widths(cells);
    for (int i = 0; i < cells.size(); i++) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        Style style =
            i == 0 ? Style.BOLD : view.columns().get(column).style().apply(rows.get(i - 1));
        String text = cells.get(i).get(column);
        line.append(colours ? style.paint(text) : text);
        line.append(" ".repeat(widths[column] - width(text))).append(GAP);
      }
      out.println(line.toString().stripTrailing());
    }
  }

  private static int[] widths(List<List<String>> cells) {
    int[] widths = new int[cells.get(0).size()];
    for (List<String> row : cells) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    return widths;
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
