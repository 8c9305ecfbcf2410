package io.shield.admin;

import static io.shield.admin.RunningAdmin.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.fixtures.ErrorStream;
import io.shield.web.ShieldHandler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where the API is found. */
class MountsTest {
  private final Vertx vertx = Vertx.vertx();
  private ShieldEngine engine;

  @BeforeEach
  void start() {
    engine =
        ShieldEngine.create(
            vertx, new ShieldOptions().setBackend("memory").setName("m" + UUID.randomUUID()));
    await(engine.start());
  }

  @AfterEach
  void stop() {
    await(vertx.close());
  }

  private static HttpResponse<String> get(int port, String path) {
    URI uri = URI.create("http://localhost:" + port + path);
    return RunningAdmin.send(HttpRequest.newBuilder(uri));
  }

  @Test
  void aServerIsFoundWhereToolsLook() {
    AdminVerticle verticle = new AdminVerticle(engine, new AdminOptions().setPort(0));
    await(vertx.deployVerticle(verticle));
    int port = verticle.actualPort();
    String routes = get(port, "/api/global").body();
    assertThat(routes).contains("exempt_paths");
    for (String mount : new String[] {"/shield", "/waygate"}) {
      assertThat(get(port, mount + "/api/global").body()).isEqualTo(routes);
      assertThat(get(port, mount + "/health/ready").statusCode()).isEqualTo(200);
      assertUnknown(get(port, mount + "/api/nothing"));
      assertUnknown(get(port, mount));
      assertUnknown(get(port, mount + "s/api/global"));
    }
    URI changing = URI.create("http://localhost:" + port + "/shield/api/global/enable");
    HttpResponse<String> other = RunningAdmin.send(HttpRequest.newBuilder(changing));
    assertThat(other.statusCode()).isEqualTo(405);
    assertThat(other.headers().firstValue("Allow")).contains("POST");
    assertThat(RunningAdmin.json(other).get("code").textValue()).isEqualTo("METHOD_NOT_ALLOWED");
    HttpResponse<String> page = get(port, "/shield/dashboard/nothing");
    assertThat(page.statusCode()).isEqualTo(404);
    assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
    assertThat(page.body()).contains("There is no such page");
  }

  private static void assertUnknown(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(RunningAdmin.json(answer).get("code").textValue()).isEqualTo("UNKNOWN_ENDPOINT");
  }

  @Test
  void whoMountsItWithoutCredentialsIsWarned() {
    assertThat(logOf(new AdminOptions())).contains("has no credentials");
    assertThat(logOf(RunningAdmin.accounts())).isEmpty();
  }

  private String logOf(AdminOptions options) {
    try (ErrorStream log = new ErrorStream()) {
      AdminRouter.create(engine, options);
      return String.join("\n", log.lines(""));
    }
  }

  @Test
  void anApplicationMayMountItTwice() {
    Router router = Router.router(vertx);
    router.route().handler(ShieldHandler.create(engine, router));
    Router api = AdminRouter.create(engine, new AdminOptions());
    router.route("/shield/*").subRouter(api);
    router.route("/waygate/*").subRouter(api);
    HttpServer server =
        await(vertx.createHttpServer().requestHandler(router).listen(0, "localhost"));
    int port = server.actualPort();
    assertThat(get(port, "/waygate/api/global").statusCode()).isEqualTo(200);
    assertThat(get(port, "/waygate/api/global").body())
        .isEqualTo(get(port, "/shield/api/global").body());
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      AdminVerticle admin = new AdminVerticle(engine, new AdminOptions().setPort(port));
      assertThatThrownBy(() -> await(vertx.deployVerticle(admin)))
          .hasMessageContaining("cannot listen on host 'localhost' at port " + port)
          .hasMessageContaining("in use");
    }
  }
}
