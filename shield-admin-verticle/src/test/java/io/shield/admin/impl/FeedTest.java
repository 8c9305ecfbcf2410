package io.shield.admin.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.ShieldChange;
import io.shield.admin.stream.Audience;
import io.shield.admin.stream.OpenStream;
import io.shield.admin.stream.Streams;
import io.shield.admin.stream.Turns;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Changes come faster than streams can be told of them. */
class FeedTest {
  private static final int CHANGES = 9_000;

  private final Vertx vertx = Vertx.vertx();

  /** One that is forgotten is closed, and what it connected. */
  private final NetClient client = vertx.createNetClient();

  private final Buffer read = Buffer.buffer();
  private final AtomicInteger ended = new AtomicInteger();

  /** What is done on the context of the stream. */
  private record Open(ContextInternal context, Feed feed) {}

  @AfterEach
  void stop() {
    // Not waited for: its last step may be told on an event loop that has ended.
    vertx.close();
  }

  private static Head head(int revision) {
    return new Head("e", revision, "c" + revision);
  }

  /** Words in place of events. */
  private record Words(boolean cuts) implements EventFormat {
    @Override
    public List<Buffer> events(Head from, Applied applied, Instant now) {
      return List.of(Buffer.buffer("told" + applied.change().after().head().revision() + "\n"));
    }

    @Override
    public List<Buffer> passed(Head from, Head to) {
      return List.of();
    }

    @Override
    public List<Buffer> outrun(Head head) {
      return cuts ? List.of() : List.of(Buffer.buffer("reload" + head.revision() + "\n"));
    }

    @Override
    public Buffer hello(Head head, boolean resumed) {
      return Buffer.buffer("hello\n");
    }

    @Override
    public Buffer keepalive(Head head) {
      return Buffer.buffer("alive\n");
    }
  }

  private Open open(boolean cuts) throws Exception {
    Promise<Open> opened = Promise.promise();
    Router router = Router.router(vertx);
    router.get("/").handler(ctx -> opened.complete(open(ctx, cuts)));
    HttpServer server = get(vertx.createHttpServer().requestHandler(router).listen(0, "localhost"));
    NetSocket socket = get(client.connect(server.actualPort(), "localhost"));
    socket.handler(this::read);
    socket.closeHandler(v -> ended.incrementAndGet());
    socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return get(opened.future());
  }

  private Open open(RoutingContext ctx, boolean cuts) {
    ContextInternal context = ((VertxInternal) vertx).getOrCreateContext().unwrap();
    OpenStream out = new Streams().open(ctx, Audience.SERVICES, null);
    StreamClient.Kind kind = cuts ? StreamClient.Kind.ORIGINAL : StreamClient.Kind.ENGINE;
    StreamClient told =
        new StreamClient(
            kind, "billing", null, null, null, Instant.EPOCH, Principal.ANYBODY, head(0));
    Feed feed =
        new Feed(new Words(cuts), head(0), stream -> true, Turns.of(context), new Backlog());
    feed.add(new EventStream(out, told));
    return new Open(context, feed);
  }

  private synchronized void read(Buffer bytes) {
    read.appendBuffer(bytes);
  }

  private synchronized List<String> words() {
    return read.toString().lines().filter(FeedTest::isWord).toList();
  }

  private static boolean isWord(String line) {
    return line.startsWith("told") || line.startsWith("reload");
  }

  private static void tell(Feed feed, int revision) {
    ShieldChange change =
        new ShieldChange(
            Snapshot.empty(head(revision - 1)),
            Snapshot.empty(head(revision)),
            Set.of(),
            Set.of(),
            List.of());
    feed.tell(new Applied(change, null), Instant.EPOCH);
  }

  /** All changes in one turn of the loop, which leaves no stream its own. */
  private static void tellMany(Open open) throws Exception {
    Promise<Void> done = Promise.promise();
    open.context.runOnContext(
        v -> {
          Turns.of(open.context).forEach(List.of(1, 2), item -> outlastTurn(), () -> {});
          for (int revision = 1; revision <= CHANGES; revision++) {
            tell(open.feed, revision);
          }
          open.feed.keepAlive(head(CHANGES));
          done.complete();
        });
    get(done.future());
  }

  private static void outlastTurn() {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1);
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whatWaitsIsBoundedAndStreamsAreToldToReadAnew() throws Exception {
    Open open = open(false);
    tellMany(open);
    await().until(() -> words().contains("reload" + CHANGES));
    List<String> words = words();
    int told = words.size() - 1;
    assertThat(told).isBetween(1, CHANGES - 1);
    for (int i = 0; i < told; i++) {
      assertThat(words.get(i)).isEqualTo("told" + (i + 1));
    }
    open.context.runOnContext(v -> tell(open.feed, CHANGES + 1));
    await().until(() -> words().contains("told" + (CHANGES + 1)));
    assertThat(words()).hasSize(told + 2);
  }

  @Test
  void whoReadsAnewOnlyWhenCutIsCut() throws Exception {
    tellMany(open(true));
    await().until(() -> ended.get() == 1);
    assertThat(words()).doesNotContain("told" + CHANGES);
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
