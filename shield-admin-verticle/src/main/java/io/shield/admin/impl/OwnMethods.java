package io.shield.admin.impl;

import io.shield.decision.Decider;
import io.shield.decision.EffectiveStatus;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.store.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Methods that do not follow what a route is for all of them, as somebody changed them before. */
public final class OwnMethods {
  private static final List<String> USUAL =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private OwnMethods() {}

  /** What whoever closes a route for all methods has to be told: which of them stay open. */
  public static List<String> leftOpen(Snapshot snapshot, RouteState closed, Instant now) {
    RouteKey route = closed.key();
    List<String> told = new ArrayList<>();
    if (route.method() != null || EffectiveStatus.staysOpen(closed, now)) {
      return told;
    }
    for (String method : USUAL) {
      RouteState own = Decider.stateOf(snapshot, route.withMethod(method).toString());
      if (own != null && EffectiveStatus.staysOpen(own, now)) {
        told.add(own.path() + " has a state of its own and stays open: change it too");
      }
    }
    return told;
  }
}
