package io.shield.admin.impl;

import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Whose names a caller uses for headers and cookies: Shield's and those of api-shield, or those of
 * waygate, its renamed successor. Both are accepted, and answered in the caller's.
 */
enum Family {
  SHIELD("X-Shield-", "shield_session"),
  WAYGATE("X-Waygate-", "waygate_session");

  private final String prefix;
  private final String cookie;

  Family(String prefix, String cookie) {
    this.prefix = prefix;
    this.cookie = cookie;
  }

  /** The family of a caller; Shield's if it does not show, or if the caller knows both. */
  static Family of(HttpServerRequest request) {
    return !SHIELD.isUsedBy(request) && WAYGATE.isUsedBy(request) ? WAYGATE : SHIELD;
  }

  private boolean isUsedBy(HttpServerRequest request) {
    return request.headers().contains(prefix + "Token")
        || request.headers().contains(prefix + "App-Id")
        || request.getCookie(cookie) != null;
  }

  /** A header by what comes after the family's prefix, or null. */
  static @Nullable String header(HttpServerRequest request, String name) {
    String own = request.getHeader(SHIELD.prefix + name);
    return own == null ? request.getHeader(WAYGATE.prefix + name) : own;
  }

  /** What is in the cookie of a session, or null. */
  static @Nullable String session(HttpServerRequest request) {
    for (Family family : values()) {
      var found = request.getCookie(family.cookie);
      if (found != null) {
        return found.getValue();
      }
    }
    return null;
  }

  /** The name of the cookie of a session. */
  String cookie() {
    return cookie;
  }
}
