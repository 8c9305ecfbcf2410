package io.shield.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldEngine;
import io.shield.decision.TrustedProxies;
import io.shield.internal.EngineInternals;
import io.vertx.core.http.HttpServer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;

/** Behind a proxy the throttle counts for the client's address, not for the proxy's. */
class ProxiedSignInTest {
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
    Object engine =
        Proxy.newProxyInstance(
            ProxiedSignInTest.class.getClassLoader(),
            new Class<?>[] {ShieldEngine.class, EngineInternals.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("trustedProxies")) {
                return trusted;
              }
              try {
                return method.invoke(admin.engine, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return RunningAdmin.await(
        admin
            .vertx
            .createHttpServer()
            .requestHandler(AdminRouter.create((ShieldEngine) engine, RunningAdmin.accounts()))
            .listen(0, "localhost"));
  }

  private static int login(HttpServer server, String client, String password) {
    URI uri = URI.create("http://localhost:" + server.actualPort() + "/api/auth/login");
    return RunningAdmin.send(
            HttpRequest.newBuilder(uri)
                .header("X-Forwarded-For", client)
                .POST(BodyPublishers.ofString(RunningAdmin.credentials("admin", password))))
        .statusCode();
  }
}
