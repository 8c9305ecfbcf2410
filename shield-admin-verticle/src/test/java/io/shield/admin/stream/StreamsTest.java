package io.shield.admin.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetClient;
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

  /** One that is forgotten is closed, and what it connected. */
  private final NetClient client = vertx.createNetClient();

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
    Audience audience = Audience.valueOf(ctx.request().getParam("audience"));
    Follower follower = new Follower(ctx.request().getParam("token"), "alice");
    OpenStream stream = streams.open(ctx, audience, follower);
    if (stream == null) {
      ctx.fail(429);
      return;
    }
    open.add(stream);
    stream.write(List.of(Buffer.buffer(": hello\n")));
  }

  private NetSocket connect() throws Exception {
    NetSocket socket = get(client.connect(server.actualPort(), "localhost"));
    ask(socket, Audience.SERVICES, "one");
    return socket;
  }

  private static void ask(NetSocket socket, Audience audience, String token) {
    socket.write(
        "GET /?audience=" + audience + "&token=" + token + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }

  /** Whether a further one is let in. */
  private boolean another(Audience audience, String token) throws Exception {
    Promise<Boolean> admitted = Promise.promise();
    NetSocket socket = get(client.connect(server.actualPort(), "localhost"));
    socket.handler(head -> admitted.tryComplete(head.toString().contains(" 200 ")));
    ask(socket, audience, token);
    return get(admitted.future());
  }

  @Test
  void whoSignsInAgainAndAgainLeavesRoomForOthers() throws Exception {
    int streams = 0;
    for (int token = 0; another(Audience.PEOPLE, "token" + token); token++) {
      streams++;
      while (another(Audience.PEOPLE, "token" + token)) {
        streams++;
      }
    }
    assertThat(streams).isEqualTo(100);
    assertThat(another(Audience.SERVICES, "service's")).as("another kind").isTrue();
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
    await().untilAsserted(() -> assertThat(open).hasSize(1 + SILENT));
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
    return future.toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);
  }
}
