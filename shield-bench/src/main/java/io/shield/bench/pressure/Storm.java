package io.shield.bench.pressure;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Somebody who presses on the admin API, a process of its own. Arguments: which storm, the port of
 * the admin API, and how many streams if not 5000. Says {@code begun}, and what there is to tell
 * with the next line of its input.
 */
public final class Storm {
  private static final int STREAMS = 5_000;
  private static final int HALF_OPEN = 200;
  private static final int DASHBOARDS = 50;

  private static final int PER_SECOND = 60;
  private static final int CHANGES_PER_SECOND = 20;
  private static final int DASHBOARD_CHANGES = 100;

  /** A session may have a few more. */
  private static final int STREAMS_OF_SESSION = 20;

  private final AdminClient app;
  private final List<SocketChannel> sockets = new ArrayList<>();
  private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicLong read = new AtomicLong();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicLong slowestMillis = new AtomicLong();

  private Storm(AdminClient app) {
    this.app = app;
  }

  /** Presses until its input ends. */
  public static void main(String[] arguments) throws Exception {
    Storm storm = new Storm(new AdminClient(Integer.parseInt(arguments[1])));
    switch (arguments[0]) {
      case "bad-tokens" -> storm.badTokens();
      case "half-open" -> storm.halfOpen();
      case "logins" -> storm.logins();
      case "dashboards" -> storm.dashboards();
      case "streams" ->
          storm.silentStreams(arguments.length > 2 ? Integer.parseInt(arguments[2]) : STREAMS);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
    System.out.println("begun");
    while (System.in.read() != '\n') {
      // until it is asked
    }
    System.out.println("told " + storm.told());
    while (System.in.read() >= 0) {
      // until whoever started it is gone
    }
    Runtime.getRuntime().halt(0);
  }

  private String told() {
    if (slowestMillis.get() > 0) {
      return "the operator signed in within %d ms, and was refused %d times"
          .formatted(slowestMillis.get(), refused.get());
    }
    return next.get() > 0
        ? "%d changes, %d bytes to open dashboards".formatted(next.get(), read.get())
        : "";
  }

  private void each(int perSecond, Work work) {
    ScheduledFuture<?> unused =
        clock.scheduleAtFixedRate(
            () -> workers.execute(() -> quietly(work)),
            0,
            1_000_000L / perSecond,
            TimeUnit.MICROSECONDS);
  }

  private interface Work {
    void run() throws Exception;
  }

  /** What the storm itself meets is not measured. */
  private static void quietly(Work work) {
    try {
      work.run();
    } catch (Exception shutDownOrRefused) {
      // the next one tries again
    }
  }

  private void send(String request) throws IOException {
    SocketChannel socket = SocketChannel.open(new InetSocketAddress("localhost", app.adminPort()));
    socket.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
    sockets.add(socket);
  }

  /** Streams of one service that nobody reads, while a route of that service changes. */
  private void silentStreams(int count) throws Exception {
    String token = app.token("sdk");
    String operator = app.token("operator");
    for (int i = 0; i < count; i++) {
      send(
          "GET /api/sdk/events HTTP/1.1\r\nHost: localhost\r\nX-Shield-App-Id: "
              + PressedApp.SERVICE
              + "\r\nX-Shield-Token: "
              + token
              + "\r\n\r\n");
    }
    // The last one's: they are served in their order.
    expectAnswer(sockets.get(count - 1));
    each(
        CHANGES_PER_SECOND,
        () -> app.change(operator, PressedApp.OF_SERVICE, next.incrementAndGet() % 2 == 0));
  }

  /** Fails if a request was refused. */
  private static void expectAnswer(SocketChannel socket) throws IOException {
    ByteBuffer begin = ByteBuffer.allocate("HTTP/1.1 200".length());
    while (begin.hasRemaining() && socket.read(begin) >= 0) {
      // until that much has come
    }
    String status = new String(begin.array(), StandardCharsets.US_ASCII);
    if (!status.endsWith(" 200")) {
      throw new IOException("a stream was answered with '" + status + "'");
    }
  }

  /** Browsers that look at the routes, each on a stream of its own, while routes change. */
  private void dashboards() throws Exception {
    String operator = app.token("operator");
    String token = "";
    for (int i = 0; i < DASHBOARDS; i++) {
      if (i % STREAMS_OF_SESSION == 0) {
        token = app.token("viewer");
      }
      SocketChannel socket =
          SocketChannel.open(new InetSocketAddress("localhost", app.adminPort()));
      sockets.add(socket);
      String request =
          "GET /dashboard/"
              + app.stream(token)
              + " HTTP/1.1\r\nHost: localhost\r\nX-Shield-Token: "
              + token
              + "\r\n\r\n";
      socket.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      workers.execute(() -> quietly(() -> readAll(socket)));
    }
    each(
        DASHBOARD_CHANGES,
        () -> app.change(operator, PressedApp.OTHER, next.incrementAndGet() % 2 == 0));
  }

  private void readAll(SocketChannel socket) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    int length = socket.read(buffer);
    while (length >= 0) {
      read.addAndGet(length);
      length = socket.read(buffer.clear());
    }
  }

  /** Strangers from ever new addresses, and an operator who signs in rightly. */
  private void logins() throws Exception {
    app.token("operator");
    each(
        PER_SECOND,
        () -> {
          int n = next.incrementAndGet();
          app.signIn("operator", "wrong", "198.51." + n / 200 % 200 + "." + n % 200);
        });
    ScheduledFuture<?> unused =
        clock.scheduleWithFixedDelay(() -> quietly(this::signIn), 1, 2, TimeUnit.SECONDS);
  }

  private void signIn() throws Exception {
    long start = System.nanoTime();
    if (app.signIn("operator", PressedApp.PASSWORD, "192.0.2.1") != 200) {
      refused.incrementAndGet();
    }
    long took = (System.nanoTime() - start) / 1_000_000;
    slowestMillis.accumulateAndGet(took, Math::max);
  }

  /** Requests whose head or body does not come. */
  private void halfOpen() throws IOException {
    for (int i = 0; i < HALF_OPEN; i++) {
      send("GET /api/routes HTTP/1.1\r\nX: ");
      send("POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{");
    }
  }

  /** Requests with tokens that are none. */
  private void badTokens() throws IOException {
    String request = "GET /api/routes HTTP/1.1\r\nHost: localhost\r\nX-Shield-Token: a.b.c\r\n\r\n";
    for (int i = 0; i < 10; i++) {
      SocketChannel socket =
          SocketChannel.open(new InetSocketAddress("localhost", app.adminPort()));
      sockets.add(socket);
      ByteBuffer answer = ByteBuffer.allocate(64 * 1024);
      ScheduledFuture<?> unused =
          clock.scheduleAtFixedRate(
              () ->
                  quietly(
                      () -> {
                        socket.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
                        socket.read(answer.clear());
                      }),
              0,
              20,
              TimeUnit.MILLISECONDS);
    }
  }
}
