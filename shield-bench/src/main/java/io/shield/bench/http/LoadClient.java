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
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
  private final Map<Integer, List<HttpClientConnection>> connections = new HashMap<>();
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
    List<HttpClientConnection> to = connections(Integer.parseInt(words[1]));
    return words[0].equals("fill")
        ? new Filled(to, Long.parseLong(words[2])).run()
        : new Paced(to, Integer.parseInt(words[2]), Long.parseLong(words[3])).run();
  }

  /** Ends its threads. */
  void end() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** All on one event loop. */
  private List<HttpClientConnection> connections(int port) throws Exception {
    List<HttpClientConnection> known = connections.get(port);
    if (known != null) {
      return known;
    }
    List<HttpClientConnection> opened = new ArrayList<>();
    CompletableFuture<Void> done = new CompletableFuture<>();
    HttpConnectOptions options = new HttpConnectOptions().setHost("localhost").setPort(port);
    context.runOnContext(
        v -> {
          Future<Void> all = Future.succeededFuture();
          for (int i = 0; i < CONNECTIONS; i++) {
            all = all.compose(before -> client.connect(options)).map(opened::add).mapEmpty();
          }
          all.onComplete(result -> complete(done, result.cause()));
        });
    done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    connections.put(port, opened);
    return opened;
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
  private final class Filled {
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final List<HttpClientConnection> to;
    private final long millis;
    private long end;
    private int underWay;
    private long answered;

    Filled(List<HttpClientConnection> to, long millis) {
      this.to = to;
      this.millis = millis;
    }

    String run() throws Exception {
      long begin = System.nanoTime();
      end = begin + TimeUnit.MILLISECONDS.toNanos(millis);
      context.runOnContext(
          v -> {
            to.forEach(this::next);
          });
      over.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return "filled " + answered + " " + (System.nanoTime() - begin);
    }

    private void next(HttpClientConnection connection) {
      underWay++;
      ask(connection)
          .onComplete(
              result -> {
                underWay--;
                answered++;
                if (result.failed()) {
                  over.completeExceptionally(result.cause());
                } else if (System.nanoTime() < end) {
                  next(connection);
                } else if (underWay == 0) {
                  over.complete(null);
                }
              });
    }
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
