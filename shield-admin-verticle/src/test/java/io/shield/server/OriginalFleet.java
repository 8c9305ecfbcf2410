package io.shield.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.json.ShieldJson;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Stands in for a server of version 0.8: it answers what such a server was recorded to answer a
 * service, sends the events that were recorded, and has nothing else. What it is sent to register
 * it keeps, as that server did; its routes follow the events that it sends.
 */
final class OriginalFleet implements AutoCloseable {
  /** The service of the recordings. */
  static final String SERVICE = "payments-service";

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final Map<String, String> recorded = new LinkedHashMap<>();
  private final Map<String, JsonNode> routes = new ConcurrentHashMap<>();
  private final List<JsonNode> registered = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Set<HttpServerResponse> streams = ConcurrentHashMap.newKeySet();

  OriginalFleet() throws Exception {
    for (JsonNode record : ShieldJson.parse("rest.json", resource("rest.json"))) {
      JsonNode request = record.path("request");
      String target = request.path("method").asText() + " " + request.path("path").asText();
      if (record.path("response").path("status").asInt() == 200) {
        recorded.putIfAbsent(target, ShieldJson.text(record.path("response").path("body")));
      }
    }
    JsonNode known = ShieldJson.parse("routes", recorded.get("GET /api/routes?service=" + SERVICE));
    known.forEach(route -> routes.put(route.path("path").asText(), route));
    server =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.body().onSuccess(body -> answer(request, body)))
            .listen(0, "localhost")
            .toCompletionStage()
            .toCompletableFuture()
            .get(120, TimeUnit.SECONDS);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = OriginalFleet.class.getResourceAsStream("/wire/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The recorded events, in order. */
  static List<JsonNode> events() throws IOException {
    return resource("sdk-events.txt")
        .lines()
        .filter(line -> line.startsWith("data: "))
        .map(line -> ShieldJson.parse("event", line.substring("data: ".length())))
        .toList();
  }

  String url() {
    return "http://localhost:" + server.actualPort();
  }

  /** The states that were registered. */
  List<JsonNode> registered() {
    return registered;
  }

  /** What was asked, as {@code GET /path}. */
  List<String> asked() {
    return asked;
  }

  int streams() {
    return streams.size();
  }

  private void answer(HttpServerRequest request, Buffer body) {
    String target = request.method() + " " + request.uri();
    asked.add(target);
    if (target.equals("GET /api/sdk/events")) {
      HttpServerResponse stream = request.response();
      stream.putHeader("Content-Type", "text/event-stream; charset=utf-8").setChunked(true);
      stream.write(": keepalive\n\n");
      stream.closeHandler(v -> streams.remove(stream));
      streams.add(stream);
      return;
    }
    if (target.equals("POST /api/sdk/register")) {
      ArrayNode states = (ArrayNode) ShieldJson.parse("body", body.toString()).path("states");
      states.forEach(registered::add);
      states.forEach(state -> routes.putIfAbsent(state.path("path").asText(), state));
    }
    String answer =
        target.equals("GET /api/routes?service=" + SERVICE)
            ? "[" + String.join(",", routes.values().stream().map(ShieldJson::text).toList()) + "]"
            : recorded.get(target);
    boolean unknown = answer == null || request.path().matches("/api/sdk/(head|snapshot|commit)");
    request
        .response()
        .setStatusCode(unknown ? 404 : 200)
        .putHeader("Content-Type", unknown ? "text/plain; charset=utf-8" : "application/json")
        .end(unknown ? "Not Found" : answer);
  }

  /** Sends an event on all streams. */
  void send(JsonNode event) {
    keep(event);
    streams.forEach(stream -> stream.write("data: " + ShieldJson.text(event) + "\n\n"));
  }

  /** Notes what an event says without sending it. */
  void keep(JsonNode event) {
    if (event.path("type").asText().equals("state") && event.path("payload").has("path")) {
      routes.put(event.path("payload").path("path").asText(), event.path("payload").deepCopy());
      // The original does not list what is no route.
      routes.keySet().removeIf(path -> path.startsWith("__"));
    }
  }

  /** Changes a route, and tells of it. */
  void change(String route, String status, boolean told) {
    ObjectNode state = routes.get(SERVICE + ":" + route).deepCopy();
    state.put("status", status);
    ObjectNode event = state.objectNode().put("type", "state");
    event.set("payload", state);
    if (told) {
      send(event);
    } else {
      keep(event);
    }
  }

  /** Ends all streams, as a server that stops does. */
  void endStreams() {
    streams.forEach(HttpServerResponse::end);
    streams.clear();
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
