package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.DeclaredState;
import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.json.ShieldJson;
import io.shield.memory.MemoryBackend;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** An engine with its admin verticle on a free port, and a client for it. */
public final class RunningAdmin implements AutoCloseable {
  public static final String KEY = "0123456789abcdef0123456789abcdef";
  public static final String PASSWORD = "correct horse";

  /** A hash of {@link #PASSWORD}, made once: making one takes a while. */
  static final String HASH = Account.hash(PASSWORD);

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofMinutes(1)).build();

  public final Vertx vertx = Vertx.vertx();
  public final ShieldEngine engine;
  public final ShieldBackend backend;
  final AdminVerticle verticle;

  public RunningAdmin(AdminOptions options) {
    this(options, MemoryBackend.create(), InstantSource.system());
  }

  public RunningAdmin(AdminOptions options, ShieldBackend backend, InstantSource clock) {
    this(options, new ShieldOptions().setBackend(backend).setClock(clock));
  }

  /** With an engine of these options, under a name of its own. */
  public RunningAdmin(AdminOptions options, ShieldOptions engineOptions) {
    backend = engineOptions.getBackendInstance();
    engine =
        ShieldEngine.create(
            vertx, new ShieldOptions(engineOptions).setName("admin-" + UUID.randomUUID()));
    verticle = new AdminVerticle(engine, new AdminOptions(options).setPort(0));
    await(engine.start().compose(v -> vertx.deployVerticle(verticle)));
  }

  /** Accounts {@code viewer}, {@code operator}, {@code admin} and {@code sdk} of these roles. */
  public static AdminOptions accounts() {
    AdminOptions options = new AdminOptions().setSecretKey(KEY);
    for (Role role : Role.values()) {
      options.addAccount(new Account(role.wireName(), HASH, role));
    }
    return options;
  }

  public static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(String.valueOf(e.getMessage()), e);
    }
  }

  public void register(String... keys) {
    await(engine.register(List.of(keys).stream().map(RouteState::active).toList()));
  }

  /** Makes routes that no code of this process declares: once forgotten, they are gone. */
  public void make(String... keys) {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("shield", 1);
    ObjectNode routes = document.putObject("routes");
    List.of(keys).forEach(key -> routes.putObject(key).put("status", "active"));
    Actor alice = Actor.of("alice", "cli");
    await(engine.declared().apply(document, DeclaredState.Options.DEFAULT, alice));
  }

  public String url(String target) {
    return "http://localhost:" + verticle.actualPort() + target;
  }

  HttpRequest.Builder request(String method, String target, String body) {
    return HttpRequest.newBuilder(URI.create(url(target)))
        .timeout(Duration.ofMinutes(1))
        .method(
            method,
            body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body));
  }

  static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError("no answer", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends a request with a token, or without when it is null. */
  HttpResponse<String> send(String token, String method, String target, String body) {
    HttpRequest.Builder request = request(method, target, body);
    return send(token == null ? request : request.header("X-Shield-Token", token));
  }

  /** The status of the answer; its body may have no end. */
  int status(String token, String method, String target) {
    HttpRequest.Builder request = request(method, target, null);
    HttpRequest sent =
        token == null ? request.build() : request.header("X-Shield-Token", token).build();
    try {
      HttpResponse<InputStream> answer = CLIENT.send(sent, BodyHandlers.ofInputStream());
      answer.body().close();
      return answer.statusCode();
    } catch (IOException e) {
      throw new AssertionError("no answer", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<String> login(String username, String password) {
    return send(null, "POST", "/api/auth/login", credentials(username, password));
  }

  static String credentials(String username, String password) {
    return "{\"username\": \"" + username + "\", \"password\": \"" + password + "\"}";
  }

  /** The token of the account of that name. */
  public String token(String username) {
    HttpResponse<String> answer = login(username, PASSWORD);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json(answer).get("token").textValue();
  }

  /** Ends a token. */
  public void signOut(String token) {
    assertThat(send(token, "POST", "/api/auth/logout", null).statusCode()).isEqualTo(200);
  }

  static JsonNode json(HttpResponse<String> answer) {
    return ShieldJson.parse("answer", answer.body());
  }

  static String encoded(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    await(engine.close());
    await(vertx.close());
  }
}
