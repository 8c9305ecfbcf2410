package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.model.MaintenanceMode;
import io.shield.model.audit.Actor;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stream of events byte by byte: what clients read is not what they should. */
class EventWireTest {
  private static final Actor ALICE = Actor.of("alice", "cli");
  private static final String END = "0\r\n\r\n";

  private RunningAdmin admin;

  @BeforeEach
  void start() {
    admin = new RunningAdmin(RunningAdmin.accounts().setSseKeepalive(Duration.ofSeconds(1)));
    admin.register("GET:/payments");
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  /** An open stream of a client that notes the pieces in which it comes. */
  private final class Client implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    Client(String target, String token) throws IOException {
      socket = new Socket("localhost", admin.verticle.actualPort());
      socket.setSoTimeout(20_000);
      in = socket.getInputStream();
      String request =
          "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nX-Shield-Token: " + token + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertThat(line()).isEqualTo("HTTP/1.1 200 OK");
      while (!line().isEmpty()) {
        // The head.
      }
    }

    /** One chunk; null at a clean end. */
    String piece() throws IOException {
      int length = Integer.parseInt(line(), 16);
      String text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
      assertThat(line()).isEmpty();
      return length == 0 ? null : text;
    }

    /** The next one that is no comment. */
    String event() throws IOException {
      String piece = piece();
      while (piece != null && piece.startsWith(":")) {
        piece = piece();
      }
      return piece;
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new SocketException("cut");
        }
        line.append((char) c);
      }
      return line.toString().strip();
    }

    /** All that still comes. */
    String rest() {
      StringBuilder rest = new StringBuilder();
      try {
        for (int c = in.read(); c >= 0; c = in.read()) {
          rest.append((char) c);
        }
      } catch (IOException cut) {
        rest.append("(reset)");
      }
      return rest.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void eachEventComesInOnePieceWithItsIdAndCommentsEndNothing() throws IOException {
    String token = admin.token("viewer");
    try (Client client = new Client("/api/events", token)) {
      assertThat(client.event()).matches("retry: \\d{4}\nid: .+:\\d+\ndata: \\{.+}\n\n");
      assertThat(client.piece()).isEqualTo(": keepalive\n");
      RunningAdmin.await(admin.engine.routes().disable("GET:/payments", ALICE, "broken"));
      assertThat(client.event()).matches("id: .+:\\d+\ndata: \\{.*\"disabled\".*}\n\n");
    }
  }

  /** Some clients read no line of more than 64 KB. */
  @Test
  void whatIsTooLargeIsToBeReadAgain() throws IOException {
    try (Client client = new Client("/api/events", admin.token("viewer"))) {
      client.event();
      List<String> exempt =
          IntStream.range(0, 160).mapToObj(i -> "/" + i + "x".repeat(450)).toList();
      MaintenanceMode mode = new MaintenanceMode(true, "move", exempt, false);
      RunningAdmin.await(admin.engine.maintenance().setGlobal(mode, ALICE));
      String event = client.event();
      assertThat(event).startsWith("id: ").contains("\"type\":\"reload\"");
      assertThat(event.length()).isLessThan(60_000);
    }
  }

  /** Who is signed out need not come again; whose server went away should. */
  @Test
  void aTokensEndClosesCleanlyAndAShutdownCuts() throws IOException {
    String token = admin.token("viewer");
    try (Client signedOut = new Client("/api/events", token);
        Client stays = new Client("/api/events", admin.token("viewer"))) {
      signedOut.event();
      stays.event();
      admin.send(token, "POST", "/api/auth/logout", null);
      assertThat(signedOut.event()).isNull();
      RunningAdmin.await(admin.vertx.undeploy(admin.verticle.deploymentID()));
      assertThat(stays.rest()).doesNotEndWith(END);
    }
  }

  /** The original's SDK takes a clean end for "again at once". */
  @Test
  void theStreamOfAServiceIsNeverEndedCleanly() throws IOException {
    String body = "{\"service\": \"pay\"}";
    String token =
        RunningAdmin.json(admin.send(admin.token("admin"), "POST", "/api/tokens", body))
            .path("token")
            .textValue();
    try (Client client = new Client("/api/sdk/events", token)) {
      client.event();
      admin.send(token, "POST", "/api/auth/logout", null);
      assertThat(client.rest()).doesNotEndWith(END);
    }
  }
}
