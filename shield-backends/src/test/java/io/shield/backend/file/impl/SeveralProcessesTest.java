package io.shield.backend.file.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.backend.file.FileBackend;
import io.shield.backend.file.FileBackendOptions;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Head;
import io.shield.spi.ChangeRefusedException;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several processes change one file. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SeveralProcessesTest {
  private static final int TIMES = 25;

  @TempDir Path directory;

  /** Each adds to one number, by compare-and-set, and writes routes of its own in between. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void nothingIsLostAndEveryVersionHasOneWinner(int processes) throws Exception {
    Path file = directory.resolve("state.json");
    List<ChildProcess> children = new ArrayList<>();
    List<String> won = new ArrayList<>();
    try (TestStore store = TestStore.open(NioFileOps.INSTANCE, file)) {
      for (int i = 0; i < processes; i++) {
        children.add(ChildProcess.start(file));
      }
      for (ChildProcess child : children) {
        child.expect("ready").send("open");
        child.expect("opened");
      }
      for (int i = 0; i < processes; i++) {
        children.get(i).send("count p" + i + " " + TIMES);
      }
      for (ChildProcess child : children) {
        for (String line = child.answer(); !"done".equals(line); line = child.answer()) {
          assertThat(line).startsWith("WON ");
          won.add(line);
        }
      }
      store.poll();

      int all = processes * TIMES;
      assertThat(won).hasSize(all);
      assertThat(won).extracting(line -> line.split(" ", -1)[1]).doesNotHaveDuplicates();
      assertThat(won).extracting(line -> line.split(" ", -1)[2]).doesNotHaveDuplicates();
      assertThat(store.state(StoreProcess.SHARED).reason()).isEqualTo(String.valueOf(all));
      assertThat(store.image().snapshot().states()).hasSize(all + 1);
      assertThat(store.image().head().revision()).isEqualTo(1 + 2L * all);
      assertThat(store.audit())
          .extracting(AuditEntry::reason)
          .as("no process took another's commit for an external edit")
          .doesNotContain("external edit");
    } finally {
      for (ChildProcess child : children) {
        child.close();
      }
    }
  }

  @Test
  void whileAnotherProcessHoldsTheLockChangesAreRefusedAndReadingGoesOn() throws Exception {
    Path file = directory.resolve("state.json");
    Vertx vertx = Vertx.vertx();
    FileBackend backend = FileBackend.create(new FileBackendOptions().setPath(file.toString()));
    // The engine waits for longer than the file does for the lock, however busy the machine is.
    ShieldOptions options =
        new ShieldOptions().setBackend(backend).setChangeTimeout(Duration.ofSeconds(60));
    ShieldEngine engine = ShieldEngine.create(vertx, options);
    Actor alice = Actor.of("alice", "cli");
    try (ChildProcess child = ChildProcess.start(file)) {
      engine.start().await();
      engine.register(List.of(RouteState.builder("GET:/a").build())).await();
      engine.routes().disable("GET:/a", alice, "before").await();
      child.expect("ready");
      assertThat(child.ask("lock")).isEqualTo("locked");
      child.signal("STOP");
      Head before = engine.snapshot().head();

      assertThatThrownBy(() -> engine.routes().enable("GET:/a", alice, "refused").await())
          .isInstanceOf(ChangeRefusedException.class)
          .hasMessageContaining(file + ".lock")
          .hasMessageContaining("more than 5 s");
      assertThat(engine.snapshot().head()).isEqualTo(before);
      try (TestStore other = TestStore.open(NioFileOps.INSTANCE, file)) {
        assertThat(other.image().snapshot()).as("a start").isEqualTo(engine.snapshot());
      }

      child.kill();
      engine.routes().enable("GET:/a", alice, "accepted").await();
    } finally {
      engine.close().await();
      vertx.close().await();
    }
  }
}
