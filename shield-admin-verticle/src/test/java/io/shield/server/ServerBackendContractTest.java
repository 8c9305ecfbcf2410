package io.shield.server;

import io.shield.ShieldOptions;
import io.shield.admin.AdminOptions;
import io.shield.admin.ShieldServer;
import io.shield.backend.server.ServerBackend;
import io.shield.backend.server.ServerBackendOptions;
import io.shield.fixtures.BackendContract;
import io.shield.memory.MemoryBackend;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;

/** Against a real server, which a client without a service may see and change as a whole. */
class ServerBackendContractTest extends BackendContract {
  /** The server would announce the edges of windows by itself, and this counts commits. */
  private static final InstantSource BEFORE_ALL_EDGES =
      InstantSource.fixed(Instant.parse("2000-01-01T00:00:00Z"));

  private final List<Vertx> servers = new ArrayList<>();

  @Override
  protected Supplier<ShieldBackend> newStore() throws Exception {
    Vertx vertx = Vertx.vertx();
    servers.add(vertx);
    ShieldOptions engine =
        new ShieldOptions()
            .setName("contract-" + UUID.randomUUID())
            .setClock(BEFORE_ALL_EDGES)
            .setBackend(MemoryBackend.create(clock, MemoryBackend.DEFAULT_AUDIT_LIMIT));
    ShieldServer server = new ShieldServer(engine, new AdminOptions().setPort(0));
    get(vertx.deployVerticle(server));
    String url = "http://localhost:" + server.actualPort();
    return () -> ServerBackend.create(new ServerBackendOptions().setUrls(List.of(url)));
  }

  @AfterEach
  void stopServers() throws Exception {
    for (Vertx vertx : servers) {
      get(vertx.close());
    }
  }
}
