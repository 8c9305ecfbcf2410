package io.shield.admin.impl;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.internal.Dialect;
import io.shield.json.ShieldJson;

/**
 * JSON as waygate reads it: reserved states have its names, and the algorithm that it does not know
 * is called by the one that comes nearest; else it would drop the policy.
 */
final class WaygateNames {
  private static final String RESERVED = "__shield:";
  private static final String UNKNOWN = "token_bucket";

  private WaygateNames() {}

  /** An answer in its names. */
  static Answer of(Answer answer) {
    String body = answer.body();
    boolean concerned = body.contains(RESERVED) || body.contains(UNKNOWN);
    return concerned && answer.isJson()
        ? answer.withBody(ShieldJson.text(of(ShieldJson.parse("answer", body))))
        : answer;
  }

  /** The same in its names; what is given may be changed. */
  static JsonNode of(JsonNode json) {
    return Dialect.WAYGATE.write(json);
  }
}
