package io.shield.admin.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.json.ShieldJson;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an endpoint answers.
 *
 * @param status the HTTP status
 * @param contentType the media type
 * @param body the text
 * @param headers further headers
 */
record Answer(int status, String contentType, String body, Map<String, String> headers) {
  private static final String WARNING = "X-Shield-Warning";

  private static final String JSON = "application/json";

  static Answer json(JsonNode body) {
    return json(200, body);
  }

  static Answer json(int status, JsonNode body) {
    return new Answer(status, JSON, ShieldJson.text(body), Map.of());
  }

  /** What a request is answered with that only had to succeed. */
  static Answer ok() {
    return json(JsonNodeFactory.instance.objectNode().put("ok", true));
  }

  static Answer text(int status, String contentType, String body) {
    return new Answer(status, contentType, body, Map.of());
  }

  boolean isJson() {
    return contentType.equals(JSON);
  }

  Answer withBody(String other) {
    return new Answer(status, contentType, other, headers);
  }

  Answer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answer(status, contentType, body, more);
  }

  /**
   * The same with what should be told beside it: in the field {@code warnings}, or where the body
   * is a list in the header {@code X-Shield-Warning}.
   */
  Answer warned(List<String> warnings) {
    if (warnings.isEmpty() || status >= 300 || !body.startsWith("{")) {
      return warnedInHeader(warnings);
    }
    ObjectNode more = (ObjectNode) ShieldJson.parse("answer", body);
    warnings.forEach(more.withArray("warnings")::add);
    return new Answer(status, contentType, ShieldJson.text(more), headers);
  }

  /** As {@link #warned}, but the body stays as it is: what is only shown may be sent back. */
  Answer warnedInHeader(List<String> warnings) {
    if (warnings.isEmpty() || status >= 300) {
      return this;
    }
    String text = String.join("; ", warnings).replaceAll("[^ -~]", "?");
    return with(WARNING, headers.containsKey(WARNING) ? headers.get(WARNING) + "; " + text : text);
  }

  Future<Answer> now() {
    return Future.succeededFuture(this);
  }

  /** Sends it; to a HEAD only what the body would be (RFC 9110, section 9.3.2). */
  void send(RoutingContext ctx) {
    HttpServerResponse response = ctx.response();
    response.setStatusCode(status).putHeader("Content-Type", contentType);
    headers.forEach(response::putHeader);
    if (ctx.request().method().equals(HttpMethod.HEAD)) {
      int length = body.getBytes(StandardCharsets.UTF_8).length;
      response.putHeader("Content-Length", String.valueOf(length)).end();
    } else {
      response.end(body);
    }
  }
}
