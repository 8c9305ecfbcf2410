package io.shield.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.ShieldEngine;
import io.shield.fixtures.JavaCommand;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditEntry;
import io.shield.model.webhook.Webhook;
import io.shield.model.webhook.WebhookStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Processes on one Redis, of which one is killed while it tells others of something. */
class EdgesAndWebhooksTest {
  private static final Actor ALICE = Actor.of("alice", "cli");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** What was over before it was planned is not announced: planning takes less than this. */
  private static final int AHEAD_SECONDS = 5;

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final List<Process> processes = new ArrayList<>();

  /** The id and the body of each request. */
  private final List<String> ids = new CopyOnWriteArrayList<>();

  private RedisProcess redis;
  private ShieldEngine observer;

  @BeforeEach
  void start() throws Exception {
    redis = RedisProcess.start(directory);
  }

  @AfterEach
  void stop() {
    processes.forEach(Process::destroyForcibly);
    if (observer != null) {
      get(observer.close());
    }
    redis.close();
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  private Process node() throws Exception {
    int number = processes.size();
    Process process =
        new ProcessBuilder(
                JavaCommand.of(
                    TellingProcess.class,
                    redis.url(),
                    directory.resolve("cache" + number).toString()))
            .redirectError(directory.resolve("errors" + number).toFile())
            .start();
    processes.add(process);
    BufferedReader lines = process.inputReader();
    assertThat(lines.readLine()).isEqualTo("ready");
    return process;
  }

  /** A node in this process, which sends nothing. */
  private void observe() {
    observer =
        ShieldEngine.create(
            vertx,
            TellingProcess.options(redis.url(), directory.resolve("cache").toString())
                .putSetting("SHIELD_WEBHOOKS", "false"));
    get(observer.start());
  }

  private List<AuditEntry> edges() {
    return get(observer.audit().newest(100)).stream()
        .filter(entry -> entry.actor().equals("scheduler"))
        .toList();
  }

  private static void awaitTrue(java.util.concurrent.Callable<Boolean> condition) {
    await().atMost(PATIENCE).until(condition);
  }

  /** Three nodes, and one of them, whichever, is killed at the edge. */
  @Test
  void anEdgeIsAnnouncedOnceThoughNodesAreKilledAtIt() throws Exception {
    Process one = node();
    node();
    observe();
    Instant start = Instant.now().plusSeconds(AHEAD_SECONDS);
    MaintenanceWindow window = new MaintenanceWindow(start, start.plusSeconds(2), "swap");
    get(observer.routes().schedule("GET:/a", ALICE, window));
    awaitTrue(() -> !Instant.now().isBefore(start));
    one.destroyForcibly();
    node();
    awaitTrue(() -> edges().size() == 2);
    assertThat(observer.routes().get("GET:/a").status()).isEqualTo(RouteStatus.ACTIVE);
    // Whoever looks again finds them announced.
    get(observer.routes().canary("GET:/a", ALICE, 5));
    assertThat(edges()).hasSize(2);
    assertThat(edges().stream().map(AuditEntry::path)).containsOnly("GET:/a");
  }

  /** Everybody who knew of it is dead at the edge: late, and not never. */
  @Test
  void anEdgeThatNobodySawIsAnnouncedByWhoComesNext() throws Exception {
    Process one = node();
    observe();
    Instant start = Instant.now().plusSeconds(AHEAD_SECONDS);
    MaintenanceWindow window = new MaintenanceWindow(start, start.plusSeconds(1), "swap");
    get(observer.routes().schedule("GET:/a", ALICE, window));
    get(observer.close());
    one.destroyForcibly();
    awaitTrue(() -> Instant.now().isAfter(window.end()));
    node();
    observe();
    awaitTrue(() -> edges().size() == 2);
    assertThat(observer.routes().get("GET:/a").status()).isEqualTo(RouteStatus.ACTIVE);
  }

  private String receiver(IntUnaryOperator status) {
    HttpServer server =
        get(
            vertx
                .createHttpServer()
                .requestHandler(
                    request -> {
                      ids.add(request.getHeader("webhook-id"));
                      request.response().setStatusCode(status.applyAsInt(ids.size())).end();
                    })
                .listen(0, "127.0.0.1"));
    return "http://127.0.0.1:" + server.actualPort() + "/";
  }

  private WebhookStatus status() {
    return observer.webhooks().status("hook").orElseThrow();
  }

  @Test
  void twoNodesAndAReceiverThatFailsTwiceAreOneDeliveryInThreeTries() throws Exception {
    node();
    node();
    observe();
    Webhook hook = Webhook.of("hook", receiver(number -> number <= 2 ? 500 : 204));
    get(observer.webhooks().set(hook.withEvents(List.of("disable")), null, null, ALICE));
    get(observer.routes().disable("GET:/a", ALICE, "why"));
    awaitTrue(() -> ids.size() == 3 && status().pending() == 0);
    assertThat(ids.stream().distinct()).hasSize(1);
    assertThat(status().deliveries()).hasSize(3);
  }

  /** The lease of a killed sender lasts 30 seconds. */
  @Test
  @EnabledIfSystemProperty(named = "shield.webhooks.killed", matches = "true")
  void whenTheSenderIsKilledAnotherDelivers() throws Exception {
    Process sender = node();
    observe();
    AtomicBoolean fails = new AtomicBoolean(true);
    Webhook hook = Webhook.of("hook", receiver(number -> fails.get() ? 500 : 204));
    get(observer.webhooks().set(hook.withEvents(List.of("disable")), null, null, ALICE));
    get(observer.routes().disable("GET:/a", ALICE, "why"));
    awaitTrue(() -> status().retrying() == 1);
    String first = status().sender();
    node();
    sender.destroyForcibly();
    fails.set(false);
    awaitTrue(() -> status().pending() == 0);
    assertThat(status().sender()).isNotNull().isNotEqualTo(first);
    assertThat(ids.stream().distinct()).hasSize(1);
    assertThat(status().deliveries().get(0).outcome().wireName()).isEqualTo("delivered");
  }
}
