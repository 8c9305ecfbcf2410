package io.shield.web;

import io.vertx.ext.web.Route;

/** Declares initial states beside routes. */
public final class Shield {
  private Shield() {}

  /**
   * Begins a declaration: {@code Shield.on(router.get("/reports")).maintenance("Nightly
   * rebuild").handler(...)}. It is kept in the route's metadata, where {@link ShieldHandler} finds
   * it.
   */
  public static ShieldRoute on(Route route) {
    return new ShieldRoute(route);
  }
}
