package io.shield.impl.webhook;

import io.shield.json.Times;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request to an address that was resolved and checked for it. Redirects are not followed,
 * since they would lead elsewhere, and of an answer only status and {@code Retry-After} are read.
 */
final class Transport {
  /** How long one try may take, resolving and connecting included. */
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final Duration MAX_RETRY_AFTER = Duration.ofHours(1);

  private final ContextInternal context;
  private final Targets targets;
  private @Nullable HttpClient client;

  Transport(ContextInternal context, Targets targets) {
    this.context = context;
    this.targets = targets;
  }

  /**
   * What became of a request.
   *
   * @param status the status of the answer, 0 without one
   * @param retryAfter how long the receiver wants to be left alone, or null
   * @param problem why there is no answer, or null
   */
  record Result(int status, @Nullable Duration retryAfter, @Nullable String problem) {
    boolean isTaken() {
      return status / 100 == 2;
    }
  }

  /** Sends a body; the future never fails. */
  Future<Result> post(String url, Map<String, String> headers, String body, Instant now) {
    URI uri = URI.create(url);
    return context
        .executeBlocking(() -> targets.resolve(uri.getHost().replaceAll("[\\[\\]]", "")), false)
        .compose(address -> send(uri, address, headers, body))
        .map(response -> result(response, now))
        .timeout(TIMEOUT.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
        .otherwise(failure -> new Result(0, null, said(failure)));
  }

  private Future<HttpClientResponse> send(
      URI uri, InetAddress address, Map<String, String> headers, String body) {
    boolean tls = "https".equals(uri.getScheme().toLowerCase(Locale.ROOT));
    int port = uri.getPort() > 0 ? uri.getPort() : tls ? 443 : 80;
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(address, port)))
            .setHost(uri.getHost().replaceAll("[\\[\\]]", ""))
            .setPort(port)
            .setSsl(tls)
            .setURI(uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery())
            .setFollowRedirects(false)
            .setConnectTimeout(TIMEOUT.toMillis())
            .setIdleTimeout(TIMEOUT.toMillis());
    headers.forEach(options::addHeader);
    return client().request(options).compose(request -> answer(request, body));
  }

  /** The connection ends with the answer's head: whatever follows is not read. */
  private static Future<HttpClientResponse> answer(HttpClientRequest request, String body) {
    return request
        .send(Buffer.buffer(body))
        .onSuccess(
            response -> {
              response.handler(ignored -> {});
              request.connection().close();
            })
        .onFailure(failure -> request.reset());
  }

  /** One connection a request: a kept one would lead to an address that was checked long ago. */
  private HttpClient client() {
    HttpClient known = client;
    if (known == null) {
      known =
          context
              .owner()
              .createHttpClient(
                  new HttpClientOptions()
                      .setKeepAlive(false)
                      .setVerifyHost(true)
                      .setDecompressionSupported(false));
      client = known;
    }
    return known;
  }

  private static Result result(HttpClientResponse response, Instant now) {
    int status = response.statusCode();
    String problem = status / 100 == 3 ? "redirects are not followed" : null;
    return new Result(status, retryAfter(response.getHeader("Retry-After"), now), problem);
  }

  /** Seconds or a date (RFC 9110, section 10.2.3), at most an hour. */
  static @Nullable Duration retryAfter(@Nullable String header, Instant now) {
    if (header == null) {
      return null;
    }
    Duration wait;
    try {
      wait =
          header.chars().allMatch(c -> c >= '0' && c <= '9') && header.length() < 10
              ? Duration.ofSeconds(Long.parseLong(header))
              : Duration.between(now, Times.parseDate("Retry-After", header));
    } catch (RuntimeException unreadable) {
      return null;
    }
    return wait.isNegative() ? null : wait.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : wait;
  }

  private static String said(Throwable failure) {
    if (failure instanceof UnknownHostException) {
      String text = String.valueOf(failure.getMessage());
      return text.startsWith("the address") ? text : "the host is not known";
    }
    if (failure instanceof java.util.concurrent.TimeoutException) {
      return "no answer within " + TIMEOUT.toSeconds() + " s";
    }
    String text = String.valueOf(failure.getMessage()).replaceAll("\\p{Cntrl}", " ");
    return text.length() > 150 ? text.substring(0, 150) : text;
  }

  void close() {
    if (client != null) {
      client.close();
    }
  }
}
