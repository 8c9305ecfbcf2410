package io.shield.admin.impl;

import io.shield.error.ShieldException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request that is answered with an error of the API's own. */
final class RefusedException extends ShieldException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final @Nullable Duration retryAfter;

  RefusedException(int status, String code, String message) {
    this(status, code, message, null);
  }

  private RefusedException(int status, String code, String message, @Nullable Duration retryAfter) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  static RefusedException unauthenticated() {
    return new RefusedException(
        401,
        "UNAUTHENTICATED",
        "Authentication required. Use POST /api/auth/login to obtain a token.");
  }

  static RefusedException forbidden(String message) {
    return new RefusedException(403, "FORBIDDEN", message);
  }

  static RefusedException tooMany(String message, Duration retryAfter) {
    return new RefusedException(429, "TOO_MANY_REQUESTS", message, retryAfter);
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
