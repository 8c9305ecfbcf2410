package io.shield.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * Reads and writes trees by Jackson's streams, without its mapper: that one knows how to bind
 * classes, which no tree needs, and a process that starts would load four hundred classes for it.
 * How deep a tree may be is up to the parser. All methods are thread-safe.
 */
public final class JsonTree {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private JsonTree() {}

  /**
   * The one value of a text; a missing node if it has none.
   *
   * @throws IOException if it cannot be parsed, or more follows behind the value
   */
  public static JsonNode readAll(JsonParser in) throws IOException {
    if (in.nextToken() == null) {
      return NODES.missingNode();
    }
    JsonNode value = read(in);
    if (in.nextToken() != null) {
      throw new JsonParseException(
          in, "more follows behind the value: " + in.currentToken(), in.currentTokenLocation());
    }
    return value;
  }

  /**
   * The value that begins with the parser's current token, which is its last one then. Of a name
   * that an object has twice the later value counts, where the parser lets it through.
   *
   * @throws IOException if it cannot be parsed
   */
  public static JsonNode read(JsonParser in) throws IOException {
    return switch (in.currentToken()) {
      case START_OBJECT -> object(in);
      case START_ARRAY -> array(in);
      case VALUE_STRING -> NODES.textNode(in.getText());
      case VALUE_NUMBER_INT -> integer(in);
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(in.getDoubleValue());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      default ->
          throw new JsonParseException(
              in, "not a value: " + in.currentToken(), in.currentTokenLocation());
    };
  }

  private static ObjectNode object(JsonParser in) throws IOException {
    ObjectNode object = NODES.objectNode();
    for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
      in.nextToken();
      object.set(name, read(in));
    }
    return object;
  }

  private static ArrayNode array(JsonParser in) throws IOException {
    ArrayNode array = NODES.arrayNode();
    while (!in.nextToken().isStructEnd()) {
      array.add(read(in));
    }
    return array;
  }

  private static JsonNode integer(JsonParser in) throws IOException {
    return switch (in.getNumberType()) {
      case INT -> NODES.numberNode(in.getIntValue());
      case LONG -> NODES.numberNode(in.getLongValue());
      default -> NODES.numberNode(in.getBigIntegerValue());
    };
  }

  /**
   * Writes a value.
   *
   * @throws IOException if what it is written to fails
   */
  public static void write(JsonGenerator out, JsonNode value) throws IOException {
    try (JsonParser tokens = value.traverse()) {
      tokens.nextToken();
      out.copyCurrentStructure(tokens);
    }
  }
}
