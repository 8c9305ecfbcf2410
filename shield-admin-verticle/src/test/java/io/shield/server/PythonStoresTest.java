package io.shield.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.backend.file.FileBackend;
import io.shield.backend.file.FileBackendOptions;
import io.shield.backend.redis.RedisBackend;
import io.shield.backend.redis.RedisBackendOptions;
import io.shield.backend.redis.RedisDialect;
import io.shield.backend.redis.RedisProcess;
import io.shield.model.MaintenanceMode;
import io.shield.model.RateLimitAlgorithm;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditEntry;
import io.shield.spi.AuditQuery;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Instances of api-shield and of waygate on one store with an engine of Shield: what either changes
 * is enforced by the other. Skipped where they are not installed.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class PythonStoresTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Actor ANN = Actor.of("ann", "cli");
  private static final String BOB = ", actor='bob', platform='cli')";
  private static final String PAY = "GET:/pay";
  private static final String ORDERS = "GET:/orders";

  private final Vertx vertx = Vertx.vertx();
  private ShieldEngine engine;

  @TempDir Path directory;

  @AfterEach
  void stop() throws Exception {
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static void until(String what, Callable<Boolean> condition) {
    await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(condition);
  }

  private void start(ShieldBackend backend) throws Exception {
    engine =
        ShieldEngine.create(
            vertx, new ShieldOptions().setBackend(backend).putSetting("SHIELD_CACHE_DIR", "off"));
    get(engine.register(List.of(RouteState.active(PAY), RouteState.active(ORDERS))));
    get(engine.start());
  }

  /** An instance in Python. */
  private final class Instance implements AutoCloseable {
    private final Process process;
    private final BufferedWriter in;
    private final BufferedReader out;

    Instance(String family, String kind, String location) throws IOException {
      process = PythonPrograms.start(family, directory, "original_store.py", kind, location);
      in = process.outputWriter(StandardCharsets.UTF_8);
      out = process.inputReader(StandardCharsets.UTF_8);
      assertThat(out.readLine())
          .as(Files.readString(directory.resolve("errors.log")))
          .isEqualTo("ready");
    }

    String ask(String expression) throws IOException {
      in.write(expression + "\n");
      in.flush();
      return out.readLine();
    }

    /** What becomes of a request. */
    String check(String path) throws IOException {
      return ask("engine.check('" + path + "', 'GET')");
    }

    /** Ends it as its owner does, with all that it writes then. */
    void end() throws Exception {
      in.close();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private RouteStatus status(String key) {
    return engine.snapshot().state(key).status();
  }

  private void assertAudited(String path, String... actions) throws Exception {
    List<AuditEntry> entries = get(engine.audit().list(AuditQuery.ofPath(path, 100)));
    assertThat(entries).extracting(AuditEntry::action).containsExactly(actions);
    assertThat(entries).extracting(AuditEntry::actor).containsOnly("bob");
  }

  @ParameterizedTest
  @ValueSource(strings = {"shield", "waygate"})
  void onOneRedisEachEnforcesWhatTheOtherChanges(String family) throws Exception {
    PythonPrograms.of(family);
    try (RedisProcess redis = RedisProcess.start(directory)) {
      RedisDialect dialect = RedisDialect.valueOf(family.toUpperCase(Locale.ROOT));
      start(RedisBackend.create(new RedisBackendOptions().setUrl(redis.url()).setDialect(dialect)));
      try (Instance python = new Instance(family, "redis", redis.url())) {
        python.ask("engine.disable('GET:/pay', reason='theirs'" + BOB);
        until("disabled", () -> status(PAY) == RouteStatus.DISABLED);
        python.ask("engine.enable('GET:/pay'" + BOB);
        until("enabled", () -> status(PAY) == RouteStatus.ACTIVE);
        python.ask("engine.set_rate_limit_policy('/pay', 'GET', '7/minute'" + BOB);
        until("limited", () -> engine.snapshot().policies().containsKey(PAY));
        python.ask("engine.delete_rate_limit_policy('/pay', 'GET'" + BOB);
        until("not limited", () -> !engine.snapshot().policies().containsKey(PAY));
        assertAudited(PAY, "rl_policy_deleted", "rl_policy_set", "enable", "disable");

        get(engine.routes().disable(PAY, ANN, "ours"));
        until("it is closed", () -> python.check("/pay").equals("RouteDisabledException"));
        MaintenanceMode move = new MaintenanceMode(true, "move", List.of(), false);
        get(engine.maintenance().setGlobal(move, ANN));
        until("all is closed", () -> python.check("/orders").equals("MaintenanceException"));
        python.ask("engine.disable_global_maintenance(actor='bob', platform='cli')");
        until("all is open", () -> !engine.snapshot().globalMaintenance().enabled());
        assertThat(python.check("/orders")).isEqualTo("None");
        RateLimitPolicy bucket =
            RateLimitPolicy.of("GET", "/orders", "5/minute").toBuilder()
                .algorithm(RateLimitAlgorithm.TOKEN_BUCKET)
                .build();
        get(engine.rateLimits().set(bucket, ANN));
        until(
            "it knows the limit",
            () -> python.ask("list(engine._rate_limit_policies)").contains(ORDERS));

        long known = engine.snapshot().state(ORDERS).version();
        python.ask("engine.backend.delete_state('GET:/orders')");
        until("it is declared anew", () -> isDeclaredAfter(known));
      }
      get(engine.close());
    }
  }

  /** Its code still declares it. */
  private boolean isDeclaredAfter(long version) {
    RouteState state = engine.snapshot().state(ORDERS);
    return state != null && state.version() > version;
  }

  @ParameterizedTest
  @ValueSource(strings = {"shield", "waygate"})
  void onOneFileAnIdleInstanceOpensNothingAndChangesAreFollowed(String family) throws Exception {
    PythonPrograms.of(family);
    Path file = directory.resolve("state.json");
    start(FileBackend.create(new FileBackendOptions().setPath(file.toString())));
    try (Instance idle = new Instance(family, "file", file.toString())) {
      get(engine.routes().disable(PAY, ANN, "ours"));
      idle.end();
    }
    // It wrote what it had read at its start; that is written over.
    until("written anew", () -> Files.readString(file).contains("\"shield\""));
    assertThat(status(PAY)).isEqualTo(RouteStatus.DISABLED);
    assertThat(new ObjectMapper().readTree(file.toFile()).at("/states/GET:~1pay/status").asText())
        .isEqualTo("disabled");

    try (Instance python = new Instance(family, "file", file.toString())) {
      assertThat(python.check("/pay")).isEqualTo("RouteDisabledException");
      python.ask("engine.disable('GET:/orders', reason='theirs'" + BOB);
      until("disabled", () -> status(ORDERS) == RouteStatus.DISABLED);
      python.ask("engine.set_rate_limit_policy('/orders', 'GET', '7/minute'" + BOB);
      until("limited", () -> engine.snapshot().policies().containsKey(ORDERS));
      python.ask("engine.delete_rate_limit_policy('/orders', 'GET'" + BOB);
      until("not limited", () -> !engine.snapshot().policies().containsKey(ORDERS));
      python.end();
    }
    assertAudited(ORDERS, "rl_policy_deleted", "rl_policy_set", "disable");
    get(engine.routes().enable(ORDERS, ANN, "ours"));
    assertThat(status(PAY)).isEqualTo(RouteStatus.DISABLED);
    assertThat(Files.readString(file)).contains("\"shield\"");
    get(engine.close());
  }
}
