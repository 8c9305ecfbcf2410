package io.shield.backend.server.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.backend.server.ServerBackendOptions;
import io.shield.error.ShieldException;
import io.shield.json.ShieldJson;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks HTTP with the servers of one control plane: with the next one when one cannot be reached,
 * with a token where one is needed, and not at all for a while after a server refused or asked for
 * a pause. Confined to one context.
 */
final class ServerLink {
  private static final Logger LOG = LoggerFactory.getLogger(ServerLink.class);
  private static final String AGENT = agent();
  private static final int CONNECT_MILLIS = 3_000;
  private static final int ANSWER_MILLIS = 10_000;
  private static final long REFUSED_MILLIS = 30_000;
  private static final long MAX_PAUSE_MILLIS = 60_000;

  /** A stream holds one all the time; registering, loading and changes at once need the others. */
  private static final int CONNECTIONS = 8;

  private final ServerBackendOptions options;
  private final HttpClient http;
  private int server;
  private @Nullable Future<@Nullable String> token;

  /** Why nothing is sent at present, and until when. */
  private @Nullable String pause;

  private long pauseEndsNanos;
  private @Nullable String lastProblem;

  /** Whether a server refuses this client, and not just something it asked for. */
  private volatile boolean refused;

  ServerLink(Vertx vertx, ServerBackendOptions options) {
    this.options = options;
    HttpClientOptions client =
        new HttpClientOptions()
            .setConnectTimeout(CONNECT_MILLIS)
            .setTcpKeepAlive(true)
            .setDecompressionSupported(true);
    String trusted = options.getCaFile();
    if (trusted != null) {
      client.setTrustOptions(new PemTrustOptions().addCertPath(trusted));
    }
    this.http =
        vertx
            .httpClientBuilder()
            .with(client)
            .with(new io.vertx.core.http.PoolOptions().setHttp1MaxSize(CONNECTIONS))
            .build();
  }

  /** What servers show of this client. */
  private static String agent() {
    String version = ServerLink.class.getPackage().getImplementationVersion();
    return "shield-sdk-java" + (version == null ? "" : "/" + version);
  }

  /** The server that is asked now. */
  String url() {
    return options.getUrls().get(server);
  }

  /** Tries the next server from now on, if there are several. */
  void tryNext() {
    server = (server + 1) % options.getUrls().size();
  }

  /** Sends a request and reads the answer, whatever its status, except one that asks to wait. */
  Future<Reply> send(HttpMethod method, String path, @Nullable JsonNode body) {
    return authorized(method, () -> exchange(method, path, body));
  }

  /** Opens something that has no end; the response is paused. */
  Future<HttpClientResponse> open(String path, Map<String, String> headers) {
    return token()
        .compose(known -> request(HttpMethod.GET, path, known))
        .compose(
            request -> {
              headers.forEach(request::putHeader);
              return answered(request.send().map(HttpClientResponse::pause));
            })
        .recover(this::unreachable);
  }

  /** A token that ended is replaced once. */
  private Future<Reply> authorized(HttpMethod method, Supplier<Future<Reply>> attempt) {
    return attempt
        .get()
        .compose(
            reply -> {
              if (reply.status() == 401 && options.getUsername() != null) {
                token = null;
                return attempt.get();
              }
              return Future.succeededFuture(reply);
            })
        .map(reply -> heeded(reply, method.equals(HttpMethod.GET)));
  }

  private Future<Reply> exchange(HttpMethod method, String path, @Nullable JsonNode body) {
    return token().compose(known -> exchange(method, path, body, known));
  }

  private Future<Reply> exchange(
      HttpMethod method, String path, @Nullable JsonNode body, @Nullable String known) {
    String problem = pausing();
    if (problem != null) {
      return Future.failedFuture(new StoreUnreachableException(problem, null, true));
    }
    return request(method, path, known)
        .recover(failure -> unsent(failure))
        .compose(
            request -> {
              Future<HttpClientResponse> response;
              if (body == null) {
                response = request.send();
              } else {
                request.putHeader("Content-Type", "application/json");
                response = request.send(Buffer.buffer(ShieldJson.text(body)));
              }
              return answered(
                  response.compose(
                      answer ->
                          answer
                              .body()
                              .map(
                                  content -> {
                                    noteRetryAfter(answer);
                                    return new Reply(answer.statusCode(), content);
                                  })));
            })
        .recover(this::unreachable);
  }

