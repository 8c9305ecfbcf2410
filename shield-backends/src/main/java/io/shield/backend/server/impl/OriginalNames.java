package io.shield.backend.server.impl;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.error.InvalidValueException;
import io.shield.internal.ReservedStates;
import io.shield.json.ShieldJson;
import io.shield.model.DocumentValue;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.store.DocumentKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an api-shield of version 0.8 sends, under the names that a service's own code uses. The same
 * of waygate, its renamed successor.
 *
 * @param service the service, or null for everything
 */
record OriginalNames(@Nullable String service) {
  private static final Logger LOG = LoggerFactory.getLogger(OriginalNames.class);
  private static final String ITS_RESERVED = "__waygate:";
  private static final String RESERVED = "__shield:";

  /**
   * A document.
   *
   * @param value null if it is not there any more
   */
  record Document(DocumentKey key, @Nullable DocumentValue value) {}

  /** What a state is about, or null if that is not this service's business. */
  @Nullable Document state(JsonNode json) {
    String path = json.path("path").asText();
    if (path.startsWith(ITS_RESERVED)) {
      path = RESERVED + path.substring(ITS_RESERVED.length());
    }
    DocumentKey reserved = ReservedStates.documentUnder(path);
    if (reserved != null) {
      String named = ReservedStates.serviceOf(path);
      return named == null || named.equals(service) || service == null
          ? reserved(reserved, json)
          : null;
    }
    String local = local(path);
    if (local == null || RouteKey.isReserved(path)) {
      return null;
    }
    try {
      RouteState state = ShieldJson.readStoredRouteState(json);
      RouteState named = service == null ? state : state.toBuilder().service(service).build();
      RouteState own = named.toBuilder().path(local).version(0).build();
      return new Document(DocumentKey.state(local), own);
    } catch (InvalidValueException e) {
      LOG.warn("The state of {} cannot be read and is left as it is: {}", path, e.getMessage());
      return null;
    }
  }

  private static @Nullable Document reserved(DocumentKey key, JsonNode json) {
    String reason = json.path("reason").asText();
    try {
      boolean empty = reason.isEmpty();
      return new Document(
          key, empty ? null : ShieldJson.readValue(key, ShieldJson.parse(key.key(), reason)));
    } catch (InvalidValueException e) {
      LOG.warn("{} cannot be read and is left as it is: {}", key, e.getMessage());
      return null;
    }
  }

  /** The key of a route that is gone, or null if it is not this service's. */
  @Nullable DocumentKey gone(String path) {
    String local = local(path);
    return local == null || RouteKey.isReserved(path) ? null : DocumentKey.state(local);
  }

  /** A route's rate limit; null if it is another service's. */
  @Nullable Document policy(JsonNode json) {
    DocumentKey key = policyKey(json.path("method").asText() + ":" + json.path("path").asText());
    if (key == null) {
      return null;
    }
    try {
      RateLimitPolicy policy = ShieldJson.readRateLimitPolicy(json);
      String path = RouteKey.parse(key.key()).path();
      return new Document(key, policy.toBuilder().path(path).build());
    } catch (InvalidValueException e) {
      LOG.warn("The policy of {} cannot be read and is left as it is: {}", key, e.getMessage());
      return null;
    }
  }

  /** {@code GET:shop:GET:/pay} and {@code GET:shop:/pay} are one to the service. */
  @Nullable DocumentKey policyKey(String key) {
    int colon = key.indexOf(':') + 1;
    String route = colon == 0 ? null : local(key.substring(colon));
    return route == null
        ? null
        : DocumentKey.policy(key.substring(0, colon) + RouteKey.parse(route).path());
  }

  private @Nullable String local(String path) {
    String prefix = service + ":";
    if (service == null) {
      return path;
    }
    return path.startsWith(prefix) && path.length() > prefix.length()
        ? path.substring(prefix.length())
        : null;
  }

  /** What the server calls a route. */
  String stored(String path) {
    return service == null ? path : service + ":" + path;
  }
}
