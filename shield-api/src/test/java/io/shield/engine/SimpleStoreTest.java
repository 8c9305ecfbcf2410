package io.shield.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldEngine;
import io.shield.fixtures.MemorySimpleBackend;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.simple.SimpleBackends;
import io.shield.spi.AuditQuery;
import io.shield.spi.ChangeRefusedException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Engines on a store of six methods: one process writes, another follows. */
class SimpleStoreTest extends EngineTest {
  private final MemorySimpleBackend store = new MemorySimpleBackend();

  @Test
  void aFollowerEnforcesWhatTheWriterChanges() {
    ShieldEngine writer = started(SimpleBackends.adapt(store));
    register(writer, "GET:/payments");
    ShieldEngine follower = started(SimpleBackends.follow(store));

    await(writer.routes().disable("/payments", ALICE, "hotfix"));

    eventually(() -> assertThat(follower.snapshot()).isEqualTo(writer.snapshot()));
    assertThat(follower.routes().get("GET:/payments").status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(await(follower.audit().list(AuditQuery.newest(10))))
        .extracting(AuditEntry::action)
        .containsExactly("disable");
  }

  @Test
  void aFollowerStartsWithDeclaredRoutesAndRefusesChanges() {
    ShieldEngine writer = started(SimpleBackends.adapt(store));
    register(writer, "/a");
    ShieldEngine follower = started(SimpleBackends.follow(store));

    assertThat(failureOf(follower.register(List.of(RouteState.active("/b")))))
        .isInstanceOf(ChangeRefusedException.class)
        .hasMessageContaining("only follows");
    assertThat(failureOf(follower.routes().disable("/a", ALICE, "x")))
        .isInstanceOf(ChangeRefusedException.class);

    await(writer.routes().disable("/a", ALICE, "y"));
    eventually(
        () -> assertThat(follower.routes().get("/a").status()).isEqualTo(RouteStatus.DISABLED));
  }

  @Test
  void aRestartedWriterHasEverything() {
    ShieldEngine first = started(SimpleBackends.adapt(store));
    register(first, "/a");
    await(first.routes().disable("/a", ALICE, "hotfix"));
    await(first.close());

    ShieldEngine second = started(SimpleBackends.adapt(store));

    assertThat(second.snapshot()).isEqualTo(first.snapshot());
    assertThat(second.routes().get("/a").status()).isEqualTo(RouteStatus.DISABLED);
  }
}