  private static <T> Future<T> answered(Future<T> answer) {
    return answer.timeout(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
  }

  private Future<HttpClientRequest> request(
      HttpMethod method, String path, @Nullable String known) {
    RequestOptions request =
        new RequestOptions()
            .setMethod(method)
            .setAbsoluteURI(url() + path)
            .setConnectTimeout(CONNECT_MILLIS);
    request.putHeader("Accept-Version", "1").putHeader("User-Agent", AGENT);
    String service = options.getService();
    if (service != null) {
      request.putHeader("X-Shield-App-Id", service).putHeader("X-Waygate-App-Id", service);
    }
    request.putHeader("X-Shield-Instance", options.getInstance());
    if (known != null) {
      request.putHeader("X-Shield-Token", known).putHeader("X-Waygate-Token", known);
    }
    return http.request(request);
  }

  private <T> Future<T> unsent(Throwable failure) {
    tryNext();
    return Future.failedFuture(
        new StoreUnreachableException(
            "cannot connect to " + url() + ": " + failure.getMessage(), failure, true));
  }

  private <T> Future<T> unreachable(Throwable failure) {
    if (failure instanceof ShieldException) {
      return Future.failedFuture(failure);
    }
    String asked = url();
    tryNext();
    return Future.failedFuture(
        new StoreUnreachableException(asked + " did not answer: " + failure.getMessage(), failure));
  }

  /** The token to send; null if none is needed. One sign-in at a time. */
  private Future<@Nullable String> token() {
    if (options.getUsername() == null) {
      return Future.succeededFuture(options.getToken());
    }
    Future<@Nullable String> known = token;
    if (known == null || known.failed()) {
      known = signIn();
      token = known;
    }
    return known;
  }

  private Future<@Nullable String> signIn() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("username", options.getUsername());
    body.put("password", options.getPassword());
    body.put("platform", "sdk");
    return exchange(HttpMethod.POST, "/api/auth/login", body, null)
        .map(
            reply -> {
              if (reply.status() == 200) {
                return reply.json().path("token").textValue();
              }
              if ("NO_CREDENTIALS".equals(reply.code())) {
                return null;
              }
              heeded(reply, true);
              throw new StoreUnreachableException(reply.message(), null, true);
            });
  }

  /**
   * Says once what a server refuses, and lets it alone for a while.
   *
   * @param whole whether a 403 is about this client, as it is where it only reads
   */
  private Reply heeded(Reply reply, boolean whole) {
    switch (reply.status()) {
      case 401 -> refused("the server does not accept the sign-in: " + reply.message());
      case 403 -> {
        String problem = "the server refuses it: " + reply.message();
        if (whole) {
          refused(problem);
        } else {
          note(problem);
        }
      }
      default -> {
        if (reply.status() < 400) {
          welcome();
        }
      }
    }
    return reply;
  }

  /** The server serves this client. */
  void welcome() {
    lastProblem = null;
    refused = false;
  }

  /** Whether a server refuses this client. May be called from any thread. */
  boolean isRefused() {
    return refused;
  }

  /** Notes that the server refused this client; nothing more is sent for a while. */
  void refused(String problem) {
    refused = true;
    note(problem);
    pauseFor(problem, REFUSED_MILLIS);
  }

  private void note(String problem) {
    if (!problem.equals(lastProblem)) {
      LOG.error("{}: {}", url(), problem);
    }
    lastProblem = problem;
  }

  /** Waits as long as the server wants it, but no longer than a minute. */
  void noteRetryAfter(HttpClientResponse response) {
    int status = response.statusCode();
    String after = response.getHeader("Retry-After");
    if ((status != 429 && status != 503) || after == null) {
      return;
    }
    try {
      long millis = Math.max(1, Long.parseLong(after.strip())) * 1000;
      pauseFor(
          "the server asked to wait (status " + status + ")", Math.min(millis, MAX_PAUSE_MILLIS));
    } catch (NumberFormatException notSeconds) {
      LOG.debug("Retry-After is no number of seconds: {}", after);
    }
  }

  private void pauseFor(String problem, long millis) {
    pause = problem;
    pauseEndsNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** Why nothing is sent at present; null if nothing stands against it. */
  @Nullable String pausing() {
    if (pause != null && System.nanoTime() - pauseEndsNanos >= 0) {
      pause = null;
    }
    return pause;
  }

  /** How long nothing is sent, 0 if nothing stands against it. */
  long pauseMillis() {
    return pausing() == null
        ? 0
        : 1 + TimeUnit.NANOSECONDS.toMillis(pauseEndsNanos - System.nanoTime());
  }

  /** Forgets the token, so that the next request signs in again. */
  void forgetToken() {
    token = null;
  }

  boolean signsIn() {
    return options.getUsername() != null;
  }

  Future<Void> close() {
    return http.close();
  }
}
