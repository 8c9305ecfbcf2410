package io.shield;

import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import java.util.List;
import java.util.Objects;

/**
 * A route as people see it.
 *
 * @param state what is stored; a state that is only declared by code so far has version 0
 * @param status the effective status at the moment of the question
 * @param stale whether no running code has declared it for 7 days; it is still enforced
 * @param sharedBy the services whose code declares it, if these are several: they share its state
 */
public record RouteView(
    RouteState state, RouteStatus status, boolean stale, List<String> sharedBy) {
  public RouteView {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(status, "status");
    sharedBy = List.copyOf(sharedBy);
  }

  /** Whether the state is stored, rather than declared by code and not stored yet. */
  public boolean isStored() {
    return state.version() > 0;
  }
}
