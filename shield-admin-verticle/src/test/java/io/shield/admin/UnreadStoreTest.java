package io.shield.admin;

import static io.shield.admin.RunningAdmin.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.ShieldOptions;
import io.shield.fixtures.ForwardingBackend;
import io.shield.memory.MemoryBackend;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Future;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
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
  private final class Distant extends ForwardingBackend {
    Distant() {
      super(store);
    }

    @Override
    protected <T> Future<T> ask(Supplier<Future<T>> question) {
      return away
          ? Future.failedFuture(new StoreUnreachableException("the store is away", null))
          : super.ask(question);
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
