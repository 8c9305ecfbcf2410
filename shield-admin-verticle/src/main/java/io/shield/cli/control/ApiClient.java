package io.shield.cli.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.shield.cli.config.Server;
import io.shield.cli.config.Token;
import io.shield.cli.terminal.CommandFailure;
import io.shield.error.InvalidValueException;
import io.shield.json.ShieldJson;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Calls the REST API of one server. Blocking. */
public final class ApiClient {
  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final String AGENT = agent();

  private final Server server;
  private final String url;
  private final @Nullable Token token;
  private final Duration timeout;
  private final boolean wait;
  private final boolean trustsFile;
  private final long deadline;
  private final HttpClient http;
  private final Set<String> warnings = new LinkedHashSet<>();

  /**
   * A client.
   *
   * @param server the server
   * @param token what to sign in with, or null
   * @param timeout how long all calls together may take
   * @param wait whether to go on trying while the server cannot be reached
   * @param trusted whom the server's certificate has to be signed by, or null for whom Java trusts
   */
  public ApiClient(
      Server server,
      @Nullable Token token,
      Duration timeout,
      boolean wait,
      @Nullable SSLContext trusted) {
    this.server = server;
    this.url = server.url();
    this.token = token;
    this.timeout = timeout;
    this.wait = wait;
    this.trustsFile = trusted != null;
    deadline = System.nanoTime() + timeout.toNanos();
    HttpClient.Builder client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER);
    if (trusted != null) {
      client.sslContext(trusted);
    }
    http = client.build();
  }

  /**
   * A successful answer.
   *
   * @param body its JSON, missing if it has none
   * @param etag the version it shows, or null
   */
  public record Answer(JsonNode body, @Nullable String etag) {}

  /** The server's address. */
  public String url() {
    return url;
  }

  /** What the server told beside its answers so far. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** Reads. */
  public Answer get(String path) {
    return send("GET", path, null, Map.of());
  }

  /** Changes something. */
  public Answer post(String path, @Nullable JsonNode body) {
    return send("POST", path, body, Map.of());
  }

  /** Removes something. */
  public Answer delete(String path) {
    return send("DELETE", path, null, Map.of());
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @throws CommandFailure if there is no answer, or one that is no success
   */
  public Answer send(
      String method, String path, @Nullable JsonNode body, Map<String, String> headers) {
    HttpRequest.Builder request = request(path).timeout(left());
    headers.forEach(request::header);
    if (body == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request.header("Content-Type", "application/json");
      request.method(method, BodyPublishers.ofString(ShieldJson.text(body)));
    }
    HttpResponse<String> response = exchange(request.build(), BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw ApiErrors.of(
          method + " " + url + path, response.statusCode(), response.body(), server, token);
    }
    JsonNode answer = json(response.body());
    answer.path("warnings").forEach(warning -> warnings.add(warning.asText()));
    warnings.addAll(response.headers().allValues("X-Shield-Warning"));
    return new Answer(answer, response.headers().firstValue("ETag").orElse(null));
  }

  /**
   * Opens a stream of server-sent events.
   *
   * @param lastEventId where to go on, or null
   * @return its lines; ends when the server ends it
   */
  public Stream<String> events(String path, @Nullable String lastEventId) {
    HttpRequest.Builder request = request(path).timeout(left());
    request.setHeader("Accept", "text/event-stream");
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    HttpResponse<Stream<String>> response = exchange(request.build(), BodyHandlers.ofLines());
    if (response.statusCode() != 200) {
      throw ApiErrors.of("GET " + url + path, response.statusCode(), "", server, token);
    }
    return response.body();
  }

  /** By what servers and proxies tell the command from others. */
  private static String agent() {
    String version = ApiClient.class.getPackage().getImplementationVersion();
    return "shield-cli" + (version == null ? "" : "/" + version);
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Accept", "application/json")
            .header("User-Agent", AGENT);
    if (token != null) {
      // A server of waygate, the renamed api-shield, knows the other name only.
      request.header("X-Shield-Token", token.text()).header("X-Waygate-Token", token.text());
    }
    return request;
  }

  /** Tries again only where the request cannot have arrived. */
  private <T> HttpResponse<T> exchange(HttpRequest request, BodyHandler<T> handler) {
    while (true) {
      try {
        return answer(request, handler);
      } catch (ConnectException | HttpConnectTimeoutException e) {
        if (!wait || left().compareTo(PAUSE) <= 0) {
          throw CommandFailure.unreachable(
              "no server answers at " + url, "is it running? " + server.origin());
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      } catch (HttpTimeoutException e) {
        throw CommandFailure.unreachable(
            url + " did not answer within " + timeout.toMillis() + " ms",
            request.method().equals("GET") || request.uri().getPath().endsWith("/api/auth/login")
                ? "allow more with --timeout"
                : "look with 'shield log' whether the change was made before you repeat it");
      } catch (SSLException e) {
        throw untrusted(e);
      } catch (IOException e) {
        throw CommandFailure.unreachable(
            "the connection to " + url + " broke: " + CommandFailure.messageOf(e),
            (url.startsWith("https:")
                    ? "is it a Shield server?"
                    : "is it a Shield server? If it speaks TLS its address begins with https://")
                + " "
                + server.origin());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw CommandFailure.failed("interrupted", "");
      }
    }
  }

  private CommandFailure untrusted(SSLException e) {
    String message = CommandFailure.messageOf(e);
    if (message.contains("SSL message")) {
      return CommandFailure.unreachable(
          "what listens at " + url + " does not speak TLS",
          "does its address begin with http://? " + server.origin());
    }
    String hint;
    if (message.contains(" name matching ") || message.contains("subject alternative ")) {
      hint = "the certificate is for other names; " + server.origin();
    } else if (trustsFile) {
      hint =
          "no certificate of the file that --ca-file, the context or SHIELD_CA_FILE names signed"
              + " the server's";
    } else {
      hint =
          "if a certificate authority of your own signed the server's certificate, name its file"
              + " with --ca-file or SHIELD_CA_FILE";
    }
    return CommandFailure.unreachable("no trusted connection to " + url + ": " + message, hint);
  }

  /** With its body, which the request's own timeout does not cover. */
  private <T> HttpResponse<T> answer(HttpRequest request, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<T>> response = http.sendAsync(request, handler);
    try {
      return response.get(left().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      response.cancel(true);
      throw new HttpTimeoutException("no whole answer");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    }
  }

  private Duration left() {
    long nanos = Math.max(deadline - System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(1));
    return Duration.ofNanos(nanos);
  }

  private JsonNode json(String body) {
    if (body.isEmpty()) {
      return MissingNode.getInstance();
    }
    try {
      return ShieldJson.parse("answer", body);
    } catch (InvalidValueException e) {
      throw CommandFailure.failed(
          url + " does not answer in JSON",
          server.prefixHint().isEmpty()
              ? "is it a Shield server? " + server.origin()
              : server.prefixHint() + "; " + server.origin());
    }
  }
}
