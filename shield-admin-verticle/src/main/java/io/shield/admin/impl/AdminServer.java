package io.shield.admin.impl;

import io.shield.error.ShieldException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.ext.web.Router;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves an admin API on a port of its own. */
public final class AdminServer {
  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

  /**
   * How long a connection may do nothing. Streams write more often; one whose client reads nothing
   * could not be closed otherwise, as closing waits behind what was written.
   */
  private static final int IDLE_SECONDS = 60;

  /**
   * Where applications mount the API, Shield's by custom and those of waygate: who moves to a
   * server of its own may leave addresses as they are.
   */
  private static final List<String> ALIASES = List.of("/shield", "/waygate");

  private final Vertx vertx;
  private final AdminApi api;
  private final @Nullable KeyCertOptions tls;
  private final TimeLimits limits;
  private @Nullable HttpServer server;
  private @Nullable OpenConnections connections;

  /**
   * Reads the files for TLS, if there are any: not for an event loop.
   *
   * @throws ShieldException if they cannot be used
   */
  public AdminServer(Vertx vertx, AdminApi api) {
    this(vertx, api, TimeLimits.DEFAULT);
  }

  AdminServer(Vertx vertx, AdminApi api, TimeLimits limits) {
    this.vertx = vertx;
    this.limits = limits;
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
    OpenConnections watching = new OpenConnections(vertx, limits);
    connections = watching;
    watching.watch(created, handler());
    return created
        .listen(settings.port(), host)
        .onSuccess(s -> LOG.info("The admin API listens on {}:{}", host, s.actualPort()))
        .recover(failure -> Future.failedFuture(cannotListen(failure, settings)))
        .mapEmpty();
  }

  private static ShieldException cannotListen(Throwable failure, AdminSettings settings) {
    return new ShieldException(
        "the admin API cannot listen on host '%s' at port %d: %s"
            .formatted(settings.host(), settings.port(), failure.getMessage()),
        failure);
  }

  private Handler<HttpServerRequest> handler() {
    Router router = api.router();
    Router aliases = Router.router(vertx);
    ALIASES.forEach(alias -> aliases.route(alias + "/*").subRouter(router));
    return request -> (isAlias(request.path()) ? aliases : router).handle(request);
  }

  private static boolean isAlias(@Nullable String path) {
    return path != null && ALIASES.stream().anyMatch(alias -> path.startsWith(alias + "/"));
  }

  private HttpServerOptions options() {
    // Nobody needs HTTP/2 in clear text, and telling the two apart would wait for a slow client.
    HttpServerOptions http =
        new HttpServerOptions().setHttp2ClearTextEnabled(false).setWriteIdleTimeout(IDLE_SECONDS);
    return tls == null ? http : http.setSsl(true).setKeyCertOptions(tls);
  }

  /** The port, 0 before it listens. */
  public int actualPort() {
    return server == null ? 0 : server.actualPort();
  }

  /** Stops listening. */
  public Future<Void> close() {
    if (connections != null) {
      connections.close();
    }
    return server == null ? Future.succeededFuture() : server.close();
  }
}
