package io.shield.admin.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.admin.document.DocumentText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The admin API as an OpenAPI 3.1 document, made of a short table of its operations. It is written
 * so that the tools people use take it: values that may grow are strings with examples, not
 * enumerations, since clients that were generated earlier would fail at a new one.
 */
public final class AdminDescription {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");
  private static final String KEY = "/{key}";
  private static final String JSON = "application/json";
  private static final String SCHEMA = "#/components/schemas/";

  private static final Map<String, String> ERRORS =
      Map.ofEntries(
          Map.entry("400", "A value is not allowed; the error names it and what is."),
          Map.entry("401", "Nobody is signed in."),
          Map.entry("403", "Who is signed in may not do this."),
          Map.entry("404", "There is no such thing."),
          Map.entry("409", "What is stored does not allow it."),
          Map.entry("412", "Somebody else was faster; `state` is what there is now."),
          Map.entry("413", "The body is too large."),
          Map.entry("429", "Too many tries; `Retry-After` says when again."),
          Map.entry("503", "The store does not answer, or is not believed."));

  private final JsonNode table;
  private final ObjectNode document;

  /**
   * An endpoint.
   *
   * @param method the HTTP method
   * @param path its template, with parameters in braces
   * @param open whether it needs no sign-in
   * @param query the query parameters that it reads
   */
  public record Called(String method, String path, boolean open, List<String> query) {
    /** As the table names it. */
    String name() {
      return method + " " + path;
    }
  }

  private AdminDescription(JsonNode table) {
    this.table = table;
    this.document = NODES.objectNode();
  }

  /** The document of these endpoints, without servers; each must be in the table. */
  public static ObjectNode of(List<Called> endpoints) {
    AdminDescription description = new AdminDescription(DocumentText.parse("operations", table()));
    description.head();
    endpoints.forEach(description::add);
    description.components();
    return description.document;
  }

