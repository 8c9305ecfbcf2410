package io.shield.backend.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.MutableClock;
import io.shield.fixtures.RandomModel;
import io.shield.fixtures.Seeds;
import io.shield.model.store.Change;
import io.shield.model.store.Snapshot;
import io.shield.simple.SimpleBackends;
import io.shield.spi.AuditQuery;
import io.shield.spi.CommitResult;
import io.shield.spi.CommitResult.Accepted;
import io.shield.spi.CommitResult.Conflict;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two example stores are told the same changes: they must hold and tell the same. */
class SqliteExamplesAgreeTest {
  @TempDir Path directory;

  private final Vertx vertx = Vertx.vertx();
  private final MutableClock clock = MutableClock.create();
  private SqliteSimpleBackend sixMethods;
  private ShieldBackend simple;
  private ShieldBackend full;

  @BeforeEach
  void open() {
    sixMethods = new SqliteSimpleBackend(vertx, directory.resolve("simple.db"));
    simple = SimpleBackends.adapt(sixMethods, clock);
    full = new SqliteBackend(vertx, directory.resolve("full.db"), clock);
    simple.startup(vertx).await();
    full.startup(vertx).await();
  }

  @AfterEach
  void close() {
    sixMethods.close().await();
    full.shutdown().await();
    vertx.close().await();
  }

  @Test
  void theSameChangesLeadToTheSameContentAndTheSameLog() {
    Random random = Seeds.random("the two examples");
    RandomModel model = new RandomModel(random);
    for (int i = 0; i < 60; i++) {
      Snapshot now = full.load().await();
      Change change = random.nextInt(4) == 0 ? model.staleChange(now) : model.change(now);

      assertSameOutcome(simple.commit(change).await(), full.commit(change).await());
      assertSameOutcome(simple.commit(change).await(), full.commit(change).await());

      assertThat(simple.load().await().content()).isEqualTo(full.load().await().content());
    }
    AuditQuery all = AuditQuery.newest(AuditQuery.MAX_LIMIT);
    assertThat(simple.auditLog(all).await()).isNotEmpty().isEqualTo(full.auditLog(all).await());
  }

  private static void assertSameOutcome(CommitResult one, CommitResult other) {
    if (one instanceof Accepted accepted) {
      Accepted same = (Accepted) other;
      assertThat(accepted.commit().change()).isEqualTo(same.commit().change());
      assertThat(accepted.commit().head().revision()).isEqualTo(same.commit().head().revision());
    } else {
      assertThat(((Conflict) one).conflicts()).isEqualTo(((Conflict) other).conflicts());
    }
  }
}
