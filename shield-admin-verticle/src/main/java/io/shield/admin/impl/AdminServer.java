package io.shield.admin.impl;

import io.shield.error.ShieldException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves an admin API on a port of its own. */
public final class AdminServer {
  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

  private final Vertx vertx;
  private final AdminApi api;
  private final @Nullable KeyCertOptions tls;
  private @Nullable HttpServer server;

  /**
   * Reads the files for TLS, if there are any: not for an event loop.
   *
   * @throws ShieldException if they cannot be used
   */
  public AdminServer(Vertx vertx, AdminApi api) {
    this.vertx = vertx;
    this.api = api;
    this.tls = TlsKeys.of(vertx, api.settings().options());
  }

  /** Begins to listen; fails when the address is not loopback and nobody would have to sign in. */
  public Future<Void> listen() {
    AdminSettings settings = api.settings();
    String host = settings.host();
    if (!settings.hasCredentials()) {
      boolean local = host.equals("localhost") || Loopback.isLoopback(host);
      if (!local && !settings.openToNetwork()) {
        return Future.failedFuture(
            new ShieldException(
                "the admin API has no credentials and may listen on this machine only, not on "
                    + host
                    + ": set SHIELD_ADMIN_PASSWORD, or SHIELD_ADMIN_OPEN_TO_NETWORK=true to let"
                    + " everybody in"));
      }
      LOG.warn("The admin API has no credentials: whoever reaches {} may do everything", host);
    }
    HttpServer created = vertx.createHttpServer(options());
    server = created;
    return created
        .requestHandler(api.router())
        .listen(settings.port(), host)
        .onSuccess(s -> LOG.info("The admin API listens on {}:{}", host, s.actualPort()))
        .mapEmpty();
  }

  private HttpServerOptions options() {
    HttpServerOptions http = new HttpServerOptions();
    return tls == null ? http : http.setSsl(true).setKeyCertOptions(tls);
  }

  /** The port, 0 before it listens. */
  public int actualPort() {
    return server == null ? 0 : server.actualPort();
  }

  /** Stops listening. */
  public Future<Void> close() {
    return server == null ? Future.succeededFuture() : server.close();
  }
}
