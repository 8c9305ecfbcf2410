package io.shield.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.shield.cli.terminal.View.Column;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tables on terminals that are too narrow for them. */
class TableTest {
  private static final View VIEW =
      new View(
          row -> View.text(row, "id"),
          List.of(
              Column.key("ID", row -> View.text(row, "id")),
              Column.field("SERVICE", "service"),
              Column.field("REASON", "reason")),
          "None.");

  private static final JsonNode ROW =
      JsonNodeFactory.instance
          .objectNode()
          .put("id", "0123456789")
          .put("reason", "the provider charges twice");

  private static List<String> printed(int columns) {
    StringWriter out = new StringWriter();
    Table.print(new PrintWriter(out), new Page(true, false, columns, 0), VIEW, List.of(ROW));
    return out.toString().lines().toList();
  }

  @Test
  void whatHasNoValueGoesFirst() {
    assertThat(printed(0).get(0)).isEqualTo("ID          SERVICE  REASON");
    assertThat(printed(38))
        .containsExactly("ID          REASON", "0123456789  the provider charges twice");
  }

  @Test
  void thenTheLongestIsShortenedButNoKey() {
    assertThat(printed(24)).containsExactly("ID          REASON", "0123456789  the provide\u2026");
  }

  /** A time or a key of which a part is missing is of no use. */
  @Test
  void thenTheLastAreLeftOutBeforeATimeOrAKeyIsShortened() {
    View view =
        new View(
            row -> View.text(row, "id"),
            List.of(
                Column.time("TIME", row -> "2001-01-01T00:00:00Z"),
                Column.key("ID", row -> View.text(row, "id")),
                Column.of("FIRST", row -> "1234567"),
                Column.of("SECOND", row -> "1234567")),
            "None.");
    StringWriter out = new StringWriter();
    Table.print(new PrintWriter(out), new Page(true, false, 30, 0), view, List.of(ROW));
    assertThat(out.toString().lines())
        .containsExactly("TIME        ID          FIRST", "2001-01-01  0123456789  12345\u2026");
  }

  @Test
  void messagesBreakBetweenWords() {
    assertThat(Lines.wrapped("shield: no such route GET:/payments", 22))
        .isEqualTo("shield: no such route\nGET:/payments");
    assertThat(Lines.wrapped("0123456789 a b", 5)).isEqualTo("0123456789\na b");
    assertThat(Lines.wrapped("one\ntwo three", 0)).isEqualTo("one\\u000atwo three");
  }

  @Test
  void aSpanIsSaidByItsLength() {
    Instant now = Instant.parse("2030-01-01T00:00:00Z");
    String window = "window 2030-01-01T02:00:00Z to 2030-01-01T02:30:00Z";
    assertThat(RelativeTimes.of(window, now)).isEqualTo("window in 2h for 30m");
    assertThat(RelativeTimes.of(window, now.plusSeconds(8400))).isEqualTo("window 20m ago for 30m");
    assertThat(RelativeTimes.of("until 2030-01-01T02:00:00Z", now)).isEqualTo("ends in 2h");
  }
}
