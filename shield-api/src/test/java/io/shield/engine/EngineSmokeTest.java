package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.memory.MemoryBackend;
import io.shield.model.Actor;
import io.shield.model.AuditEntry;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.spi.AuditQuery;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class EngineSmokeTest {
  private static final Actor ALICE = Actor.of("alice", "cli");

  @Test
  void changesAreInForceAuditedAndShared(Vertx vertx) throws Exception {
    MemoryBackend store = MemoryBackend.create();
    ShieldEngine a = ShieldEngine.create(vertx, new ShieldOptions().setName("a").setBackend(store));
    ShieldEngine b = ShieldEngine.create(vertx, new ShieldOptions().setName("b").setBackend(store));
    await(a.start());
    await(b.start());
    await(a.register(List.of(RouteState.active("GET:/payments"))));
    RouteState state = await(a.routes().disable("/payments", ALICE, "hotfix"));
    assertThat(state.status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(a.routes().get("GET:/payments").status()).isEqualTo(RouteStatus.DISABLED);
    org.awaitility.Awaitility.await()
        .untilAsserted(() -> assertThat(b.snapshot()).isEqualTo(a.snapshot()));
    List<AuditEntry> log = await(b.audit().list(AuditQuery.newest(10)));
    assertThat(log).hasSize(1);
    assertThat(log.get(0).action()).isEqualTo("disable");
    assertThat(log.get(0).revision()).isEqualTo(state.version());
    await(a.close());
    await(b.close());
  }

  private static <T> T await(io.vertx.core.Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
