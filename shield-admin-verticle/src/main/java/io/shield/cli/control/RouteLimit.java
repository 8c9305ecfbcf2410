package io.shield.cli.control;

import io.shield.model.RouteKey;
import org.jspecify.annotations.Nullable;

/**
 * Which rate limit of a route is meant.
 *
 * @param path the route as policies name it: its path, or with a service its whole key
 * @param method the method, {@code ALL} for every method
 */
public record RouteLimit(String path, String method) {
  private static final String EVERY_METHOD = "ALL";

  /**
   * Reads {@code GET:/payments} or {@code /payments}.
   *
   * @param service the service whose route it is, or null
   */
  public static RouteLimit of(String route, @Nullable String service) {
    RouteKey key = RouteKey.parse(route);
    String method = key.method() == null ? EVERY_METHOD : key.method();
    String owner = key.service() == null ? service : key.service();
    return owner == null
        ? new RouteLimit(key.path(), method)
        : new RouteLimit(new RouteKey(owner, key.method(), key.path()).toString(), method);
  }

  /** The key of the policy. */
  public String policyKey() {
    return method + ":" + path;
  }
}
