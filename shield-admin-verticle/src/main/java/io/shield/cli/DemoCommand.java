package io.shield.cli;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.admin.AdminOptions;
import io.shield.admin.Role;
import io.shield.cli.complete.FileNames;
import io.shield.cli.config.Server;
import io.shield.cli.terminal.CommandFailure;
import io.shield.cli.terminal.ExitCodes;
import io.shield.error.ShieldException;
import io.shield.internal.EngineInternals;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.http.HttpServer;
import java.net.BindException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Serves a small API whose routes can be controlled. */
@Command
final class DemoCommand implements Callable<Integer> {
  private static final String HOST = "localhost";
  private static final String ADMIN_USER = "admin";
  private static final long CLOSE_SECONDS = 5;

  @Spec private CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "The port to listen on, 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "Where state is kept (default: SHIELD_BACKEND, else memory).")
  private @Nullable String backend;

  @Option(
      names = "--file",
      paramLabel = "PATH",
      completionCandidates = FileNames.class,
      description = "The state file of --backend file (default: SHIELD_FILE_PATH).")
  private @Nullable String file;

  @Option(
      names = "--redis-url",
      paramLabel = "URL",
      description =
          "The Redis of --backend redis, redis://user:password@host:port/database"
              + " (default: SHIELD_REDIS_URL).")
  private @Nullable String redisUrl;

  @Option(
      names = "--cluster-config",
      paramLabel = "FILE",
      completionCandidates = FileNames.class,
      description =
          "The Hazelcast configuration of --backend cluster, XML (default: demos of this host find"
              + " each other).")
  private @Nullable String clusterConfig;

  @Override
  public Integer call() throws Exception {
    ShieldOptions options = options();
    Vertx vertx = DemoCluster.isWanted(options) ? clustered() : Vertx.vertx();
    try {
      ShieldEngine engine = ShieldEngine.create(vertx, options);
      String password = newPassword(engine);
      AdminOptions admin = new AdminOptions();
      if (password != null) {
        admin.addUser(ADMIN_USER, password, Role.ADMIN);
      }
      await(engine.start());
      // From here, and not from the engine's event loop, which loading so many classes would block.
      HttpServer server = await(listen(vertx, engine, admin));
      closeAtEnd(vertx);
      announce(server.actualPort(), engine.site().environment(), password);
      return ExitCodes.RUNNING;
    } catch (Exception e) {
      vertx.close();
      throw explained(e);
    }
  }

  private Vertx clustered() throws Exception {
    try {
      return await(DemoCluster.start(clusterConfig));
    } catch (Exception e) {
      throw explained(e);
    }
  }

  private ShieldOptions options() {
    if (port < 0 || port > 65_535) {
      throw new ParameterException(
          spec.commandLine(), "--port: " + port + " is not allowed, must be between 0 and 65535");
    }
    String chosen = chosen("--file", file, "file", backend);
    chosen = chosen("--redis-url", redisUrl, "redis", chosen);
    chosen = chosen("--cluster-config", clusterConfig, "cluster", chosen);
    ShieldOptions options = new ShieldOptions().setDefaultEnvironment("production");
    if (file != null) {
      options.putSetting("SHIELD_FILE_PATH", file);
    }
    if (redisUrl != null) {
      options.putSetting("SHIELD_REDIS_URL", redisUrl);
    }
    return chosen == null ? options : options.setBackend(chosen);
  }

  /** The backend that an option asks for, which must not be another than is asked for already. */
  private @Nullable String chosen(
      String option, @Nullable String value, String wanted, @Nullable String asked) {
    if (value == null) {
      return asked;
    }
    if (value.isBlank()) {
      throw new ParameterException(
          spec.commandLine(), option + ": '" + value + "' is not allowed, must not be empty");
    }
    if (asked != null && !asked.equals(wanted)) {
      throw new ParameterException(
          spec.commandLine(),
          option + " goes with --backend " + wanted + ", not with --backend " + asked);
    }
    return wanted;
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

  private Future<HttpServer> listen(Vertx vertx, ShieldEngine engine, AdminOptions admin) {
    return vertx
        .createHttpServer()
        .requestHandler(DemoApi.router(vertx, engine, admin))
        .listen(port, HOST);
  }

  private static <T> T await(Future<T> future) throws Exception {
    try {
      return future.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private Exception explained(Exception e) {
    if (e instanceof BindException) {
      return CommandFailure.usage(
          "port " + port + " is in use: stop what listens there, or choose another with --port",
          "");
    }
    if (e instanceof ShieldException || e instanceof VertxException) {
      return CommandFailure.usage(CommandFailure.messageOf(e), "");
    }
    return e;
  }

  private static void closeAtEnd(Vertx vertx) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () ->
                    vertx
                        .close()
                        .toCompletionStage()
                        .toCompletableFuture()
                        .orTimeout(CLOSE_SECONDS, TimeUnit.SECONDS)
                        .exceptionally(late -> null)
                        .join()));
  }

  private void announce(int actualPort, String environment, @Nullable String password) {
    String url = "http://" + HOST + ":" + actualPort;
    String server = url + DemoApi.ADMIN;
    String login = "./shield login " + ADMIN_USER;
    var out = spec.commandLine().getOut();
    out.println("Shield demo (" + environment + ") on " + url);
    out.println("  dashboard  " + server + "/dashboard");
    out.println("  admin API  " + server);
    out.println("  user       " + (password == null ? "as configured" : ADMIN_USER));
    out.println("  password   " + (password == null ? "as configured" : password));
    out.println("  try        curl -i " + url + "/payments");
    out.println(
        "  next       "
            + (server.equals(Server.DEFAULT_URL) ? login : login + " --server-url " + server));
    out.println();
    out.flush();
  }
}
