package io.shield.admin.dashboard.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.admin.dashboard.ApiCall;
import io.shield.error.InvalidValueException;
import io.shield.json.ShieldJson;
import io.vertx.core.http.HttpMethod;
import java.util.Set;

/**
 * The call that takes an action back, as the message about the action carries it. It is made in the
 * name of who sends it, who could make it anyway.
 */
final class Undo {
  private static final Set<String> ENDPOINTS =
      Set.of(
          "/api/routes/undo",
          "/api/global/enable",
          "/api/global/disable",
          "/api/services/:service/maintenance/enable",
          "/api/services/:service/maintenance/disable",
          "/api/rate-limits",
          "/api/rate-limits/:key/pause",
          "/api/rate-limits/:key/resume",
          "/api/global-rate-limit",
          "/api/global-rate-limit/enable",
          "/api/global-rate-limit/disable",
          "/api/services/:service/rate-limit",
          "/api/services/:service/rate-limit/enable",
          "/api/services/:service/rate-limit/disable");

  private Undo() {}

  static String write(ApiCall call) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("method", call.method().name()).put("endpoint", call.endpoint());
    call.parameters().forEach(json.putObject("parameters")::put);
    json.set("body", call.body());
    json.put("if_match", call.ifMatch());
    return ShieldJson.text(json);
  }

  static ApiCall read(String text) {
    JsonNode json = ShieldJson.parse("undo", text);
    String endpoint = json.path("endpoint").asText();
    if (!ENDPOINTS.contains(endpoint) || !(json.path("body") instanceof ObjectNode body)) {
      throw new InvalidValueException("undo", endpoint, "what a message of this page offers");
    }
    ApiCall call =
        ApiCall.of(HttpMethod.valueOf(json.path("method").asText()), endpoint).withBody(body);
    for (var field : json.path("parameters").properties()) {
      call = call.with(field.getKey(), field.getValue().asText());
    }
    return call.ifMatch(json.path("if_match").textValue());
  }
}
