package io.shield.web;

import io.shield.decision.RefusalKind;
import io.shield.model.InvalidValueException;
import io.vertx.ext.web.RoutingContext;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a handler sees callers and answers refused requests. Not thread-safe; a handler copies it.
 */
public class ShieldHandlerOptions {
  /** The default header that carries an API key: {@value}. */
  public static final String DEFAULT_API_KEY_HEADER = "X-API-Key";

  private @Nullable Function<RoutingContext, @Nullable Identity> identity;
  private String apiKeyHeader = DEFAULT_API_KEY_HEADER;
  private final Map<RefusalKind, RefusalResponder> responders = new EnumMap<>(RefusalKind.class);

  /** The defaults. */
  public ShieldHandlerOptions() {}

  /** A copy. */
  public ShieldHandlerOptions(ShieldHandlerOptions other) {
    identity = other.identity;
    apiKeyHeader = other.apiKeyHeader;
    responders.putAll(other.responders);
  }

  /** Tells who sends a request, or null if {@code ctx.user()} does. */
  public @Nullable Function<RoutingContext, @Nullable Identity> getIdentity() {
    return identity;
  }

  /**
   * Sets what tells who sends a request, instead of {@code ctx.user()}. Asked only when an
   * exemption depends on it, on the request's context; must not block. Null means nobody known; for
   * one whose identity fails with an error neither roles nor canary open a gate.
   */
  public ShieldHandlerOptions setIdentity(Function<RoutingContext, @Nullable Identity> value) {
    identity = Objects.requireNonNull(value, "identity");
    return this;
  }

  /** The header that carries an API key. */
  public String getApiKeyHeader() {
    return apiKeyHeader;
  }

  /** Sets the header that carries an API key: a token of RFC 9110, at most 100 characters. */
  public ShieldHandlerOptions setApiKeyHeader(String value) {
    if (!value.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")) {
      throw new InvalidValueException(
          "apiKeyHeader", value, "a header name of at most 100 characters");
    }
    apiKeyHeader = value;
    return this;
  }

  /** How refusals of a kind are answered, or null if in the standard way. */
  public @Nullable RefusalResponder getResponder(RefusalKind kind) {
    return responders.get(kind);
  }

  /** Sets how refusals of a kind are answered on all routes that have no answer of their own. */
  public ShieldHandlerOptions setResponder(RefusalKind kind, RefusalResponder responder) {
    responders.put(kind, Objects.requireNonNull(responder, "responder"));
    return this;
  }
}
