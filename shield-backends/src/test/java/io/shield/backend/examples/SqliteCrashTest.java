package io.shield.backend.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.simple.SimpleBackends;
import io.shield.spi.AuditQuery;
import io.shield.spi.CommitResult;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process dies after it wrote the state of a change and before its audit entry. */
class SqliteCrashTest {
  private static final int DIED = 42;
  private static final AuditEntry ENTRY =
      new AuditEntry(
          "only",
          Instant.parse("2030-01-01T00:00:00Z"),
          "GET:/payments",
          null,
          "disable",
          "alice",
          "cli",
          "hotfix",
          RouteStatus.ACTIVE,
          RouteStatus.DISABLED,
          0,
          List.of(),
          null,
          false);
  private static final Change CHANGE =
      new Change(
          "request",
          List.of(
              new Edit(
                  DocumentKey.state("GET:/payments"),
                  0,
                  RouteState.builder("GET:/payments").status(RouteStatus.DISABLED).build())),
          List.of(ENTRY));

  @TempDir Path directory;

  /** The process that dies. */
  static final class Dying {
    private Dying() {}

    public static void main(String[] arguments) {
      Vertx vertx = Vertx.vertx();
      SqliteSimpleBackend store =
          new SqliteSimpleBackend(vertx, Path.of(arguments[0])) {
            @Override
            public Future<Void> writeAudit(AuditEntry entry) {
              Runtime.getRuntime().halt(DIED);
              return super.writeAudit(entry);
            }
          };
      ShieldBackend backend = SimpleBackends.adapt(store);
      backend
          .startup(vertx)
          .compose(v -> backend.commit(CHANGE))
          .onComplete(unexpected -> Runtime.getRuntime().halt(1));
    }
  }

  @Test
  void theNextProcessFinishesTheChange() throws Exception {
    Path file = directory.resolve("shield.db");
    assertThat(runDying(file)).isEqualTo(DIED);
    Vertx vertx = Vertx.vertx();
    SqliteSimpleBackend store = new SqliteSimpleBackend(vertx, file);
    try {
      assertThat(store.getState("GET:/payments").await().status()).isEqualTo(RouteStatus.DISABLED);
      assertThat(store.getAuditLog(AuditQuery.newest(10)).await()).isEmpty();
      assertThat(SimpleBackends.follow(store).load().await().content()).isEmpty();

      ShieldBackend backend = SimpleBackends.adapt(store);
      backend.startup(vertx).await();

      Snapshot loaded = backend.load().await();
      assertThat(loaded.state("GET:/payments").status()).isEqualTo(RouteStatus.DISABLED);
      List<AuditEntry> once = List.of(ENTRY.withRevision(loaded.head().revision()));
      assertThat(backend.auditLog(AuditQuery.newest(10)).await()).isEqualTo(once);

      CommitResult repeated = backend.commit(CHANGE).await();
      assertThat(((CommitResult.Accepted) repeated).commit().head()).isEqualTo(loaded.head());
      assertThat(backend.auditLog(AuditQuery.newest(10)).await()).isEqualTo(once);
    } finally {
      store.close().await();
      vertx.close().await();
    }
  }

  private int runDying(Path file) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Dying.class.getName(),
                file.toString())
            .inheritIO()
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }
}
