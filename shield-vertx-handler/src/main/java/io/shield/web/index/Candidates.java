package io.shield.web.index;

import io.vertx.core.http.HttpMethod;
import java.util.List;

/** The endpoints whose path is the same, but for the final slash, in match order. */
final class Candidates {
  private final Endpoint[] endpoints;

  Candidates(List<Endpoint> endpoints) {
    this.endpoints = endpoints.toArray(new Endpoint[0]);
  }

  /**
   * The first ordinal from {@code from} to before {@code limit} that shares a method with an
   * endpoint, or limit.
   */
  int firstSharing(Endpoint other, int from, int limit) {
    for (Endpoint endpoint : endpoints) {
      if (endpoint.ordinal() >= from && endpoint.sharesMethod(other)) {
        return Math.min(endpoint.ordinal(), limit);
      }
    }
    return limit;
  }

  /**
   * The first ordinal from {@code from} to before {@code limit} that takes the request, or limit.
   */
  int first(String path, HttpMethod method, int from, int limit) {
    for (Endpoint endpoint : endpoints) {
      int ordinal = endpoint.ordinal();
      if (ordinal >= limit) {
        return limit;
      }
      if (ordinal >= from && endpoint.accepts(path, method)) {
        return ordinal;
      }
    }
    return limit;
  }
}
