package io.shield.backend.file.impl;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.ShieldException;
import io.shield.json.JsonTree;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a tree of values is written as text and read back. Thread-safe. */
abstract class Format {
  /** How the parser names another place, where an object begins for instance. */
  private static final Pattern PLACE_IN_MESSAGE =
      Pattern.compile("\\[Source: [^\\]]*; (line: \\d+, column: \\d+)]");

  private final JsonFactory factory;

  Format(JsonFactory factory) {
    // A name given twice is a slip of the hand: neither value may silently win.
    factory.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature());
    this.factory = factory;
  }

  /**
   * The format that the file's extension names.
   *
   * @throws ShieldException if it names none, or the artifact for it is missing
   */
  static Format of(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".json")) {
      return new JsonFormat();
    }
    if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      return optional(() -> new YamlFormat(), file, "jackson-dataformat-yaml");
    }
    if (name.endsWith(".toml")) {
      return optional(() -> new TomlFormat(), file, "jackson-dataformat-toml");
    }
    throw new ShieldException(
        "the state file '"
            + Problems.oneLine(file.toString())
            + "' has no known format: its name must end in .json, .yaml, .yml or .toml");
  }

  private static Format optional(Supplier<Format> format, Path file, String artifact) {
    try {
      return format.get();
    } catch (NoClassDefFoundError missing) {
      throw new ShieldException(
          "the state file '"
              + Problems.oneLine(file.toString())
              + "' needs the artifact com.fasterxml.jackson.dataformat:"
              + artifact
              + ": add it to the application",
          missing);
    }
  }

  /** The text of a tree. */
  abstract String render(ObjectNode tree) throws IOException;

  /** As the library writes it. */
  final String plain(JsonNode tree, @Nullable PrettyPrinter printer) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = factory.createGenerator(text)) {
      out.setPrettyPrinter(printer);
      JsonTree.write(out, tree);
    }
    return text.toString();
  }

  /** The text of some bytes. */
  static String text(byte[] bytes) throws UnreadableException {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), out, true);
    String text = out.flip().toString();
    if (result.isError()) {
      throw new UnreadableException("not UTF-8 text", TextPlace.lineAt(text, text.length()), 0);
    }
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /** The tree of a text. */
  final ObjectNode parse(String text) throws UnreadableException {
    JsonNode tree;
    try (JsonParser in = factory.createParser(text)) {
      tree = JsonTree.readAll(in);
    } catch (JsonProcessingException e) {
      throw unreadable(e);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // What a parser says of text that it was not written for.
      throw new UnreadableException(String.valueOf(e.getMessage()), 1, 0);
    }
    if (tree instanceof ObjectNode object) {
      return object;
    }
    throw new UnreadableException("not a table of states, audit, rl_hits and rl_policies", 1, 0);
  }

  /** What the parser found, in words for who has to mend it. */
  UnreadableException unreadable(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    return new UnreadableException(
        PLACE_IN_MESSAGE.matcher(e.getOriginalMessage()).replaceAll("$1"),
        at == null ? 0 : at.getLineNr(),
        at == null ? 0 : at.getColumnNr());
  }
}
