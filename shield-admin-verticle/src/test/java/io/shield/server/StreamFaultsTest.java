package io.shield.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.ShieldOptions;
import io.shield.admin.AdminOptions;
import io.shield.admin.ShieldServer;
import io.shield.history.FaultProxy;
import io.shield.json.ShieldJson;
import io.shield.memory.MemoryBackend;
import io.shield.model.MaintenanceMode;
import io.shield.model.RouteKey;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.shield.web.SdkState;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What networks and readers do to streams. */
class StreamFaultsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Actor ANN = Actor.of("ann", "cli");
  private static final int MEBIBYTE = 1024 * 1024;

  /** What our own clients are told at once. */
  private static final int LARGE = 60_000;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Vertx vertx = Vertx.vertx();
  private ShieldServer server;
  private FaultProxy network;
  private ServiceUnderLoad service;

  @TempDir Path directory;

  @BeforeEach
  void serve() throws Exception {
    server =
        new ShieldServer(
            new ShieldOptions().setBackend(MemoryBackend.create()), new AdminOptions().setPort(0));
    get(vertx.deployVerticle(server));
    network = FaultProxy.plain(vertx, server.actualPort());
  }

  @AfterEach
  void stop() throws Exception {
    if (service != null) {
      service.close();
    }
    network.close();
    get(vertx.close());
  }

  private void join() throws Exception {
    String url = "http://127.0.0.1:" + network.port();
    service = new ServiceUnderLoad("shop", List.of(url), directory);
    service.becomes(SdkState.READY);
    service.sees(RouteStatus.ACTIVE);
  }

  private void becomes(String path, int status) {
    await(path).atMost(PATIENCE).until(() -> service.ask(path) == status);
  }

  /** So that one event about it has more than a mebibyte. */
  private static MaintenanceMode large(String reason) {
    String end = "\u5b57".repeat(RouteKey.MAX_LENGTH - 10); // three bytes each
    List<String> exempt =
        IntStream.range(0, 1000).mapToObj(i -> "/" + (1000 + i) + "/" + end).toList();
    return new MaintenanceMode(true, reason, exempt, false);
  }

  private List<String> follow(String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + network.port() + "/api/sdk/events"));
    request.headers(headers);
    HttpResponse<Stream<String>> answer = http.send(request.build(), BodyHandlers.ofLines());
    assertThat(answer.statusCode()).isEqualTo(200);
    List<String> lines = new CopyOnWriteArrayList<>();
    Thread reader =
        new Thread(
            () -> {
              try {
                answer.body().filter(line -> line.startsWith("data: ")).forEach(lines::add);
              } catch (UncheckedIOException over) {
                lines.add("broken");
              }
            },
            "stream");
    reader.setDaemon(true);
    reader.start();
    await().atMost(PATIENCE).until(() -> !lines.isEmpty());
    return lines;
  }

  private static JsonNode event(List<String> lines, int index) {
    await().atMost(PATIENCE).until(() -> lines.size() > index);
    return ShieldJson.parse("event", lines.get(index).substring("data: ".length()));
  }

  @Test
  void aHalfOpenConnectionIsNoticed() throws Exception {
    join();
    network.halfOpen();
    get(server.engine().routes().disable("shop:GET:/marked", ANN, "broken"));
    becomes("/marked", 503);
    network.cut();
    get(server.engine().routes().enable("shop:GET:/marked", ANN, "mended"));
    becomes("/marked", 200);
    service.becomes(SdkState.READY);
  }

  @Test
  void aLargeChangeArrivesAsAWholeWhereNothingCanBeRead() throws Exception {
    join();
    List<String> original = follow("X-Shield-App-Id", "shop");
    List<String> waygate = follow("X-Waygate-App-Id", "shop");
    List<String> ours = follow("X-Shield-App-Id", "shop", "Accept-Version", "1");
    get(server.engine().maintenance().setGlobal(large("move"), ANN));
    for (List<String> lines : List.of(original, waygate)) {
      JsonNode payload = event(lines, 1).path("payload");
      String reason = payload.path("reason").asText();
      assertThat(reason.getBytes(StandardCharsets.UTF_8).length).isGreaterThan(MEBIBYTE);
      assertThat(ShieldJson.parse("mode", reason).path("exempt_paths")).hasSize(1000);
      assertThat(payload.path("path").asText())
          .isEqualTo(lines == waygate ? "__waygate:global__" : "__shield:global__");
    }
    assertThat(event(ours, 1).path("type").asText()).isEqualTo("reload");
    assertThat(ours.get(1).length()).isLessThan(LARGE);
    becomes("/open", 503);
    get(server.engine().maintenance().disableGlobal(ANN));
    becomes("/open", 200);
  }

  @Test
  void aReaderThatIsTooSlowIsCutAndOthersGoOn() throws Exception {
    join();
    try (Socket slow = new Socket()) {
      slow.setReceiveBufferSize(4096);
      slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.actualPort()));
      slow.getOutputStream()
          .write(
              "GET /api/sdk/events HTTP/1.1\r\nHost: localhost\r\nX-Shield-App-Id: shop\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      await().atMost(PATIENCE).until(() -> slow.getInputStream().available() > 0);
      int change = 0;
      while (metric("shield_streams_cut_total") == 0) {
        assertThat(change).as("changes until it was cut").isLessThan(100);
        get(server.engine().maintenance().setGlobal(large("move " + change++), ANN));
      }
      assertThat(metric("shield_streams_waiting")).isLessThan(64 * MEBIBYTE);
    }
    becomes("/open", 503);
    get(server.engine().maintenance().disableGlobal(ANN));
    becomes("/open", 200);
  }

  private double metric(String name) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.actualPort() + "/metrics");
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .findFirst()
        .orElse(0);
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
