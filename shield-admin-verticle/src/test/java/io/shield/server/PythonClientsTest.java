package io.shield.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.shield.ShieldOptions;
import io.shield.admin.AdminOptions;
import io.shield.admin.ShieldServer;
import io.shield.backend.redis.RedisProcess;
import io.shield.memory.MemoryBackend;
import io.shield.model.MaintenanceMode;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What people run: services and command lines of api-shield and of waygate, its renamed successor,
 * under this server. They are in the directory that {@code SHIELD_PYTHON_CLIENTS} names, where the
 * build's script puts them; elsewhere this is skipped.
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
            new ShieldOptions().setBackend(MemoryBackend.create()), new AdminOptions().setPort(0));
    get(vertx.deployVerticle(server));
  }

  @AfterEach
  void stop() throws Exception {
    get(vertx.close());
  }

  private static Path programs(String family) {
    String clients = System.getenv("SHIELD_PYTHON_CLIENTS");
    assumeThat(clients).as("SHIELD_PYTHON_CLIENTS names no Python clients").isNotNull();
    Path programs = Path.of(clients, family, "bin");
    assumeThat(programs.resolve(family)).as("no %s is installed", family).exists();
    return programs;
  }

  private String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  @ParameterizedTest
  @ValueSource(strings = {"shield", "waygate"})
  void aServiceLivesUnderThisServer(String family) throws Exception {
    Path programs = programs(family);
    int port = RedisProcess.freePort();
    Path log = directory.resolve("service.log");
    Process service =
        new ProcessBuilder(
                programs.resolve("python").toString(),
                Path.of("src/test/resources/original_service.py").toAbsolutePath().toString(),
                family,
                url(),
                "shop",
                Integer.toString(port))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
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

  /** Every command but those about feature flags. */
  @ParameterizedTest
  @ValueSource(strings = {"shield", "waygate"})
  void itsCommandLineRunsAgainstThisServer(String family) throws Exception {
    Path program = programs(family).resolve(family);
    get(
        server
            .engine()
            .register(List.of(RouteState.active("shop:GET:/pay"), RouteState.active("GET:/solo"))));
    run(program, "config set-url " + url(), "");
    run(program, "config show", "127.0.0.1");
    run(program, "services", "shop");
    run(program, "current-service", "");
    run(program, "status", "/pay");
    run(program, "disable GET:/pay -s shop --reason broken", "DISABLED");
    assertThat(state("shop:GET:/pay").status()).isEqualTo(RouteStatus.DISABLED);
    run(program, "enable GET:/pay -s shop", "ACTIVE");
    run(program, "maintenance GET:/pay -s shop --reason swap", "MAINTENANCE");
    run(program, "enable GET:/pay -s shop", "ACTIVE");
    run(
        program,
        "schedule GET:/pay -s shop --start 2030-01-01T00:00:00Z --end 2030-01-01T01:00:00Z",
        "");
    assertThat(state("shop:GET:/pay").window()).isNotNull();
    run(program, "env set GET:/solo staging", "");
    assertThat(state("GET:/solo").status()).isEqualTo(RouteStatus.ENV_GATED);
    run(program, "env clear GET:/solo", "");
    run(program, "global enable --reason move", "ENABLED");
    run(program, "global exempt-add /health", "");
    run(program, "global status", "/health");
    run(program, "global exempt-remove /health", "");
    run(program, "global disable", "DISABLED");
    run(program, "sm enable shop --reason move", "ENABLED");
    run(program, "sm status shop", "move");
    run(program, "sm disable shop", "DISABLED");
    run(program, "rl set GET:/pay 5/minute", "5/minute");
    run(program, "rl list", "5/minute");
    run(program, "rl reset GET:/pay", "");
    run(program, "rl hits", "");
    run(program, "rl delete GET:/pay", "");
    for (String wide : List.of("grl %s", "srl %s shop")) {
      run(program, wide.formatted("set") + " 100/minute", "100/minute");
      for (String action : List.of("get", "disable", "enable", "reset", "delete")) {
        run(program, wide.formatted(action), "");
      }
    }
    run(program, "log", "shop");
    run(program, "log --route shop:GET:/pay --per-page 5 --page 1", "shop");
    assertThat(exit(program, "flags list", directory.resolve("flags.txt"))).isNotZero();
  }

  private void run(Path program, String line, String word) throws Exception {
    Path out = directory.resolve("out.txt");
    assertThat(exit(program, line, out)).as(line + ": " + Files.readString(out)).isZero();
    assertThat(Files.readString(out, StandardCharsets.UTF_8)).as(line).contains(word);
  }

  private int exit(Path program, String line, Path out) throws Exception {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(line.split(" ")));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().put("HOME", directory.toString());
    builder.environment().put("COLUMNS", "200");
    builder.environment().put("PYTHONIOENCODING", "utf-8");
    Process process = builder.start();
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(line).isTrue();
    return process.exitValue();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
