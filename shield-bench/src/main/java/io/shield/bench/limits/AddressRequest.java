package io.shield.bench.limits;

import io.shield.internal.limit.LimitedRequest;
import io.shield.internal.limit.RateLimiting;
import io.shield.internal.limit.RouteLimits;
import io.vertx.core.http.HttpMethod;

/** A {@code GET} of a caller of whom nothing but the address is known. */
public record AddressRequest(String template, RouteLimits limits, String address)
    implements Stranger, LimitedRequest {
  /** One that has the limits that are in force. */
  public AddressRequest(String template, RateLimiting limiting, String address) {
    this(template, limiting.of(template, HttpMethod.GET), address);
  }

  @Override
  public HttpMethod method() {
    return HttpMethod.GET;
  }
}
