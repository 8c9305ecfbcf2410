package io.shield.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.Store.Status.Condition;
import io.shield.admin.AdminOptions;
import io.shield.admin.ShieldServer;
import io.shield.backend.redis.RedisProcess;
import io.shield.history.FaultProxy;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service comes to a server that cannot reach its store, and knows less than the service. */
class LaggingServerTest {
  private static final String ROUTE = "GET:/pay";
  private static final Actor ANN = Actor.of("ann", "cli");

  private final Vertx vertx = Vertx.vertx();

  @TempDir Path directory;

  @AfterEach
  void stop() throws Exception {
    get(vertx.close());
  }

  @Test
  void theServiceGoesOnWhenTheServerHasCaughtUp() throws Exception {
    try (RedisProcess redis = RedisProcess.start(directory);
        FaultProxy way = FaultProxy.plain(vertx, redis.port())) {
      ShieldServer first = new ShieldServer(onRedis("first", redis.port()), admin());
      ShieldServer second = new ShieldServer(onRedis("second", way.port()), admin());
      String deployed = get(vertx.deployVerticle(first));
      get(vertx.deployVerticle(second));
      ShieldEngine service =
          ShieldEngine.create(
              vertx,
              new ShieldOptions()
                  .setName("service")
                  .setBackend("server")
                  .putSetting("SHIELD_APP_ID", "payments")
                  .putSetting(
                      "SHIELD_SERVER_URL",
                      "http://localhost:"
                          + first.actualPort()
                          + ",http://localhost:"
                          + second.actualPort())
                  .putSetting("SHIELD_CACHE_DIR", "off"));
      get(service.register(List.of(RouteState.active(ROUTE))));
      get(service.start());
      until("registered", () -> is(second.engine(), "payments:" + ROUTE, RouteStatus.ACTIVE));

      way.refuse();
      until("cut off", () -> second.engine().store().status().condition() != Condition.READY);
      get(first.engine().routes().deprecate("payments:" + ROUTE, ANN, null, null, "1"));
      get(first.engine().routes().disable("payments:" + ROUTE, ANN, "2"));
      until("told", () -> is(service, ROUTE, RouteStatus.DISABLED));
      get(vertx.undeploy(deployed));
      until("moved", () -> clients(second).contains("payments"));
      assertThat(is(service, ROUTE, RouteStatus.DISABLED)).isTrue();

      ShieldEngine other = ShieldEngine.create(vertx, onRedis("other", redis.port()));
      get(other.start());
      get(other.routes().maintenance("payments:" + ROUTE, ANN, "3"));
      get(other.routes().enable("payments:" + ROUTE, ANN, "4"));
      way.heal();
      until("caught up", () -> is(second.engine(), "payments:" + ROUTE, RouteStatus.ACTIVE));
      until("told by the other", () -> is(service, ROUTE, RouteStatus.ACTIVE));
      until("ready", () -> service.store().status().condition() == Condition.READY);
    }
  }

  private static String clients(ShieldServer server) throws Exception {
    URI uri = URI.create("http://localhost:" + server.actualPort() + "/api/clients");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static AdminOptions admin() {
    return new AdminOptions().setPort(0);
  }

  private static ShieldOptions onRedis(String name, int port) {
    return new ShieldOptions()
        .setName(name)
        .setBackend("redis")
        .putSetting("SHIELD_REDIS_URL", "redis://127.0.0.1:" + port + "/0")
        .putSetting("SHIELD_CACHE_DIR", "off");
  }

  private static boolean is(ShieldEngine engine, String route, RouteStatus status) {
    RouteState state = engine.snapshot().state(route);
    return state != null && state.status() == status;
  }

  private static void until(String what, Callable<Boolean> condition) {
    await(what).atMost(Duration.ofMinutes(2)).until(condition);
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);
  }
}
