package io.shield.admin.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients do not read has one budget. */
class StreamsTest {
  private static final int BUDGET = 2 * 1024 * 1024;
  private static final int SILENT = 12;
  private static final Buffer EVENT = Buffer.buffer("data: " + "x".repeat(64 * 1024) + "\n\n");

  private final Vertx vertx = Vertx.vertx();
  private final Streams streams = new Streams(BUDGET);
  private final List<OpenStream> open = new CopyOnWriteArrayList<>();
  private Context context;
  private HttpServer server;

  @BeforeEach
  void serve() throws Exception {
    context = vertx.getOrCreateContext();
    Router router = Router.router(vertx);
    router.get("/").handler(this::follow);
    // As the server of the API has it: closing waits behind what nobody reads.
    HttpServerOptions options = new HttpServerOptions().setWriteIdleTimeout(5);
    server = get(vertx.createHttpServer(options).requestHandler(router).listen(0, "localhost"));
  }

  @AfterEach
  void stop() {
    // Not waited for: its last step may be told on an event loop that has ended.
    vertx.close();
  }

  private void follow(RoutingContext ctx) {
    context = vertx.getOrCreateContext();
    OpenStream stream = streams.open(ctx, Audience.SERVICES, ctx.request().getParam("token"));
    if (stream == null) {
      ctx.fail(429);
      return;
    }
    open.add(stream);
    stream.write(List.of(Buffer.buffer(": hello\n")));
  }

  private NetSocket connect() throws Exception {
    NetSocket socket = get(vertx.createNetClient().connect(server.actualPort(), "localhost"));
    socket.write("GET /?token=one HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return socket;
  }

  private void tellAll() throws Exception {
    get(
        Future.future(
            told ->
                context.runOnContext(
                    v -> {
                      open.forEach(stream -> stream.write(List.of(EVENT)));
                      told.complete();
                    })));
  }

  @Test
  void theSlowestAreCutAndWhoReadsIsNot() throws Exception {
    AtomicLong read = new AtomicLong();
    connect().handler(bytes -> read.addAndGet(bytes.length()));
    List<NetSocket> silent = new ArrayList<>();
    for (int i = 0; i < SILENT; i++) {
      NetSocket socket = connect();
      socket.pause();
      silent.add(socket);
    }
    await().until(() -> open.size() == 1 + SILENT);
    long events = 0;
    while (streams.cuts() == 0) {
      tellAll();
      events++;
      long all = events * EVENT.length();
      await().until(() -> read.get() >= all);
      assertThat(streams.waitingBytes()).isLessThan(BUDGET + (1L + SILENT) * EVENT.length());
    }
    await().until(() -> streams.size() < 1 + SILENT);
    long all = (events + 1) * EVENT.length();
    tellAll();
    await().until(() -> read.get() >= all);
    silent.forEach(NetSocket::close);
    await().until(() -> streams.size() == 1);
    await().until(() -> streams.waitingBytes() == 0);
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
