package io.shield.web;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What a server sent back.
 *
 * @param status the status code; 0 if the connection was closed without an answer
 */
public record Answer(int status, MultiMap headers, String body) {
  /** The one header of a name; null if there is none. */
  public String header(String name) {
    List<String> all = headers.getAll(name);
    if (all.size() > 1) {
      throw new AssertionError(name + " was sent several times: " + all);
    }
    return all.isEmpty() ? null : all.get(0);
  }

  public List<String> headers(String name) {
    return headers.getAll(name);
  }

  public JsonObject json() {
    return new JsonObject(body);
  }

  /** The body's object {@code error}. */
  public JsonObject error() {
    return json().getJsonObject("error");
  }

  /** The body's {@code error.code}, or nothing if it has another form. */
  public String code() {
    return body.startsWith("{") && json().getValue("error") instanceof JsonObject error
        ? error.getString("code")
        : "";
  }
}
