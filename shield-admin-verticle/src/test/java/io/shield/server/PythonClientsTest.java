package io.shield.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.ShieldOptions;
import io.shield.admin.AdminOptions;
import io.shield.admin.Role;
import io.shield.admin.ShieldServer;
import io.shield.backend.redis.RedisProcess;
import io.shield.memory.MemoryBackend;
import io.shield.model.MaintenanceMode;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What people run: services and command lines of api-shield and of waygate, its renamed successor,
 * under this server.
 */
class PythonClientsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Actor ANN = Actor.of("ann", "cli");
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final Vertx vertx = Vertx.vertx();
  private ShieldServer server;

  @TempDir Path directory;

  @BeforeEach
  void serve() throws Exception {
    server =
        new ShieldServer(
            new ShieldOptions().setBackend(MemoryBackend.create()),
            new AdminOptions()
                .setPort(0)
                .addUser("ann", PythonPrograms.PASSWORD, Role.ADMIN)
                .addUser("shop", PythonPrograms.PASSWORD, Role.SDK));
    get(vertx.deployVerticle(server));
  }

  @AfterEach
  void stop() throws Exception {
    get(vertx.close());
  }

  private String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  @ParameterizedTest
  @ValueSource(strings = {"shield", "waygate"})
  void aServiceLivesUnderThisServer(String family) throws Exception {
    int port = RedisProcess.freePort();
    Process service =
        PythonPrograms.start(
            family, directory, "original_service.py", url(), "shop", Integer.toString(port));
    try {
      await("it serves").atMost(PATIENCE).until(() -> status(port, "/health") == 200);
      await("it is registered").atMost(PATIENCE).until(() -> state("shop:GET:/reports") != null);
      assertThat(status(port, "/reports")).isEqualTo(503);
      assertThat(status(port, "/pay")).isEqualTo(200);
      get(server.engine().routes().disable("shop:GET:/pay", ANN, "broken"));
      becomes(port, "/pay", 503);
      get(server.engine().routes().enable("shop:GET:/pay", ANN, "mended"));
      becomes(port, "/pay", 200);
      MaintenanceMode move = new MaintenanceMode(true, "move", List.of("/health"), false);
      get(server.engine().maintenance().setGlobal(move, ANN));
      becomes(port, "/pay", 503);
      assertThat(status(port, "/health")).isEqualTo(200);
      get(server.engine().maintenance().disableGlobal(ANN));
      becomes(port, "/pay", 200);
      RateLimitPolicy once = RateLimitPolicy.of("GET", "shop:GET:/pay", "1/minute");
      get(server.engine().rateLimits().set(once, ANN));
      becomes(port, "/pay", 429);
    } finally {
      service.destroyForcibly().waitFor();
    }
  }

  private static void becomes(int port, String path, int status) {
    await(path).atMost(PATIENCE).until(() -> status(port, path) == status);
  }

  private static int status(int port, String path) throws Exception {
    try {
      URI uri = URI.create("http://127.0.0.1:" + port + path);
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build();
      return CLIENT.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException notYet) {
      return 0;
    }
  }

  private RouteState state(String key) {
    return server.engine().snapshot().states().get(key);
  }

  /** Every command and flag but those about feature flags. */
  @ParameterizedTest
  @ValueSource(strings = {"shield", "waygate"})
  void itsCommandLineRunsAgainstThisServer(String family) throws Exception {
    get(
        server
            .engine()
            .register(List.of(RouteState.active("shop:GET:/pay"), RouteState.active("GET:/solo"))));
    Set<String> used = new HashSet<>();
    Process process = PythonPrograms.start(family, directory, "original_command.py");
    try (CommandSession session = new CommandSession(process, used)) {
      for (String line : Files.readAllLines(Path.of("src/test/resources/original_commands.txt"))) {
        if (!line.isBlank() && !line.startsWith("#")) {
          session.run(
              line.replace("URL", url()).replace("PASSWORD", "'" + PythonPrograms.PASSWORD + "'"));
        }
      }
      Set<String> missing = new TreeSet<>(session.known());
      missing.removeAll(used);
      assertThat(missing).as("commands and flags that were not tried").isEmpty();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
