package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.MutableClock;
import io.shield.memory.MemoryBackend;
import io.shield.model.audit.Actor;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A stream ends before its next event once its token has. */
class EndedTokensTest {
  private enum Way {
    SIGNED_OUT,
    REVOKED,
    EXPIRED
  }

  private final MutableClock clock = MutableClock.create();

  @ParameterizedTest
  @CsvSource({
    "viewer,/api/events,SIGNED_OUT",
    "viewer,/api/events,REVOKED",
    "viewer,/api/events,EXPIRED",
    "sdk,/api/sdk/events,SIGNED_OUT",
    "sdk,/api/sdk/events,REVOKED",
    "sdk,/api/sdk/events,EXPIRED",
    "viewer,/dashboard/events?page=routes,SIGNED_OUT",
    "viewer,/dashboard/events?page=routes,REVOKED",
    "viewer,/dashboard/events?page=routes,EXPIRED"
  })
  void tellsNothingMore(String user, String target, Way way) throws IOException {
    try (RunningAdmin admin =
        new RunningAdmin(RunningAdmin.accounts(), MemoryBackend.create(), clock)) {
      admin.register("GET:/payments");
      String token = user.equals("sdk") ? ofService(admin) : admin.token(user);
      try (Socket socket = new Socket("localhost", admin.verticle.actualPort())) {
        socket.setSoTimeout(20_000);
        String head =
            " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Shield-Token: " + token;
        String request = "GET " + target + head + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        assertThat(until(socket.getInputStream(), "event-stream")).contains("HTTP/1.1 200");
        end(admin, token, way);
        RunningAdmin.await(
            admin.engine.maintenance().enableGlobal(Actor.of("alice", "cli"), "secret plan"));
        RunningAdmin.await(
            admin.engine.routes().disable("GET:/payments", Actor.of("al", "cli"), "secret plan"));
        assertThat(until(socket.getInputStream(), "secret plan"))
            .doesNotContain("secret plan", "maintenance");
      }
    }
  }

  /** A stream that ends as it is told that there is nothing for it ends what it was alone in. */
  @Test
  void theLastOfItsKindEndsQuietly() throws IOException {
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    try (RunningAdmin admin =
        new RunningAdmin(RunningAdmin.accounts(), MemoryBackend.create(), clock)) {
      admin.vertx.exceptionHandler(failures::add);
      String token = admin.token("viewer");
      try (Socket socket = new Socket("localhost", admin.verticle.actualPort())) {
        socket.setSoTimeout(120_000);
        String request =
            "GET /api/events HTTP/1.1\r\nHost: localhost\r\nX-Shield-Token: " + token + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        assertThat(until(socket.getInputStream(), "hello")).contains("hello");
        end(admin, token, Way.SIGNED_OUT);
        assertThat(until(socket.getInputStream(), "0\r\n\r\n")).endsWith("0\r\n\r\n");
      }
      for (int i = 0; i < VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE; i++) {
        // What its event loop was doing is done.
        ContextInternal each = ((VertxInternal) admin.vertx).createEventLoopContext();
        RunningAdmin.await(Future.future(done -> each.runOnContext(v -> done.complete())));
      }
    }
    assertThat(failures).isEmpty();
  }

  private static String ofService(RunningAdmin admin) {
    String answer =
        admin.send(admin.token("admin"), "POST", "/api/tokens", "{\"service\":\"pay\"}").body();
    return answer.replaceAll(".*\"token\":\"([^\"]*)\".*", "$1");
  }

  private void end(RunningAdmin admin, String token, Way way) {
    switch (way) {
      case SIGNED_OUT -> admin.send(token, "POST", "/api/auth/logout", null);
      case REVOKED -> {
        String me = admin.send(token, "GET", "/api/auth/me", null).body();
        String id = me.replaceAll(".*\"token_id\":\"([^\"]*)\".*", "$1");
        String target = "/api/tokens/" + id;
        assertThat(admin.send(admin.token("admin"), "DELETE", target, null).statusCode())
            .isEqualTo(200);
      }
      case EXPIRED -> clock.advance(Duration.ofDays(366));
    }
  }

  /** What comes until a text, or the end. */
  private static String until(InputStream in, String text) throws IOException {
    StringBuilder read = new StringBuilder();
    try {
      for (int c = in.read(); c >= 0 && read.indexOf(text) < 0; c = in.read()) {
        read.append((char) c);
      }
    } catch (SocketException cut) {
      // that is an end too
    }
    return read.toString();
  }
}
