package io.shield.decision;

/** The kinds of refusal, with what they are over HTTP. */
public enum RefusalKind {
  MAINTENANCE(503, "MAINTENANCE_MODE", "This endpoint is temporarily unavailable"),
  DISABLED(503, "ROUTE_DISABLED", "This endpoint has been disabled"),
  ENV_GATED(403, "ENV_GATED", "This endpoint is not available in the current environment"),
  RATE_LIMITED(429, "RATE_LIMIT_EXCEEDED", "Too many requests");

  private final int statusCode;
  private final String code;
  private final String message;

  RefusalKind(int statusCode, String code, String message) {
    this.statusCode = statusCode;
    this.code = code;
    this.message = message;
  }

  /** The HTTP status code. */
  public int statusCode() {
    return statusCode;
  }

  /** The machine-readable {@code error.code} of the body. */
  public String code() {
    return code;
  }

  /** The {@code error.message} of the body. */
  public String message() {
    return message;
  }
}
