package io.shield.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * What a running api-shield 0.8.0 sent and stored: every object of a known form, wherever it
 * stands, also inside a string that holds JSON.
 */
final class WireRecordings {
  static final List<String> FILES =
      List.of("rest.json", "sdk-events.txt", "file-state.json", "redis-keys.json");

  private WireRecordings() {}

  /** The forms, told apart by fields that only they have together; the first that fits counts. */
  enum Form {
    STATE,
    AUDIT_ENTRY,
    HIT,
    POLICY,
    GLOBAL_POLICY,
    MAINTENANCE;

    private List<String> fields() {
      return switch (this) {
        case STATE -> List.of("path", "status", "allowed_envs");
        case AUDIT_ENTRY -> List.of("id", "timestamp", "action", "actor");
        case HIT -> List.of("key", "limit", "reset_at");
        case POLICY -> List.of("path", "method", "limit");
        case GLOBAL_POLICY -> List.of("limit", "exempt_routes");
        case MAINTENANCE -> List.of("enabled", "exempt_paths");
      };
    }

    boolean fits(JsonNode node) {
      return fields().stream().allMatch(node::has);
    }
  }

  /**
   * One recorded object.
   *
   * @param file where it stands
   * @param place the path to it
   * @param form what it is
   * @param json the object as it was recorded
   */
  record Recorded(String file, String place, Form form, ObjectNode json) {
    @Override
    public String toString() {
      return file + " " + place + " " + form;
    }
  }

  /** Every recorded object of every file. */
  static List<Recorded> all() {
    List<Recorded> found = new ArrayList<>();
    for (String file : FILES) {
      walk("", read(file), (place, node) -> addIfKnown(found, file, place, node));
    }
    return found;
  }

  private static void addIfKnown(List<Recorded> found, String file, String place, JsonNode node) {
    for (Form form : Form.values()) {
      if (form.fits(node)) {
        found.add(new Recorded(file, place, form, (ObjectNode) node));
        return;
      }
    }
  }

  private static JsonNode read(String file) {
    String text = text(file);
    return file.endsWith(".json") ? ShieldJson.parse(file, text) : events(file, text);
  }

  private static JsonNode events(String file, String text) {
    var events = JsonNodeFactory.instance.arrayNode();
    text.lines()
        .filter(line -> line.startsWith("data: "))
        .forEach(line -> events.add(ShieldJson.parse(file, line.substring("data: ".length()))));
    return events;
  }

  private static String text(String file) {
    try (InputStream in = WireRecordings.class.getResourceAsStream("/wire/" + file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void walk(String place, JsonNode node, BiConsumer<String, JsonNode> visitor) {
    if (node.isObject()) {
      visitor.accept(place, node);
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        walk(place + "/" + field.getKey(), field.getValue(), visitor);
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        walk(place + "/" + i, node.get(i), visitor);
      }
    } else if (node.isTextual() && node.textValue().startsWith("{\"")) {
      walk(place + "/(text)", ShieldJson.parse(place, node.textValue()), visitor);
    }
  }
}
