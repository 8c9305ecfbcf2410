package io.shield.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.cli.terminal.View.Column;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Columns under headings, as wide as their widest cell. Where they are wider than the terminal,
 * those without a value are left out, and the widest ones are shortened; if that is not enough, the
 * last ones are left out before a key or a time is shortened.
 */
final class Table {
  private static final String GAP = "  ";
  private static final int NARROWEST = 6;

  private Table() {}

  /**
   * Prints rows.
   *
   * @param page how it is shown
   */
  static void print(PrintWriter out, Page page, View view, List<JsonNode> rows) {
    List<List<String>> cells = cells(page, view.columns(), rows);
    List<Column> columns = view.columns();
    if (page.columns() > 0 && total(widths(cells)) > page.columns()) {
      columns = columns.stream().filter(column -> isUsed(page, column, rows)).toList();
      columns = roomy(columns, widths(cells(page, columns, rows)), page.columns());
      cells = cells(page, columns, rows);
    }
    boolean colours = page.colours();
    int[] widths = fitting(columns, widths(cells), page.columns());
    for (int i = 0; i < cells.size(); i++) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        Style style = i == 0 ? Style.BOLD : columns.get(column).style().apply(rows.get(i - 1));
        String text = shortened(cells.get(i).get(column), widths[column]);
        line.append(colours ? style.paint(text) : text);
        line.append(" ".repeat(widths[column] - width(text))).append(GAP);
      }
      out.println(line.toString().stripTrailing());
    }
  }

  private static List<List<String>> cells(Page page, List<Column> columns, List<JsonNode> rows) {
    List<List<String>> cells = new ArrayList<>();
    cells.add(columns.stream().map(Column::heading).toList());
    for (JsonNode row : rows) {
      cells.add(columns.stream().map(column -> page.cell(column, row)).toList());
    }
    return cells;
  }

  private static boolean isUsed(Page page, Column column, List<JsonNode> rows) {
    return rows.stream().anyMatch(row -> !page.cell(column, row).isEmpty());
  }

  private static int total(int[] widths) {
    int total = (widths.length - 1) * GAP.length();
    for (int width : widths) {
      total += width;
    }
    return total;
  }

  /** Those for which there is room: what may be shortened is left out, from the last on. */
  private static List<Column> roomy(List<Column> columns, int[] widths, int width) {
    List<Column> left = new ArrayList<>(columns);
    int[] least = widths.clone();
    for (int i = 0; i < least.length; i++) {
      least[i] = columns.get(i).whole() ? widths[i] : Math.min(widths[i], NARROWEST);
    }
    int total = total(least);
    for (int i = least.length - 1; i >= 0 && total > width; i--) {
      if (!columns.get(i).whole()) {
        left.remove(i);
        total -= least[i] + GAP.length();
      }
    }
    return left.isEmpty() ? columns : left;
  }

  /**
   * Takes from the widest as long as it must, from what is to be whole only if nothing else is
   * left.
   */
  private static int[] fitting(List<Column> kinds, int[] widths, int columns) {
    int total = total(widths);
    while (columns > 0 && total > columns) {
      int widest = widest(kinds, widths, false);
      if (widest < 0) {
        widest = widest(kinds, widths, true);
      }
      if (widest < 0) {
        break;
      }
      widths[widest]--;
      total--;
    }
    return widths;
  }

  /** The widest of those that are to be whole, or not, and may still be shortened; -1 if none. */
  private static int widest(List<Column> kinds, int[] widths, boolean whole) {
    int widest = -1;
    for (int i = 0; i < widths.length; i++) {
      boolean may = kinds.get(i).whole() == whole && widths[i] > NARROWEST;
      widest = may && (widest < 0 || widths[i] >= widths[widest]) ? i : widest;
    }
    return widest;
  }

  private static String shortened(String text, int width) {
    boolean fits = width(text) <= width;
    return fits ? text : text.substring(0, text.offsetByCodePoints(0, width - 1)) + "\u2026";
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
