package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.ErrorStream;
import io.shield.spi.limit.HitQuery;
import io.shield.spi.limit.RateLimitHit;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Peers of a Unix domain socket have no address. */
class UnixSocketTest extends WebTest {
  @TempDir Path directory;

  private String keyOf(ShieldHandlerOptions options) {
    TestApp app = guarded(options);
    Shield.on(app.router().get("/x")).limit("1/minute").handler(app.named("x"));
    TestApp.await(app.engine().start());
    SocketAddress socket = SocketAddress.domainSocketAddress(directory.resolve("s").toString());
    HttpServer server =
        TestApp.await(vertx.createHttpServer().requestHandler(app.router()).listen(socket));
    HttpClient client = vertx.createHttpClient();
    RequestOptions request =
        new RequestOptions()
            .setServer(socket)
            .setHost("localhost")
            .setPort(80)
            .setURI("/x")
            .putHeader("X-Forwarded-For", "198.51.100.7");
    for (int status : new int[] {200, 429}) {
      HttpClientResponse response =
          TestApp.await(client.request(request).compose(sent -> sent.send()));
      assertThat(response.statusCode()).isEqualTo(status);
    }
    TestApp.await(client.close());
    TestApp.await(server.close());
    List<RateLimitHit> hits = TestApp.await(app.engine().rateLimits().hits(HitQuery.newest(1)));
    return hits.get(0).key();
  }

  @Test
  void theyAreOneCallerAndTheLogSaysSo() {
    try (ErrorStream log = new ErrorStream()) {
      assertThat(keyOf(new ShieldHandlerOptions())).isEqualTo("ip:unknown");
      assertThat(log.lines("Unix domain socket")).hasSize(1);
    }
  }

  @Test
  void aProxyBehindOneCanBeTrusted() {
    ShieldHandlerOptions options = new ShieldHandlerOptions().setTrustedProxies("unix");
    assertThat(options.isTrustingSockets()).isTrue();
    assertThat(keyOf(options)).isEqualTo("ip:198.51.100.7");
  }
}
