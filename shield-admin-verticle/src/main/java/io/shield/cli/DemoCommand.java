package io.shield.cli;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.admin.AdminOptions;
import io.shield.admin.Role;
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
    Vertx vertx = Vertx.vertx();
    try {
      String line = server == null ? alone(vertx) : inFleet(vertx, server);
      Foreground.closeAtEnd(vertx);
      spec.commandLine().getOut().println(line);
      spec.commandLine().getOut().flush();
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

  private String alone(Vertx vertx) throws Exception {
    ShieldEngine engine =
        ShieldEngine.create(
            vertx, store.applyTo(new ShieldOptions().setDefaultEnvironment("production")));
    String password = newPassword(engine);
    AdminOptions admin = new AdminOptions();
    if (password != null) {
      admin.addUser(ADMIN_USER, password, Role.ADMIN);
    }
    HttpServer http =
        Foreground.await(
            engine.start().compose(v -> listen(vertx, DemoApi.router(vertx, engine, admin))));
    String signIn =
        password == null ? "as configured" : "user " + ADMIN_USER + ", password " + password;
    String url = url(http);
    return ready(engine, url)
        + "; dashboard on "
        + url
        + DemoApi.ADMIN
        + "/dashboard, admin API on "
        + url
        + DemoApi.ADMIN
        + ", sign in "
        + signIn;
  }

  private String inFleet(Vertx vertx, String url) throws Exception {
    ShieldSdkOptions options =
        new ShieldSdkOptions()
            .setEngineOptions(new ShieldOptions().setDefaultEnvironment("production"))
            .setUrls(List.of(url.split(",")));
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
    return ready(sdk.engine(), url(http))
        + "; controlled by "
        + url
        + " as the service "
        + sdk.engine().site().service()
        + " ("
        + sdk.state().wireName()
        + ")";
  }

  /** The admin's password, new in every run, or null if the configuration names who signs in. */
  private static @Nullable String newPassword(ShieldEngine engine) {
    EngineInternals internals = (EngineInternals) engine;
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

  private static String ready(ShieldEngine engine, String url) {
    return "Shield demo ("
        + engine.site().environment()
        + ") on "
        + url
        + " - try: curl -i "
        + url
        + "/payments";
  }
}
