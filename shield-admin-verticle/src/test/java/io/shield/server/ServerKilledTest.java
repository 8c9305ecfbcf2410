package io.shield.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.backend.redis.RedisProcess;
import io.shield.model.RouteStatus;
import io.shield.web.SdkState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server is killed under services that are under load: their callers notice nothing. {@code
 * -Dshield.server.kills=N} kills it so often.
 */
class ServerKilledTest {
  private static final int KILLS = Integer.getInteger("shield.server.kills", 1);
  private static final int SERVICES = 5;

  private final List<ServiceUnderLoad> services = new ArrayList<>();

  @TempDir Path directory;

  @AfterEach
  void stop() throws Exception {
    for (ServiceUnderLoad service : services) {
      service.close();
    }
  }

  private ServiceUnderLoad join(String name, String... servers) throws Exception {
    ServiceUnderLoad service =
        new ServiceUnderLoad(name, List.of(servers), directory.resolve("cache-" + name));
    services.add(service);
    return service;
  }

  private ServerProcess onFile() throws Exception {
    String file = directory.resolve("state.json").toString();
    return ServerProcess.start(
        RedisProcess.freePort(), directory, "--backend", "file", "--file", file);
  }

  @Test
  void callersNoticeNothing() throws Exception {
    try (ServerProcess server = onFile()) {
      for (int i = 0; i < SERVICES; i++) {
        join("service" + i, server.url());
      }
      services.forEach(service -> service.becomes(SdkState.READY));
      services.forEach(service -> service.sees(RouteStatus.ACTIVE));
      services.forEach(ServiceUnderLoad::underLoad);
      for (int kill = 0; kill < KILLS; kill++) {
        mark(server, "disable");
        services.forEach(service -> service.sees(RouteStatus.DISABLED));
        server.kill();
        services.forEach(service -> service.becomes(SdkState.STALE));
        for (ServiceUnderLoad service : services) {
          assertThat(service.ask("/marked")).isEqualTo(503);
        }
        server.restart();
        services.forEach(service -> service.becomes(SdkState.READY));
        mark(server, "enable");
        services.forEach(service -> service.sees(RouteStatus.ACTIVE));
      }
      for (ServiceUnderLoad service : services) {
        long before = service.asked();
        await().until(() -> service.asked() > before + 10);
        assertThat(service.wrong()).as("wrong answers of " + service.asked()).isZero();
      }
    }
  }

  private static void mark(ServerProcess server, String action) throws Exception {
    for (int i = 0; i < SERVICES; i++) {
      server.post("/api/routes/" + action + "?path=service" + i + ":GET:/marked", "{}");
    }
  }

  /** Maintenance of the fleet included. */
  @Test
  void whoStartsMeanwhileEnforcesWhatItLastKnew() throws Exception {
    try (ServerProcess server = onFile()) {
      ServiceUnderLoad before = join("payments", server.url());
      before.becomes(SdkState.READY);
      assertThat(before.ask("/open")).isEqualTo(200);
      server.post("/api/global/enable", "{\"reason\": \"move\", \"exempt_paths\": [\"/marked\"]}");
      await().until(() -> before.ask("/open") == 503);
      services.remove(before);
      before.close();
      server.kill();
      ServiceUnderLoad after = join("payments", server.url());
      assertThat(after.ask("/open")).isEqualTo(503);
      assertThat(after.ask("/marked")).isEqualTo(200);
      assertThat(after.ask("/closed")).isEqualTo(503);
      after.becomes(SdkState.STALE);
      server.restart();
      after.becomes(SdkState.READY);
      server.post("/api/global/disable", "{}");
      await().until(() -> after.ask("/open") == 200);
    }
  }

  @Test
  void clientsMoveToTheOtherServer() throws Exception {
    try (RedisProcess redis = RedisProcess.start(directory);
        ServerProcess one = onRedis(redis);
        ServerProcess other = onRedis(redis)) {
      for (int i = 0; i < SERVICES; i++) {
        join("service" + i, one.url(), other.url());
      }
      services.forEach(service -> service.becomes(SdkState.READY));
      services.forEach(service -> service.sees(RouteStatus.ACTIVE));
      services.forEach(ServiceUnderLoad::underLoad);
      one.kill();
      mark(other, "disable");
      services.forEach(service -> service.sees(RouteStatus.DISABLED));
      services.forEach(service -> service.becomes(SdkState.READY));
      services.forEach(service -> assertThat(service.wrong()).isZero());
    }
  }

  private ServerProcess onRedis(RedisProcess redis) throws Exception {
    return ServerProcess.start(
        RedisProcess.freePort(), directory, "--backend", "redis", "--redis-url", redis.url());
  }
}
