package io.shield.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.shield.error.InvalidValueException;
import io.shield.json.ShieldJson;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a store is spoken to: in the words of api-shield, which are Shield's own, or in those of
 * waygate, its renamed successor. waygate names reserved states otherwise, and drops a rate limit
 * whose algorithm it does not know: it is given the one that comes nearest, with the meant one
 * beside it.
 */
public enum Dialect {
  SHIELD("shield"),
  WAYGATE("waygate");

  private static final String UNKNOWN = "token_bucket";
  private static final String NEAREST = "moving_window";
  private static final String MEANT = "base_algorithm";
  private static final String ALGORITHM = "algorithm";

  private final String name;

  Dialect(String name) {
    this.name = name;
  }

  /**
   * The dialect of a name, in any case.
   *
   * @throws InvalidValueException if there is none
   */
  public static Dialect parse(String field, String text) {
    return Stream.of(values())
        .filter(dialect -> dialect.name.equals(text.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidValueException(
                    field,
                    text,
                    "one of "
                        + Stream.of(values()).map(d -> d.name).collect(Collectors.joining(", "))));
  }

  /** Its name in configuration. */
  public String wireName() {
    return name;
  }

  /** What its keys and channels in Redis begin with. */
  public String keyPrefix() {
    return name + ":";
  }

  /** What its reserved names begin with. */
  public String reserved() {
    return "__" + name + ":";
  }

  /** Shield's name in this dialect. */
  public String theirs(String ours) {
    return ours.startsWith(SHIELD.reserved())
        ? reserved() + ours.substring(SHIELD.reserved().length())
        : ours;
  }

  /** A name of this dialect as Shield has it; null for a name that only another one reserves. */
  public @Nullable String ours(String theirs) {
    if (theirs.startsWith(reserved())) {
      return SHIELD.reserved() + theirs.substring(reserved().length());
    }
    return ReservedStates.isReserved(theirs) ? null : theirs;
  }

  /** JSON of Shield in this dialect; what is given may be changed. */
  public JsonNode write(JsonNode json) {
    if (this == SHIELD) {
      return json;
    }
    if (json instanceof ObjectNode object) {
      boolean reserved = object.path("path").asText().startsWith(SHIELD.reserved());
      object.properties().forEach(field -> field.setValue(write(field.getValue())));
      if (object.path(ALGORITHM).asText().equals(UNKNOWN)) {
        object.put(MEANT, UNKNOWN).put(ALGORITHM, NEAREST);
      }
      if (reserved) {
        object.put("reason", reason(object.path("reason").asText()));
      }
    } else if (json instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, write(array.get(i)));
      }
    } else if (json.isTextual() && json.textValue().startsWith(SHIELD.reserved())) {
      return TextNode.valueOf(theirs(json.textValue()));
    }
    return json;
  }

  /** Of a reserved state the reason holds what it is about, as JSON. */
  private String reason(String text) {
    try {
      return text.startsWith("{") ? ShieldJson.text(write(ShieldJson.parse("reason", text))) : text;
    } catch (InvalidValueException freeText) {
      return text;
    }
  }

  /** JSON of a rate limit, of whichever dialect, as Shield means it; changes what is given. */
  public static JsonNode meant(JsonNode json) {
    if (json instanceof ObjectNode object
        && object.path(MEANT).asText().equals(UNKNOWN)
        && object.path(ALGORITHM).asText().equals(NEAREST)) {
      object.put(ALGORITHM, UNKNOWN).remove(MEANT);
    }
    return json;
  }
}
