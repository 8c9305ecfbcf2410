package io.shield.admin;

import static io.shield.admin.RunningAdmin.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.ShieldOptions;
import io.shield.memory.MemoryBackend;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.AuditQuery;
import io.shield.spi.Capabilities;
import io.shield.spi.CommitListener;
import io.shield.spi.CommitResult;
import io.shield.spi.ShieldBackend;
import io.shield.spi.StoreUnreachableException;
import io.shield.spi.Subscription;
import io.vertx.core.Future;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A node that started without its store and without a cache: it knows of no token whether it was
 * revoked, and lets none in.
 */
class UnreadStoreTest {
  private static final String ME = "/api/auth/me";

  private final MemoryBackend store = MemoryBackend.create();
  private volatile boolean away;

  /** A store that can be cut off. */
  private final class Distant implements ShieldBackend {
    private <T> Future<T> reached(Future<T> answer) {
      return away
          ? Future.failedFuture(new StoreUnreachableException("the store is away", null))
          : answer;
    }

    @Override
    public Future<Head> head() {
      return reached(store.head());
    }

    @Override
    public Future<Snapshot> load() {
      return reached(store.load());
    }

    @Override
    public Future<CommitResult> commit(Change change) {
      return reached(store.commit(change));
    }

    @Override
    public Future<List<AuditEntry>> auditLog(AuditQuery query) {
      return reached(store.auditLog(query));
    }

    @Override
    public Future<Subscription> subscribe(CommitListener listener) {
      return reached(store.subscribe(listener));
    }

    @Override
    public Capabilities capabilities() {
      return store.capabilities();
    }
  }

  private RunningAdmin start() {
    return new RunningAdmin(
        RunningAdmin.accounts(),
        new ShieldOptions()
            .setBackend(new Distant())
            .setColdStart(ShieldOptions.ColdStart.OPEN)
            .setHeadInterval(Duration.ofMillis(100)));
  }

  @Test
  void letsNoTokenInBeforeItIsRead() {
    String revoked;
    String valid;
    try (RunningAdmin before = start()) {
      revoked = before.token("admin");
      valid = before.token("admin");
      assertThat(before.send(revoked, "POST", "/api/auth/logout", null).statusCode())
          .isEqualTo(200);
    }
    away = true;
    try (RunningAdmin again = start()) {
      for (String token : List.of(revoked, valid)) {
        HttpResponse<String> answer = again.send(token, "GET", ME, null);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.body()).contains("STORE_UNREACHABLE", "whether this token was revoked");
      }
      HttpResponse<String> page =
          send(
              again
                  .request("GET", "/dashboard/routes", null)
                  .header("Cookie", "shield_session=" + revoked));
      assertThat(page.statusCode()).isEqualTo(503);
      assertThat(page.body()).contains("whether this token was revoked");
      assertThat(again.send(null, "GET", "/health/live", null).statusCode()).isEqualTo(200);
      away = false;
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> again.send(valid, "GET", ME, null).statusCode() == 200);
      assertThat(again.send(revoked, "GET", ME, null).statusCode()).isEqualTo(401);
    }
  }
}
