package io.shield.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.DeclaredState;
import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.admin.AdminOptions;
import io.shield.admin.ShieldServer;
import io.shield.backend.redis.RedisProcess;
import io.shield.error.VersionMismatchException;
import io.shield.json.ShieldJson;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.shield.web.ShieldSdk;
import io.shield.web.ShieldSdkOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row of the README's table of set-ups is what it says. */
class DeploymentsTest {
  private static final String ROUTE = "GET:/pay";
  private static final Actor ANN = Actor.of("ann", "cli");

  private final List<Vertx> processes = new ArrayList<>();

  @TempDir Path directory;

  /**
   * A row of the table.
   *
   * @param services how many services
   * @param state where the state is
   * @param settings what to set
   */
  record Row(String services, String processes, String state, String settings) {
    boolean isFleet() {
      return settings.contains("SHIELD_BACKEND=server");
    }

    /** The backend that keeps the state. */
    String backend() {
      return settings.replaceFirst("(?s).*?SHIELD_BACKEND=(\\w+).*", "$1");
    }

    int servers() {
      return state.startsWith("several") ? 2 : 1;
    }
  }

  static List<Row> rows() throws IOException {
    String page = Files.readString(Path.of("..", "README.md"));
    String table =
        page.substring(page.indexOf("## Which set-up"), page.indexOf("## What a route can be"));
    return table
        .lines()
        .filter(line -> line.startsWith("| one") || line.startsWith("| several"))
        .map(line -> line.split("\\|"))
        .map(cells -> new Row(cells[1].strip(), cells[2].strip(), cells[3].strip(), cells[4]))
        .toList();
  }

  @AfterEach
  void stop() throws Exception {
    for (Vertx vertx : processes) {
      get(vertx.close());
    }
  }

  @Test
  void theTableNamesEveryBackend() throws Exception {
    assertThat(rows().stream().map(Row::backend))
        .containsExactly("memory", "file", "redis", "file", "redis");
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aChangeReachesWhomItConcerns(Row row) throws Exception {
    try (RedisProcess redis =
        row.backend().equals("redis") ? RedisProcess.start(directory) : null) {
      if (row.isFleet()) {
        fleet(row, redis);
      } else {
        embedded(row, redis);
      }
    }
  }

  private void embedded(Row row, RedisProcess redis) throws Exception {
    int count = row.backend().equals("memory") ? 1 : 2;
    List<ShieldEngine> engines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ShieldEngine engine = ShieldEngine.create(process(), options(row, redis));
      get(engine.register(List.of(RouteState.active(ROUTE))));
      get(engine.start());
      engines.add(engine);
    }
    get(engines.get(0).routes().disable(ROUTE, ANN, "broken"));
    engines.forEach(engine -> becomes(engine, RouteStatus.DISABLED));
  }

  private void fleet(Row row, RedisProcess redis) throws Exception {
    List<ShieldServer> servers = new ArrayList<>();
    List<String> urls = new ArrayList<>();
    for (int i = 0; i < row.servers(); i++) {
      ShieldServer server = new ShieldServer(options(row, redis), new AdminOptions().setPort(0));
      get(process().deployVerticle(server));
      servers.add(server);
      urls.add("http://localhost:" + server.actualPort());
    }
    List<ShieldSdk> payments = List.of(join("payments", urls), join("payments", reversed(urls)));
    ShieldSdk shop = join("shop", urls);
    get(servers.get(0).engine().routes().disable("payments:" + ROUTE, ANN, "broken"));
    payments.forEach(sdk -> becomes(sdk.engine(), RouteStatus.DISABLED));
    assertThat(shop.engine().snapshot().state(ROUTE).status()).isEqualTo(RouteStatus.ACTIVE);
    get(payments.get(1).engine().routes().enable(ROUTE, ANN, "mended"));
    payments.forEach(sdk -> becomes(sdk.engine(), RouteStatus.ACTIVE));
  }

  /** It may write what is its own at its server, and nothing by which nodes take turns. */
  @Test
  void aServiceAppliesItsDocumentForOneRevision() throws Exception {
    ShieldServer server =
        new ShieldServer(new ShieldOptions().setBackend("memory"), new AdminOptions().setPort(0));
    get(process().deployVerticle(server));
    ShieldSdk payments = join("payments", List.of("http://localhost:" + server.actualPort()));
    ShieldEngine engine = payments.engine();
    JsonNode document =
        ShieldJson.parse(
            "the test's",
            "{\"shield\":1,\"routes\":{\"" + ROUTE + "\":{\"status\":\"disabled\"}}}");
    long seen = engine.snapshot().head().revision();
    DeclaredState.Options once = new DeclaredState.Options(false, "", seen);
    get(engine.declared().apply(document, once, ANN));
    assertThat(server.engine().routes().get("payments:" + ROUTE).status())
        .isEqualTo(RouteStatus.DISABLED);
    assertThatThrownBy(() -> get(engine.declared().apply(document, once, ANN)))
        .hasCauseInstanceOf(VersionMismatchException.class);
  }

  private static List<String> reversed(List<String> urls) {
    return Stream.iterate(urls.size() - 1, i -> i >= 0, i -> i - 1).map(urls::get).toList();
  }

  private ShieldSdk join(String service, List<String> urls) throws Exception {
    Vertx vertx = process();
    ShieldSdkOptions options =
        new ShieldSdkOptions()
            .setEngineOptions(new ShieldOptions().putSetting("SHIELD_CACHE_DIR", "off"))
            .setUrls(urls)
            .setAppId(service);
    ShieldSdk sdk = ShieldSdk.create(vertx, options);
    Router router = Router.router(vertx);
    Future<Void> attached = sdk.attach(router);
    router.get("/pay").handler(ctx -> ctx.end("paid"));
    get(attached);
    becomes(sdk.engine(), RouteStatus.ACTIVE);
    return sdk;
  }

  private Vertx process() {
    Vertx vertx = Vertx.vertx();
    processes.add(vertx);
    return vertx;
  }

  private ShieldOptions options(Row row, RedisProcess redis) {
    ShieldOptions options =
        new ShieldOptions()
            .setBackend(row.backend())
            .putSetting("SHIELD_CACHE_DIR", "off")
            .putSetting("SHIELD_FILE_PATH", directory.resolve("state.json").toString());
    return redis == null ? options : options.putSetting("SHIELD_REDIS_URL", redis.url());
  }

  private static void becomes(ShieldEngine engine, RouteStatus status) {
    await()
        .untilAsserted(
            () ->
                assertThat(engine.snapshot().states())
                    .extractingByKey(ROUTE)
                    .extracting(RouteState::status)
                    .isEqualTo(status));
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);
  }
}
