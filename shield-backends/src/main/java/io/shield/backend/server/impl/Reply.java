package io.shield.backend.server.impl;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.error.InvalidValueException;
import io.shield.json.ShieldJson;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * What a server answered.
 *
 * @param status the HTTP status
 * @param body the body
 */
record Reply(int status, Buffer body) {
  /**
   * The body as JSON.
   *
   * @throws StoreUnreachableException if it is none: something else than a Shield Server answered
   */
  JsonNode json() {
    try {
      return ShieldJson.parse("answer", body.toString());
    } catch (InvalidValueException e) {
      throw new StoreUnreachableException(
          "the server answered with status " + status + " and no JSON", e);
    }
  }

  /** The code that Shield's errors have, or null. */
  @Nullable String code() {
    return text("code");
  }

  /** What an error says. */
  String message() {
    String error = text("error");
    return error == null ? "the server answered with status " + status : error;
  }

  private @Nullable String text(String field) {
    try {
      return ShieldJson.parse("answer", body.toString()).path(field).textValue();
    } catch (InvalidValueException notJson) {
      return null;
    }
  }
}
