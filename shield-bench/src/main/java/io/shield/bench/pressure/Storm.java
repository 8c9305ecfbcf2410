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

/** Somebody who presses on the admin API until it is closed. */
final class Storm implements AutoCloseable {
  private static final int PER_SECOND = 60;
  private static final int CHANGES_PER_SECOND = 20;
  private static final int DASHBOARD_CHANGES = 100;

  /** A session may have a few more. */
  private static final int STREAMS_OF_SESSION = 20;

  private final AppProcess app;
  private final List<SocketChannel> sockets = new ArrayList<>();
  private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicLong read = new AtomicLong();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicLong slowestMillis = new AtomicLong();

  Storm(AppProcess app) {
    this.app = app;
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

  /** Streams of one service that nobody reads, while routes change. */
  Storm silentStreams(int count) throws Exception {
    String token = app.token("sdk");
    String operator = app.token("operator");
    for (int i = 0; i < count; i++) {
      send(
          "GET /api/sdk/events HTTP/1.1\r\nHost: localhost\r\nX-Shield-App-Id: pay\r\n"
              + "X-Shield-Token: "
              + token
              + "\r\n\r\n");
    }
    each(CHANGES_PER_SECOND, () -> app.change(operator, next.incrementAndGet() % 2 == 0));
    return this;
  }

  /** Browsers that look at the routes, each on a stream of its own, while routes change. */
  Storm dashboards(int count) throws Exception {
    String operator = app.token("operator");
    String token = "";
    for (int i = 0; i < count; i++) {
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
    each(DASHBOARD_CHANGES, () -> app.change(operator, next.incrementAndGet() % 2 == 0));
    return this;
  }

  private void readAll(SocketChannel socket) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    int length = socket.read(buffer);
    while (length >= 0) {
      read.addAndGet(length);
      length = socket.read(buffer.clear());
    }
  }

  /** How many bytes the streams were sent. */
  long read() {
    return read.get();
  }

  /** How many changes were begun. */
  int changes() {
    return next.get();
  }

  /** Strangers from ever new addresses, and an operator who signs in rightly. */
  Storm logins() throws Exception {
    app.token("operator");
    each(
        PER_SECOND,
        () -> {
          int n = next.incrementAndGet();
          app.signIn("operator", "wrong", "198.51." + n / 200 % 200 + "." + n % 200);
        });
    ScheduledFuture<?> unused =
        clock.scheduleWithFixedDelay(() -> quietly(this::signIn), 1, 2, TimeUnit.SECONDS);
    return this;
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
  Storm halfOpen(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      send("GET /api/routes HTTP/1.1\r\nX: ");
      send("POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{");
    }
    return this;
  }

  /** Requests with tokens that are none. */
  Storm badTokens() throws IOException {
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
    return this;
  }

  /** How often the operator was refused. */
  int refused() {
    return refused.get();
  }

  long slowestSignInMillis() {
    return slowestMillis.get();
  }

  @Override
  public void close() throws IOException {
    clock.shutdownNow();
    workers.shutdownNow();
    for (SocketChannel socket : sockets) {
      socket.close();
    }
  }
}
