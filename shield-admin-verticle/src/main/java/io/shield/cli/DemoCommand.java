package io.shield.cli;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.admin.AdminOptions;
import io.shield.admin.Role;
import io.shield.cli.config.Server;
import io.shield.cli.terminal.ExitCodes;
import io.shield.internal.EngineInternals;
import io.shield.web.ShieldSdk;
import io.shield.web.ShieldSdkOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Serves a small API whose routes can be controlled. */
@Command
final class DemoCommand implements Callable<Integer> {
  private static final String HOST = "localhost";
  private static final String ADMIN_USER = "admin";

  @Spec private CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "The port to listen on, 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Mixin private StoreChoice store;

  @Mixin private LogChoice log;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "Controlled by a Shield Server, see 'shield serve'; with it --app-id.")
  private @Nullable String server;

  @Option(
      names = "--app-id",
      paramLabel = "NAME",
      description = "The name of this service on the server (default: SHIELD_APP_ID).")
  private @Nullable String appId;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "A token for this service (default: SHIELD_TOKEN).")
  private @Nullable String token;

  @Option(
      names = "--username",
      paramLabel = "USER",
      description = "Who signs in on the server; the password is in SHIELD_PASSWORD.")
  private @Nullable String username;

  @Override
  public Integer call() throws Exception {
    Foreground.checkPort(spec.commandLine(), port);
    checkFleet();
    boolean json = log.begin();
    Foreground.checkFree(HOST, port);
    ShieldOptions options = store.applyTo(new ShieldOptions().setDefaultEnvironment("production"));
    Vertx vertx = server == null ? store.vertx(options) : Vertx.vertx();
    try {
      Greeting greeting = server == null ? alone(vertx, options) : inFleet(vertx, options, server);
      Foreground.closeAtEnd(vertx, spec.commandLine().getErr(), json);
      greeting.print(spec.commandLine().getOut(), json);
      return ExitCodes.RUNNING;
    } catch (Exception e) {
      vertx.close();
      throw Foreground.explained(e, port);
    }
  }

  private void checkFleet() {
    String alone = store.given();
    if (server != null && alone != null) {
      throw new ParameterException(
          spec.commandLine(), alone + " does not go with --server: the server keeps the state");
    }
    if (server == null && (appId != null || token != null || username != null)) {
      throw new ParameterException(
          spec.commandLine(), "--app-id, --token and --username go with --server URL");
    }
  }

  private Greeting alone(Vertx vertx, ShieldOptions options) throws Exception {
    ShieldEngine engine = ShieldEngine.create(vertx, options);
    String password = newPassword(engine);
    AdminOptions admin = new AdminOptions();
    if (password != null) {
      admin.addUser(ADMIN_USER, password, Role.ADMIN);
    }
    Foreground.await(engine.start());
    // From here, and not from the engine's event loop, which loading so many classes would block.
    HttpServer http = Foreground.await(listen(vertx, DemoApi.router(vertx, engine, admin)));
    String url = url(http);
    String api = url + DemoApi.ADMIN;
    String login = "./shield login " + ADMIN_USER;
    return greeting(engine, url)
        .fact("dashboard", api + "/dashboard")
        .fact("admin API", api)
        .fact("user", password == null ? "as configured" : ADMIN_USER)
        .fact("password", password == null ? "as configured" : password)
        .fact("try", "curl -i " + url + "/payments")
        .fact("next", api.equals(Server.DEFAULT_URL) ? login : login + " --server-url " + api);
  }

  private Greeting inFleet(Vertx vertx, ShieldOptions engine, String url) throws Exception {
    ShieldSdkOptions options =
        new ShieldSdkOptions().setEngineOptions(engine).setUrls(List.of(url.split(",")));
    if (appId != null) {
      options.setAppId(appId);
    }
    if (token != null) {
      options.setToken(token);
    }
    if (username != null) {
      options.setUsername(username);
    }
    ShieldSdk sdk = ShieldSdk.create(vertx, options);
    if (sdk.engine().site().service() == null) {
      throw new ParameterException(
          spec.commandLine(), "--server needs --app-id NAME: which service is this?");
    }
    HttpServer http =
        Foreground.await(DemoApi.fleetRouter(vertx, sdk).compose(router -> listen(vertx, router)));
    String service = String.valueOf(sdk.engine().site().service());
    return greeting(sdk.engine(), url(http))
        .fact("server", url)
        .fact("service", service)
        .fact("state", sdk.state().wireName())
        .fact("try", "curl -i " + url(http) + "/payments")
        .fact(
            "next",
            "./shield disable GET:/payments --service " + service + " --server-url " + first(url));
  }

  /** The admin's password, new in every run, or null if the configuration names who signs in. */
  private static @Nullable String newPassword(ShieldEngine engine) {
    EngineInternals internals = EngineInternals.of(engine);
    boolean named =
        internals.setting("SHIELD_ADMIN_PASSWORD") != null
            || internals.setting("SHIELD_ADMIN_CREDENTIALS_FILE") != null;
    if (named) {
      return null;
    }
    byte[] random = new byte[12];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  private Future<HttpServer> listen(Vertx vertx, Router router) {
    return vertx.createHttpServer().requestHandler(router).listen(port, HOST);
  }

  private static String url(HttpServer http) {
    return "http://" + HOST + ":" + http.actualPort();
  }

  private static String first(String urls) {
    return urls.split(",", 2)[0];
  }

  private static Greeting greeting(ShieldEngine engine, String url) {
    return new Greeting("Shield demo (" + engine.site().environment() + ") on " + url);
  }
}
