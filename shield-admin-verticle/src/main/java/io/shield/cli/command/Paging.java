package io.shield.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.cli.terminal.Output;
import io.shield.cli.terminal.OutputFormat;
import io.shield.cli.terminal.View;
import io.shield.error.InvalidValueException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which part of a long list is shown: in tables a page, in other formats all unless asked. */
final class Paging {
  private static final int DEFAULT_ROWS = 20;
  private static final int MAX_ROWS = 10_000;

  @Option(
      names = {"-p", "--page"},
      paramLabel = "N",
      description = "The page to show (default: 1).")
  private @Nullable Integer page;

  @Option(
      names = "--per-page",
      paramLabel = "N",
      description = "Rows on a page (default: 20 in tables, all in other formats).")
  private @Nullable Integer perPage;

  /** How many rows must be known to show the page and whether there is another. */
  int needed(Output output) {
    int rows = rows(output);
    long needed = (long) number() * rows + 1;
    return (int) Math.min(needed, MAX_ROWS);
  }

  private int number() {
    return inRange("--page", page == null ? 1 : page);
  }

  private int rows(Output output) {
    if (perPage != null) {
      return inRange("--per-page", perPage);
    }
    boolean all = output.format() != OutputFormat.TABLE && page == null;
    return all ? MAX_ROWS : DEFAULT_ROWS;
  }

  private static int inRange(String option, int value) {
    if (value < 1 || value > MAX_ROWS) {
      throw new InvalidValueException(option, value, "between 1 and " + MAX_ROWS);
    }
    return value;
  }

  /** Writes the page; says beside it where more is. */
  void write(Output output, List<JsonNode> items, View view) {
    int rows = rows(output);
    int from = (int) Math.min((long) (number() - 1) * rows, items.size());
    int to = Math.min(from + rows, items.size());
    if (from == to && from > 0) {
      output.remark(
          "page " + number() + " is empty, the last one is " + ((from + rows - 1) / rows));
    }
    output.list(items.subList(from, to), view);
    if (to < items.size()) {
      output.remark((from + 1) + " to " + to + " shown, --page " + (number() + 1) + " shows more");
    }
  }
}
