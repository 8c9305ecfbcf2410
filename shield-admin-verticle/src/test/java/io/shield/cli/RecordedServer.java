package io.shield.cli;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands in for a server of version 0.8: answers a request as that one did when the same request
 * was recorded, and any other with the plain 404 it has for what it does not know.
 */
final class RecordedServer implements AutoCloseable {
  /** The recorder replaced the token. */
  static final String TOKEN = "<opaque token>";

  private final Vertx vertx = Vertx.vertx();
  private final JsonArray records;
  private final List<JsonObject> requests = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  RecordedServer() throws IOException {
    try (InputStream in = RecordedServer.class.getResourceAsStream("/wire/rest.json")) {
      records = new JsonArray(Buffer.buffer(in.readAllBytes()));
    }
    server =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.body().onSuccess(body -> answer(request, body)))
            .listen(0, InetAddress.getLoopbackAddress().getHostAddress())
            .await();
  }

  String url() {
    return "http://localhost:" + server.actualPort() + "/shield";
  }

  /** The requests that came: {@code method}, {@code path}, {@code body}, {@code token}. */
  List<JsonObject> requests() {
    return new ArrayList<>(requests);
  }

  private void answer(HttpServerRequest request, Buffer buffer) {
    String path = request.uri().substring("/shield".length());
    Object body = buffer.length() == 0 ? null : new JsonObject(buffer);
    requests.add(
        new JsonObject()
            .put("method", request.method().name())
            .put("path", path)
            .put("body", body)
            .put("token", request.getHeader("X-Shield-Token")));
    JsonObject found = null;
    for (int i = 0; i < records.size(); i++) {
      JsonObject record = records.getJsonObject(i);
      if (isSame(record, request)) {
        boolean exact =
            Objects.equals(
                withoutPlatform(record.getJsonObject("request").getValue("body")),
                withoutPlatform(body));
        found = found == null || exact ? record : found;
        if (exact) {
          break;
        }
      }
    }
    JsonObject unknown = new JsonObject().put("status", 404).put("body", "Not Found");
    send(request, found == null ? unknown : found.getJsonObject("response"));
  }

  /** Of several requests that are the same but for their bodies, one with the same body counts. */
  private static boolean isSame(JsonObject record, HttpServerRequest request) {
    JsonObject recorded = record.getJsonObject("request");
    boolean refused = record.getJsonObject("response").getInteger("status") == 401;
    boolean signedIn = request.getHeader("X-Shield-Token") != null;
    return recorded.getString("method").equals(request.method().name())
        && (recorded.getString("path").equals(request.uri().substring("/shield".length()))
            || (isAudit(recorded.getString("path")) && isAudit(request.path().substring(7))))
        && !(refused && signedIn);
  }

  /** Of what is asked of the log it knows little, and leaves out the rest. */
  private static boolean isAudit(String path) {
    return path.split("\\?", -1)[0].equals("/api/audit");
  }

  private static Object withoutPlatform(Object body) {
    if (!(body instanceof JsonObject object) || "sdk".equals(object.getString("platform"))) {
      return body;
    }
    JsonObject copy = object.copy();
    copy.remove("platform");
    return copy;
  }

  private static void send(HttpServerRequest request, JsonObject recorded) {
    Object body = recorded.getValue("body");
    if (body instanceof JsonObject signIn && signIn.containsKey("expires_at")) {
      // The recorded ones have ended, or will.
      body = signIn.copy().put("expires_at", Instant.now().plus(1, ChronoUnit.DAYS).toString());
    }
    boolean text = body instanceof String;
    request
        .response()
        .setStatusCode(recorded.getInteger("status"))
        .putHeader("Content-Type", text ? "text/plain; charset=utf-8" : "application/json")
        .end(text ? Buffer.buffer(((String) body).getBytes(StandardCharsets.UTF_8)) : json(body));
  }

  private static Buffer json(Object body) {
    return io.vertx.core.json.Json.encodeToBuffer(body);
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