  private static String table() {
    try (InputStream in = AdminDescription.class.getResourceAsStream("operations.yaml")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void head() {
    document.put("openapi", "3.1.0");
    ObjectNode info = document.putObject("info");
    info.put("title", "Shield");
    info.put("version", "1");
    info.put("description", "Looks at routes and changes them while the application runs.");
    // The name as well: openapi-generator writes it into a Python package, which takes no other.
    info.putObject("license").put("name", "Apache-2.0").put("identifier", "Apache-2.0");
    document.putArray("servers");
    document.putArray("tags");
    document.putObject("paths");
    ArrayNode security = document.putArray("security");
    security.addObject().putArray("token");
    security.addObject().putArray("bearer");
  }

  private void add(Called endpoint) {
    JsonNode operation = table.path("operations").path(endpoint.name());
    boolean byQuery = operation.isMissingNode();
    if (byQuery) {
      operation = table.path("operations").path(withKey(endpoint));
    }
    if (operation.isMissingNode()) {
      throw new IllegalStateException(endpoint.name() + " is in no table of operations");
    }
    ObjectNode item = document.withObjectProperty("paths").withObjectProperty(endpoint.path());
    item.set(endpoint.method().toLowerCase(Locale.ROOT), operation(endpoint, operation, byQuery));
  }

  /** What is done by {@code ?path=} is also done by the key in the path. */
  private static String withKey(Called endpoint) {
    String[] parts = endpoint.path().split("/", -1);
    StringBuilder path = new StringBuilder();
    for (int i = 1; i < parts.length; i++) {
      path.append('/').append(parts[i]);
      if (i == 2) {
        path.append(KEY);
      }
    }
    return endpoint.method() + " " + path;
  }

  private ObjectNode operation(Called endpoint, JsonNode table, boolean byQuery) {
    ObjectNode operation = NODES.objectNode();
    operation.put("operationId", table.path("id").asText() + (byQuery ? "ByPath" : ""));
    operation.put("summary", table.path("summary").asText());
    operation
        .putArray("tags")
        .add(endpoint.path().split("/", -1)[endpoint.path().startsWith("/api/") ? 2 : 1]);
    ArrayNode parameters = operation.putArray("parameters");
    Matcher inPath = PARAMETER.matcher(endpoint.path());
    while (inPath.find()) {
      parameters.add(parameter("path", inPath.group(1), true, described(inPath.group(1))));
    }
    if (byQuery) {
      parameters.add(parameter("query", "path", true, described("path")));
    }
    // Where one thing is asked for it is in the path, or that parameter has it; with it a list
    // would
    // be no list.
    boolean ofOne = byQuery || endpoint.path().contains(KEY) || table.path("answer").isArray();
    for (String name : endpoint.query()) {
      if (!ofOne || !name.equals("path")) {
        String text = this.table.path("parameters").path(name).asText();
        parameters.add(parameter("query", name, false, text));
      }
    }
    String body = table.path("body").asText();
    if (!body.isEmpty()) {
      boolean optional = body.startsWith("?");
      ObjectNode request = operation.putObject("requestBody").put("required", !optional);
      schema(request.putObject("content").putObject(JSON), optional ? body.substring(1) : body);
    }
    operation.set("responses", responses(endpoint, table));
    if (endpoint.open()) {
      operation.putArray("security");
    }
    return operation;
  }

  private String described(String name) {
    return switch (name) {
      case "key" -> "A route key in base64url without padding.";
      case "name" -> "The name of a webhook.";
      case "id" -> "An id.";
      default -> table.path("parameters").path(name).asText("The name of a service.");
    };
  }

  private static ObjectNode parameter(String in, String name, boolean required, String text) {
    ObjectNode parameter = NODES.objectNode().put("name", name).put("in", in);
    parameter.put("required", required).put("description", text);
    parameter.putObject("schema").put("type", "string");
    return parameter;
  }

  private static ObjectNode responses(Called endpoint, JsonNode table) {
    ObjectNode responses = NODES.objectNode();
    ObjectNode done = responses.putObject(table.path("status").asText("200"));
    done.put("description", "Done.");
    ObjectNode content = done.putObject("content");
    answer(content.putObject(table.path("type").asText(JSON)), table.path("answer"));
    table
        .path("types")
        .properties()
        .forEach(type -> answer(content.putObject(type.getKey()), type.getValue()));
    table
        .path("more")
        .properties()
        .forEach(
            more -> {
              ObjectNode response = responses.putObject(more.getKey());
              response.put("description", "See the body.");
              answer(response.putObject("content").putObject(JSON), more.getValue());
            });
    for (String status : errors(endpoint)) {
      if (!responses.has(status)) {
        ObjectNode response = responses.putObject(status);
        response.put("description", ERRORS.get(status));
        schema(response.putObject("content").putObject(JSON), "Failure");
      }
    }
    // By the HTTP server itself, without a body.
    responses.putObject("414").put("description", "The address is too long.");
    return responses;
  }

  private static List<String> errors(Called endpoint) {
    List<String> errors = new ArrayList<>(List.of("400", "401"));
    if (!endpoint.open()) {
      errors.addAll(List.of("403", "404"));
    }
    if (!endpoint.method().equals("GET")) {
      errors.addAll(List.of("413", "429", "503"));
      if (!endpoint.open()) {
        errors.addAll(List.of("409", "412"));
      }
    } else if (!endpoint.open()) {
      errors.addAll(List.of("409", "503"));
    }
    errors.sort(String::compareTo);
    return errors;
  }

  private static void answer(ObjectNode content, @Nullable JsonNode schema) {
    if (schema != null && schema.isArray()) {
      ObjectNode list = content.putObject("schema").put("type", "array");
      list.putObject("items").put("$ref", SCHEMA + schema.get(0).asText());
    } else if (schema != null) {
      schema(content, schema.asText());
    }
  }

  private static void schema(ObjectNode content, String name) {
    content.putObject("schema").put("$ref", SCHEMA + name);
  }

  private void components() {
    ObjectNode components = document.putObject("components");
    components.set("schemas", table.path("schemas"));
    ObjectNode schemes = components.putObject("securitySchemes");
    schemes
        .putObject("token")
        .put("type", "apiKey")
        .put("in", "header")
        .put("name", "X-Shield-Token");
    schemes.putObject("bearer").put("type", "http").put("scheme", "bearer");
    ArrayNode tags = document.withArrayProperty("tags");
    List<String> seen = new ArrayList<>();
    for (JsonNode item : document.path("paths")) {
      for (JsonNode operation : item) {
        String tag = operation.path("tags").path(0).asText();
        if (!seen.contains(tag)) {
          seen.add(tag);
          tags.addObject().put("name", tag);
        }
      }
    }
  }
}
