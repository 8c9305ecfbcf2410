package io.shield.cli;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.admin.AdminOptions;
import io.shield.admin.ShieldServer;
import io.shield.cli.terminal.ExitCodes;
import io.shield.internal.EngineInternals;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves a control plane for many services. */
@Command
final class ServeCommand implements Callable<Integer> {
  private static final String FILE = "file";

  @Spec private CommandSpec spec;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description =
          "The address to listen on (default: ${DEFAULT-VALUE}). Beyond this machine it takes"
              + " SHIELD_ADMIN_PASSWORD, or SHIELD_ADMIN_OPEN_TO_NETWORK=true to let everybody in.")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9000",
      description = "The port to listen on, 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Mixin private StoreChoice store;

  @Mixin private LogChoice log;

  @Option(
      names = "--token-expiry",
      paramLabel = "SECONDS",
      defaultValue = "86400",
      description = "How long a person's token is valid (default: ${DEFAULT-VALUE}, a day).")
  private long tokenExpiry;

  @Option(
      names = "--sdk-token-expiry",
      paramLabel = "SECONDS",
      defaultValue = "31536000",
      description = "How long a service's token is valid (default: ${DEFAULT-VALUE}, a year).")
  private long sdkTokenExpiry;

  @Override
  public Integer call() throws Exception {
    Foreground.checkPort(spec.commandLine(), port);
    boolean json = log.begin();
    Foreground.checkFree(host, port);
    AdminOptions admin =
        new AdminOptions()
            .setHost(host)
            .setPort(port)
            .setTokenLifetime(Duration.ofSeconds(tokenExpiry))
            .setSdkTokenLifetime(Duration.ofSeconds(sdkTokenExpiry));
    ShieldOptions options = store.applyTo(new ShieldOptions().setName(ShieldServer.DEFAULT_NAME));
    Vertx vertx = store.vertx(options);
    try {
      keepSomewhere(vertx, options);
      ShieldServer server = new ShieldServer(options, admin);
      Foreground.await(vertx.deployVerticle(server));
      Foreground.closeAtEnd(vertx, spec.commandLine().getErr(), json);
      announce(EngineInternals.of(server.engine()), server.actualPort(), json);
      return ExitCodes.RUNNING;
    } catch (Exception e) {
      vertx.close();
      throw Foreground.explained(e, port);
    }
  }

  /**
   * A control plane that forgets would leave its clients with what they knew: a file, by default.
   */
  private static void keepSomewhere(Vertx vertx, ShieldOptions options) {
    if (options.getBackend() == null && setting(vertx, options, "SHIELD_BACKEND") == null) {
      options.setBackend(FILE);
    }
  }

  private static @Nullable String setting(Vertx vertx, ShieldOptions options, String variable) {
    return EngineInternals.of(ShieldEngine.create(vertx, options)).setting(variable);
  }

  private void announce(EngineInternals settings, int actualPort, boolean json) {
    boolean tls =
        settings.setting("SHIELD_ADMIN_TLS_CERT") != null
            || settings.setting("SHIELD_ADMIN_TLS_KEYSTORE") != null;
    boolean open =
        settings.setting("SHIELD_ADMIN_PASSWORD") == null
            && settings.setting("SHIELD_ADMIN_CREDENTIALS_FILE") == null;
    boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
    String shown = everywhere ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
    String url = (tls ? "https://" : "http://") + shown + ":" + actualPort;
    String join =
        "SHIELD_BACKEND=server SHIELD_SERVER_URL="
            + url
            + " SHIELD_APP_ID=NAME"
            + (open ? "" : " SHIELD_TOKEN=...");
    Greeting greeting =
        new Greeting("Shield Server on " + url)
            .fact("dashboard", url + "/dashboard")
            .fact(
                "user", open ? "nobody has to sign in" : "./shield login USER --server-url " + url);
    if (!open) {
      greeting.fact("token", "./shield token create --role sdk --service NAME");
    }
    greeting
        .fact("join", join)
        .fact("try", "./shield demo --server " + url + " --app-id payments")
        .fact("next", "SHIELD_SERVER_URL=" + url + " ./shield services")
        .print(spec.commandLine().getOut(), json);
  }
}
