package io.shield.admin;

import io.shield.ShieldEngine;
import io.shield.admin.impl.AdminApi;
import io.vertx.ext.web.Router;

/** The admin API as a router, to be mounted in an application's own. */
public final class AdminRouter {
  private AdminRouter() {}

  /**
   * A router to mount under a prefix: {@code
   * router.route("/shield/*").subRouter(AdminRouter.create(engine, options))}. What is below that
   * prefix stands outside Shield's enforcement: neither maintenance nor a rate limit can lock the
   * operator out. Without credentials it serves this machine only, and warns.
   *
   * <p>Reads the credentials file, if there is one, on the calling thread. Host, port and TLS of
   * the options are the application's business here and are ignored.
   *
   * @throws io.shield.error.ShieldException if the configuration is bad or the credentials file
   *     cannot be read
   */
  public static Router create(ShieldEngine engine, AdminOptions options) {
    return AdminApi.create(engine, options).mounted();
  }
}
