package io.shield.web.examples;

import static io.shield.testing.ShieldAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.shield.ShieldEngine;
import io.shield.decision.RefusalKind;
import io.shield.fixtures.MutableClock;
import io.shield.model.audit.Actor;
import io.shield.testing.ShieldExtension;
import io.shield.testing.WithoutShield;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ShieldExtension.class)
class PaymentsApiTest {
  private static final Actor ALICE = Actor.of("alice", "billing");

  private int port;

  @BeforeEach
  void serve(ShieldEngine engine) {
    port =
        await(
                engine
                    .vertx()
                    .createHttpServer()
                    .requestHandler(PaymentsApi.router(engine))
                    .listen(0, "127.0.0.1"))
            .actualPort();
  }

  @Test
  void isClosedForMaintenanceUntilItsEnd(ShieldEngine engine, MutableClock clock) throws Exception {
    await(
        engine
            .routes()
            .maintenance(
                "GET:/payments", ALICE, "moving", clock.instant().plus(Duration.ofHours(1))));

    assertThat(engine).route("GET:/payments").isRefused(RefusalKind.MAINTENANCE, "moving");
    assertThat(engine).lastChangeIs("maintenance_on", "GET:/payments", "alice");
    assertEquals(503, get("/payments"));
    clock.advance(Duration.ofHours(1));
    assertEquals(200, get("/payments"));
  }

  @Test
  void isForDevelopersOnly(ShieldEngine engine) throws Exception {
    assertThat(engine).route("GET:/debug").isRefused(RefusalKind.ENV_GATED);
    assertEquals(403, get("/debug"));
  }

  @Test
  void isSearchedTwiceAMinute(MutableClock clock) throws Exception {
    assertEquals(200, get("/search"));
    assertEquals(200, get("/search"));
    assertEquals(429, get("/search"));
    clock.advance(Duration.ofMinutes(1));
    assertEquals(200, get("/search"));
  }

  @Test
  @WithoutShield
  void answersWhateverIsClosed() throws Exception {
    assertEquals(200, get("/debug"));
  }

  private int get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
