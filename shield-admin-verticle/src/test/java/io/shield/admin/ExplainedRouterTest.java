package io.shield.admin;

import static io.shield.admin.RunningAdmin.await;
import static io.shield.admin.RunningAdmin.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.model.MaintenanceMode;
import io.shield.model.audit.Actor;
import io.shield.web.Shield;
import io.shield.web.ShieldHandler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.StaticHandler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Explain says what the application answers, where its routers are in the same process. */
class ExplainedRouterTest {
  private static final Actor ALICE = Actor.of("alice", "cli");

  /** Method and path of the requests that are sent and asked about. */
  private static final List<String> REQUESTS =
      List.of(
          "GET /orders/42",
          "GET /orders/mine",
          "POST /orders/42",
          "HEAD /orders/42",
          "GET /reports-2030",
          "GET /v1/items/7/parts",
          "GET /files/a.txt",
          "GET /files/none.txt",
          "GET /static/a.txt",
          "GET /api/health",
          "GET /nothing",
          "GET /shield/health/live");

  @TempDir Path files;

  private final HttpClient client = HttpClient.newHttpClient();
  private RunningAdmin admin;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    Files.writeString(files.resolve("a.txt"), "a");
    admin = new RunningAdmin(new AdminOptions());
    Router items = Router.router(admin.vertx);
    items.get("/:id/:what").handler(ctx -> ctx.end("item"));
    Router router = Router.router(admin.vertx);
    router.route().handler(ShieldHandler.create(admin.engine, router));
    router.route("/shield/*").subRouter(AdminRouter.create(admin.engine, new AdminOptions()));
    Shield.on(router.route("/api/*")).handler(ctx -> ctx.next());
    router.get("/api/health").handler(ctx -> ctx.end("health"));
    router.get("/orders/mine").handler(ctx -> ctx.end("mine"));
    router.get("/orders/:id").handler(ctx -> ctx.end("one"));
    router.getWithRegex("/reports-\\d+").setName("/reports").handler(ctx -> ctx.end("report"));
    router.route("/v1/items/*").subRouter(items);
    router.route("/static/*").handler(StaticHandler.create("no-such-directory"));
    Shield.on(router.route(HttpMethod.GET, "/files/*"))
        .handler(ctx -> ctx.response().sendFile(files.resolve("a.txt").toString()));
    server = await(admin.vertx.createHttpServer().requestHandler(router).listen(0, "localhost"));
    assertThat(status("GET /orders/42")).isEqualTo(200);
  }

  @AfterEach
  void stop() {
    admin.close();
  }

  private int status(String line) {
    URI target = URI.create("http://localhost:" + server.actualPort() + path(line));
    HttpRequest request =
        HttpRequest.newBuilder(target)
            .method(method(line), HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      return client.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(line, e);
    }
  }

  private static String method(String line) {
    return line.substring(0, line.indexOf(' '));
  }

  private static String path(String line) {
    return line.substring(line.indexOf(' ') + 1);
  }

  private JsonNode explained(String line) {
    String query = "/api/explain?method=" + method(line) + "&path=" + path(line);
    return json(admin.send(null, "GET", query, null));
  }

  private void assertSame() {
    for (String line : REQUESTS) {
      int status = status(line);
      JsonNode told = explained(line);
      // A file that is not there is no matter of routes.
      boolean noFile = line.contains("/static/") && status == 404;
      assertThat(noFile ? 404 : told.path("status").asInt())
          .as("%s: %s", line, told)
          .isEqualTo(status == 405 ? 404 : status);
    }
  }

  private void disable(String key) {
    await(admin.engine.routes().disable(key, ALICE, "off"));
  }

  @Test
  void asItIs() {
    assertSame();
    assertThat(explained("GET /nothing").path("why").asText()).startsWith("no such route");
    assertThat(explained("GET /nothing").path("decision").asText()).isEqualTo("no_such_route");
    assertThat(explained("GET /reports-2030").path("template").asText()).isEqualTo("/reports");
    assertThat(explained("GET /shield/api/routes").path("rule").asText())
        .isEqualTo("outside_shield");
    assertThat(explained("GET /orders/mine").path("matches").toString())
        .isEqualTo("[\"/orders/mine\",\"/orders/:id\"]");
  }

  @Test
  void whenRoutesAreClosed() {
    disable("GET:/reports");
    disable("GET:/orders/:id");
    disable("GET:/v1/items/:id/:what");
    disable("GET:/files/*");
    assertSame();
    // The closed one stands behind and might run.
    assertThat(explained("GET /orders/mine").path("template").asText()).isEqualTo("/orders/:id");
    assertThat(explained("GET /files/x").path("template").asText()).isEqualTo("/files/*");
  }

  /** What serves files below a path is known, and can be closed. */
  @Test
  void whatServesFilesIsARoute() {
    assertThat(admin.engine.routes().get("/static/*").state().path()).isEqualTo("/static/*");
    disable("/static/*");
    assertThat(status("GET /static/a.txt")).isEqualTo(503);
    assertThat(explained("GET /static/a.txt").path("status").asInt()).isEqualTo(503);
    assertSame();
  }

  @Test
  void duringAMaintenanceOfTheFleet() {
    List<String> exempt = List.of("/orders/mine", "/api/health");
    MaintenanceMode mode = new MaintenanceMode(true, "move", exempt, false);
    await(admin.engine.maintenance().setGlobal(mode, ALICE));
    assertSame();
    assertThat(explained("GET /orders/mine").path("status").asInt()).isEqualTo(200);
    assertThat(explained("GET /api/health").path("status").asInt()).isEqualTo(200);
    disable("/api/*");
    assertSame();
    assertThat(explained("GET /api/health").path("template").asText()).isEqualTo("/api/*");
  }
}
