package io.shield.simple.impl;

import io.shield.json.ShieldJson;
import io.shield.model.RouteState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Request ids that found no room in the head any more.
 *
 * @param name the key of the state that keeps them
 * @param requests oldest first, at least one
 */
record RequestPage(String name, List<Request> requests) {
  private static final String PREFIX = "__shield:requests:";
  private static final String END = "__";

  RequestPage {
    requests = List.copyOf(requests);
  }

  /** The page that the commit of a revision pushes out of the head. */
  static RequestPage at(long revision, List<Request> requests) {
    return new RequestPage(PREFIX + revision + END, requests);
  }

  RouteState write() {
    return DocumentStates.reserved(name, Request.write(requests));
  }

  /** The page in a state, or null if it keeps none. */
  static @Nullable RequestPage read(RouteState state) {
    return state.path().startsWith(PREFIX)
        ? new RequestPage(
            state.path(), Request.readAll(ShieldJson.parse(state.path(), state.reason())))
        : null;
  }

  boolean isOlderThan(Instant limit) {
    return requests.stream().allMatch(request -> request.at().isBefore(limit));
  }
}
