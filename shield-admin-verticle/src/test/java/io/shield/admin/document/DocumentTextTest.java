package io.shield.admin.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.shield.fixtures.Seeds;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written as YAML is read as the same. */
class DocumentTextTest {
  /** What numbers, dates and the other plain values of YAML are made of. */
  private static final String ALPHABET = "0123456789+-._:eExXbBaAfFoOinINFnuly~T";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e3",
        "1E+3",
        "1.5e3",
        "0x1F",
        "+0x10",
        "0b11",
        "1_000",
        "1_",
        "190:20:30.15",
        ".inf",
        "-.Inf",
        ".NaN",
        "1.",
        ".5",
        "12",
        "-1",
        "08",
        "off",
        "~",
        "null",
        "",
        "5/minute",
        "2090-01-01T00:00:00Z"
      })
  void textStaysText(String text) {
    assertThat(again(text)).isEqualTo(document(text));
  }

  @Test
  void anyTextStaysText() {
    Random random = Seeds.random("texts for YAML");
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int left = random.nextInt(7); left >= 0; left--) {
        text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      }
      assertThat(again(text.toString())).as(text.toString()).isEqualTo(document(text.toString()));
    }
  }

  @Test
  void whatIsReadAsTextHasNoQuotes() {
    assertThat(DocumentText.yaml(document("10.1.0.0/16"))).isEqualTo("reason: 10.1.0.0/16\n");
    assertThat(DocumentText.yaml(document("2090-01-01T00:00:00Z")))
        .isEqualTo("reason: 2090-01-01T00:00:00Z\n");
  }

  private static JsonNode again(String text) {
    return DocumentText.parse("document", DocumentText.yaml(document(text)));
  }

  private static JsonNode document(String text) {
    return JsonNodeFactory.instance.objectNode().put("reason", text);
  }
}
