package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldEngine;
import io.shield.decision.TrustedProxies;
import io.shield.internal.EngineInternals;
import io.vertx.core.http.HttpServer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Behind a proxy the throttle counts for the client's address, not for the proxy's. */
class ProxiedSignInTest {
  private static final HttpClient STRANGERS = HttpClient.newHttpClient();

  @Test
  void oneClientDoesNotLockOutAnother() {
    try (RunningAdmin admin = new RunningAdmin(RunningAdmin.accounts())) {
      HttpServer trusting = serve(admin, "127.0.0.1,::1");
      for (int i = 0; i < 5; i++) {
        assertThat(login(trusting, "198.51.100.7", "wrong")).isEqualTo(401);
      }
      assertThat(login(trusting, "198.51.100.7", RunningAdmin.PASSWORD)).isEqualTo(429);
      assertThat(login(trusting, "203.0.113.1", RunningAdmin.PASSWORD)).isEqualTo(200);
    }
  }

  /** Neither the account's failures nor the full queue are those of who signed in lately. */
  @Test
  void strangersDoNotLockOutWhoSignedInLately() {
    try (RunningAdmin admin = new RunningAdmin(RunningAdmin.accounts())) {
      HttpServer trusting = serve(admin, "127.0.0.1,::1");
      assertThat(login(trusting, "203.0.113.1", RunningAdmin.PASSWORD)).isEqualTo(200);
      flood(trusting);
      assertThat(login(trusting, "203.0.113.1", RunningAdmin.PASSWORD)).isEqualTo(200);
    }
  }

  /** Sends 200 wrong passwords at once and does not wait for more than 50 answers. */
  private static void flood(HttpServer server) {
    List<CompletableFuture<HttpResponse<Void>>> answers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      HttpRequest stranger = request(server, "198.51.100." + i, "wrong").build();
      answers.add(STRANGERS.sendAsync(stranger, BodyHandlers.discarding()));
    }
    Awaitility.await()
        .until(() -> answers.stream().filter(CompletableFuture::isDone).count() >= 50);
  }

  @Test
  void whoIsNoProxyIsNotBelieved() {
    try (RunningAdmin admin = new RunningAdmin(RunningAdmin.accounts())) {
      HttpServer believing = serve(admin, "10.0.0.0/8");
      for (int i = 0; i < 5; i++) {
        assertThat(login(believing, "198.51.100." + i, "wrong")).isEqualTo(401);
      }
      assertThat(login(believing, "203.0.113.1", RunningAdmin.PASSWORD)).isEqualTo(429);
    }
  }

  /** The same engine as if it were configured with these proxies. */
  private static HttpServer serve(RunningAdmin admin, String proxies) {
    TrustedProxies trusted = TrustedProxies.parse(proxies, null);
    EngineInternals inside = EngineInternals.of(admin.engine);
    Object trusting =
        proxy(
            (proxy, method, arguments) ->
                method.getName().equals("trustedProxies")
                    ? trusted
                    : invoke(method, inside, arguments),
            EngineInternals.class);
    Object engine =
        proxy(
            (proxy, method, arguments) ->
                method.getName().equals("internals")
                    ? trusting
                    : invoke(method, admin.engine, arguments),
            ShieldEngine.class,
            EngineInternals.Holder.class);
    return RunningAdmin.await(
        admin
            .vertx
            .createHttpServer()
            .requestHandler(AdminRouter.create((ShieldEngine) engine, RunningAdmin.accounts()))
            .listen(0, "localhost"));
  }

  private static Object proxy(InvocationHandler handler, Class<?>... types) {
    return Proxy.newProxyInstance(ProxiedSignInTest.class.getClassLoader(), types, handler);
  }

  private static Object invoke(Method method, Object on, Object[] arguments) throws Throwable {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static int login(HttpServer server, String client, String password) {
    return RunningAdmin.send(request(server, client, password)).statusCode();
  }

  private static HttpRequest.Builder request(HttpServer server, String client, String password) {
    URI uri = URI.create("http://localhost:" + server.actualPort() + "/api/auth/login");
    return HttpRequest.newBuilder(uri)
        .header("X-Forwarded-For", client)
        .POST(BodyPublishers.ofString(RunningAdmin.credentials("admin", password)));
  }
}
