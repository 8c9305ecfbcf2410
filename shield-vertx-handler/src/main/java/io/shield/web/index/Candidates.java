package io.shield.web.index;

import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The endpoints whose path is the same, but for the final slash, in match order. */
final class Candidates {
  private final Endpoint first;
  private final Endpoint[] others;
  private final boolean alone;

  /**
   * @param endpoints at least one
   * @param alone whether no other endpoint that stands before one of them may take its requests
   */
  Candidates(List<Endpoint> endpoints, boolean alone) {
    this.first = endpoints.get(0);
    this.others = endpoints.subList(1, endpoints.size()).toArray(new Endpoint[0]);
    this.alone = alone;
  }

  boolean isAlone() {
    return alone;
  }

  /** The first from an ordinal on that takes the request; null if none does. */
  @Nullable Endpoint first(String path, HttpMethod method, int from) {
    if (first.ordinal() >= from && first.accepts(path, method)) {
      return first;
    }
    for (Endpoint endpoint : others) {
      if (endpoint.ordinal() >= from && endpoint.accepts(path, method)) {
        return endpoint;
      }
    }
    return null;
  }

  /**
   * The first ordinal from {@code from} to before {@code limit} that takes the request, or limit.
   */
  int first(String path, HttpMethod method, int from, int limit) {
    if (first.ordinal() >= limit) {
      return limit;
    }
    Endpoint found = first(path, method, from);
    return found == null ? limit : Math.min(found.ordinal(), limit);
  }
}
