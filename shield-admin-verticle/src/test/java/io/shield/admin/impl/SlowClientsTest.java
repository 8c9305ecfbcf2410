package io.shield.admin.impl;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.admin.AdminOptions;
import io.shield.admin.RunningAdmin;
import io.shield.model.audit.Actor;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A client that makes the server wait loses its connection; one that reads a stream does not. */
class SlowClientsTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofMinutes(5);

  private static RunningAdmin admin;
  private static AdminServer server;
  private static AdminServer patient;

  @BeforeAll
  static void start() {
    AdminOptions options = RunningAdmin.accounts().setPort(0);
    admin = new RunningAdmin(options);
    server = listening(options, new TimeLimits(SHORT, SHORT, SHORT));
    patient = listening(options, new TimeLimits(LONG, LONG, LONG));
  }

  private static AdminServer listening(AdminOptions options, TimeLimits limits) {
    AdminApi api = AdminApi.create(admin.engine, options);
    AdminServer started = new AdminServer(admin.vertx, api, limits);
    RunningAdmin.await(started.listen());
    return started;
  }

  @AfterAll
  static void stop() {
    RunningAdmin.await(server.close());
    RunningAdmin.await(patient.close());
    admin.close();
  }

  private static Socket connect(AdminServer to) throws IOException {
    Socket socket = new Socket("localhost", to.actualPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** What comes until the server closes the connection. */
  private static String rest(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void whoSaysNothing() throws IOException {
    try (Socket socket = connect(server)) {
      assertThat(rest(socket)).isEmpty();
    }
  }

  /** However often a byte comes. */
  @Test
  void whoDribblesTheHead() throws IOException {
    try (Socket socket = connect(server)) {
      write(socket, "GET /health/live HTTP/1.1\r\nX: ");
      Thread writer = new Thread(() -> dribble(socket));
      writer.start();
      try {
        assertThat(rest(socket)).isEmpty();
      } catch (SocketException reset) {
        // closed while a byte was on its way
      }
    }
  }

  private static void dribble(Socket socket) {
    try {
      while (true) {
        write(socket, "x");
        // Not so many that the head is too large.
        LockSupport.parkNanos(1_000_000);
      }
    } catch (IOException closed) {
      // that is what is waited for
    }
  }

  @Test
  void whoDoesNotSendTheBody() throws IOException {
    try (Socket socket = connect(server)) {
      write(socket, "POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{");
      assertThat(rest(socket)).startsWith("HTTP/1.1 408 ").contains("\"code\":\"TIMEOUT\"");
    }
  }

  @Test
  void whoAsksNothingMore() throws IOException {
    try (Socket socket = connect(server)) {
      write(socket, "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(rest(socket)).startsWith("HTTP/1.1 200 ").endsWith("{\"status\":\"up\"}");
    }
  }

  @Test
  void aStreamStays() throws IOException {
    String token = admin.token("viewer");
    try (Socket stream = connect(server);
        Socket silent = connect(server)) {
      write(
          stream,
          "GET /api/events HTTP/1.1\r\nHost: localhost\r\nX-Shield-Token: " + token + "\r\n\r\n");
      readUntil(stream, "hello");
      assertThat(rest(silent)).as("the time is over").isEmpty();
      RunningAdmin.await(
          admin.engine.maintenance().enableGlobal(Actor.of("alice", "cli"), "migration"));
      readUntil(stream, "migration");
    }
  }

  private static void readUntil(Socket socket, String text) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder read = new StringBuilder();
    while (read.indexOf(text) < 0) {
      int c = in.read();
      assertThat(c).as("%s", read).isNotNegative();
      read.append((char) c);
    }
  }

  /** Of everybody else a body is not waited for. */
  @Test
  void aBodyIsReadOnceItsSenderWasJudged() throws IOException {
    for (String target : new String[] {"/api/global/enable", "/dashboard/act"}) {
      try (Socket socket = connect(patient)) {
        write(
            socket,
            "POST "
                + target
                + " HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nOrigin: http://a\r\n\r\n{");
        readUntil(socket, "HTTP/1.1 401 ");
      }
    }
  }
}
