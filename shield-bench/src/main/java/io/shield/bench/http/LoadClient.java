package io.shield.bench.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Loads servers on request, on one event loop with connections to each. It obeys two lines:
 *
 * <ul>
 *   <li>{@code fill PORT MILLIS}: a request under way on every connection all the time; says {@code
 *       filled REQUESTS NANOS}
 *   <li>{@code pace PORT PER_SECOND MILLIS}: requests at moments that are fixed beforehand,
 *       whatever became of those before; says {@code paced P50 P99}, nanoseconds from the moment at
 *       which a request was due to the end of its answer
 * </ul>
 */
public final class LoadClient {
  static final int CONNECTIONS = 64;
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final int PATIENCE_SECONDS = 60;

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final HttpClientAgent client = vertx.createHttpClient();
  private final NetClient sockets = vertx.createNetClient();
  private final Map<Integer, List<HttpClientConnection>> connections = new HashMap<>();
  private final Map<Integer, List<KeptAsking>> asking = new HashMap<>();
  private final RequestOptions request =
      new RequestOptions().setMethod(HttpMethod.GET).setURI(LoadedServer.askedFor());

  LoadClient() {}

  /** Loads until its input ends. */
  public static void main(String[] arguments) throws Exception {
    LoadClient client = new LoadClient();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(client.obey(line));
    }
    Runtime.getRuntime().halt(0);
  }

  /**
   * Does what a line says.
   *
   * @throws Exception if a request is not answered with 200
   */
  String obey(String line) throws Exception {
    String[] words = line.split(" ", -1);
    int port = Integer.parseInt(words[1]);
    return words[0].equals("fill")
        ? fill(asking(port), Long.parseLong(words[2]))
        : new Paced(connections(port), Integer.parseInt(words[2]), Long.parseLong(words[3])).run();
  }

  /** Ends its threads. */
  void end() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private List<HttpClientConnection> connections(int port) throws Exception {
    HttpConnectOptions options = new HttpConnectOptions().setHost("localhost").setPort(port);
    return opened(connections, port, () -> client.connect(options));
  }

  private List<KeptAsking> asking(int port) throws Exception {
    String uri = LoadedServer.askedFor();
    return opened(
        asking,
        port,
        () -> sockets.connect(port, "localhost").map(socket -> new KeptAsking(socket, uri)));
  }

  /** All on one event loop. */
  private <T> List<T> opened(Map<Integer, List<T>> known, int port, Supplier<Future<T>> connect)
      throws Exception {
    if (!known.containsKey(port)) {
      List<T> opened = new ArrayList<>();
      CompletableFuture<Void> done = new CompletableFuture<>();
      context.runOnContext(
          v -> {
            Future<Void> all = Future.succeededFuture();
            for (int i = 0; i < CONNECTIONS; i++) {
              all = all.compose(before -> connect.get()).map(opened::add).mapEmpty();
            }
            all.onComplete(result -> complete(done, result.cause()));
          });
      done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      known.put(port, opened);
    }
    return Objects.requireNonNull(known.get(port));
  }

  private static void complete(CompletableFuture<Void> done, @Nullable Throwable failure) {
    if (failure == null) {
      done.complete(null);
    } else {
      done.completeExceptionally(failure);
    }
  }

  /** Asks, and succeeds when the whole answer is there. */
  private Future<Void> ask(HttpClientConnection connection) {
    return connection
        .request(request)
        .compose(HttpClientRequest::send)
        .compose(
            response ->
                response.statusCode() == 200
                    ? response.end()
                    : Future.failedFuture(told(response)));
  }

  private static IOException told(HttpClientResponse response) {
    return new IOException("a request was answered with " + response.statusCode());
  }

  /** A request under way on every connection all the time. */
  private String fill(List<KeptAsking> to, long millis) throws Exception {
    CompletableFuture<Long> answered = new CompletableFuture<>();
    long begin = System.nanoTime();
    long end = begin + TimeUnit.MILLISECONDS.toNanos(millis);
    context.runOnContext(
        v -> {
          List<Future<Long>> each = to.stream().map(one -> one.until(end)).toList();
          Future.all(each)
              .map(all -> each.stream().mapToLong(Future::result).sum())
              .onComplete(answered::complete, answered::completeExceptionally);
        });
    long count = answered.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return "filled " + count + " " + (System.nanoTime() - begin);
  }

  /** Requests at fixed moments. */
  private final class Paced {
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final Histogram histogram = new Histogram(LONGEST_NANOS, 3);
    private final List<HttpClientConnection> to;
    private final long intervalNanos;
    private final int count;
    private int answered;

    Paced(List<HttpClientConnection> to, int perSecond, long millis) {
      this.to = to;
      this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
      this.count = (int) (perSecond * millis / 1000);
    }

    String run() throws Exception {
      long begin = System.nanoTime();
      for (int i = 0; i < count; i++) {
        long due = begin + i * intervalNanos;
        HttpClientConnection connection = to.get(i % to.size());
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        context.runOnContext(v -> send(connection, due));
      }
      over.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return "paced "
          + histogram.getValueAtPercentile(50)
          + " "
          + histogram.getValueAtPercentile(99);
    }

    private void send(HttpClientConnection connection, long due) {
      ask(connection)
          .onComplete(
              result -> {
                // From when it was due: what had to wait for others before it did wait.
                histogram.recordValue(Math.min(LONGEST_NANOS, System.nanoTime() - due));
                answered++;
                if (result.failed()) {
                  over.completeExceptionally(result.cause());
                } else if (answered == count) {
                  over.complete(null);
                }
              });
    }
  }
}
