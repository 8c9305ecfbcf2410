package io.shield;

import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import java.util.Objects;

/**
 * A route as people see it.
 *
 * @param state what is stored
 * @param status the effective status at the moment of the question
 * @param stale whether no running code has declared it for 7 days; it is still enforced
 */
public record RouteView(RouteState state, RouteStatus status, boolean stale) {
  public RouteView {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(status, "status");
  }
}
