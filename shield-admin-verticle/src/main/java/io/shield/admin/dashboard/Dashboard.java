package io.shield.admin.dashboard;

import io.shield.ShieldEngine;
import io.shield.admin.dashboard.impl.DashboardPages;
import io.shield.admin.stream.Streams;
import io.shield.internal.EngineInternals;
import io.vertx.ext.web.Router;

/** The pages for people: {@code dashboard/} below the prefix of the admin API. */
public final class Dashboard {
  private Dashboard() {}

  /**
   * Adds the dashboard to the API's router. A browser that asks for the prefix itself is sent
   * there.
   *
   * @param streams what open pages follow the changes by
   */
  public static void mount(
      Router router,
      ShieldEngine engine,
      EngineInternals internals,
      AdminAccess api,
      Streams streams) {
    new DashboardPages(engine, internals, api, streams).mount(router);
  }
}
