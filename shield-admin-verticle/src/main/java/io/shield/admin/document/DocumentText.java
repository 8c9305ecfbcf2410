package io.shield.admin.document;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import io.shield.error.InvalidValueException;
import io.shield.error.ShieldException;
import io.shield.json.ShieldJson;
import java.util.regex.Pattern;

/** Reads and writes documents as text. All methods are thread-safe. */
public final class DocumentText {
  /** Where the parser names its own settings. */
  private static final Pattern JARGON = Pattern.compile(", from `[^`]*`");

  /**
   * Quotes texts that would be read as numbers. What the generator quotes by itself are plain
   * decimals only: {@code 1e3}, {@code 0x1F}, {@code 1_000} and {@code .nan} are none.
   */
  private static final class Quoting extends StringQuotingChecker.Default {
    private static final long serialVersionUID = 1L;

    private static final Pattern NUMBER =
        Pattern.compile(
            "[-+]?(\\.?[0-9_][0-9a-fx_:]*(\\.[0-9_]*)?(e[-+]?[0-9]+)?|\\.inf|\\.nan)",
            Pattern.CASE_INSENSITIVE);

    @Override
    public boolean needToQuoteValue(String value) {
      return super.needToQuoteValue(value) || NUMBER.matcher(value).matches();
    }
  }

  /** Made when YAML is first asked for: an application that needs none leaves its artifact out. */
  private static final class Yaml {
    static final ObjectMapper MAPPER =
        YAMLMapper.builder(YAMLFactory.builder().stringQuotingChecker(new Quoting()).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // "off" is no switch, nor is the country code of Norway.
            .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .build();
  }

  private static ObjectMapper mapper() {
    try {
      return Yaml.MAPPER;
    } catch (NoClassDefFoundError e) {
      throw new ShieldException(
          "YAML needs the artifact com.fasterxml.jackson.dataformat:jackson-dataformat-yaml,"
              + " add it",
          e);
    }
  }

  private DocumentText() {}

  /**
   * Parses a text: JSON if it begins with a brace, else YAML. A field that is given twice is
   * refused.
   *
   * @param what names the text in the message
   * @throws InvalidValueException if it is neither; the message has the line and column
   * @throws ShieldException if it is YAML, and the artifact that reads it is missing
   */
  public static JsonNode parse(String what, String text) {
    if (text.stripLeading().startsWith("{")) {
      return ShieldJson.parseStrictly(what, text);
    }
    try {
      JsonNode node = mapper().readTree(text);
      if (node.isMissingNode()) {
        throw new InvalidValueException(what, text, "YAML or JSON, not an empty text");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw new InvalidValueException(what, text, "YAML or JSON (" + place(e) + said(e) + ")");
    }
  }

  private static String place(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    return at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
  }

  /**
   * The first line, as far as it is for people: the rest points into the text, or names classes.
   */
  private static String said(JsonProcessingException e) {
    String line = e.getOriginalMessage().lines().findFirst().orElse("");
    return JARGON
        .matcher(line)
        .replaceFirst("")
        .replaceFirst(", got this instead.*", "")
        .replaceAll("\\p{Cntrl}", "?");
  }

  /**
   * Writes a tree as YAML.
   *
   * @throws ShieldException if the artifact that writes it is missing; the message names it
   */
  public static String yaml(JsonNode node) {
    try {
      return mapper().writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree can be written", e);
    }
  }
}
