package io.shield.admin;

import static io.shield.admin.RunningAdmin.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.MaintenanceMode;
import io.shield.model.audit.Actor;
import io.shield.web.ShieldHandler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that Shield enforces can lock the operator out of a mounted admin API. */
class OutsideEnforcementTest {
  private static final Actor ALICE = Actor.of("alice", "cli");

  private final Vertx vertx = Vertx.vertx();
  private ShieldEngine engine;
  private HttpServer server;

  @BeforeEach
  void serve() {
    engine =
        ShieldEngine.create(
            vertx, new ShieldOptions().setBackend("memory").setName("x" + UUID.randomUUID()));
    Router router = Router.router(vertx);
    router.route().handler(ShieldHandler.create(engine, router));
    router.get("/*").handler(ctx -> ctx.next());
    router.route("/shield/*").subRouter(AdminRouter.create(engine, new AdminOptions()));
    router.get("/shield-like").handler(ctx -> ctx.end("like"));
    router.get("/payments").handler(ctx -> ctx.end("payments"));
    await(engine.start());
    server = await(vertx.createHttpServer().requestHandler(router).listen(0, "localhost"));
  }

  @AfterEach
  void close() {
    await(engine.close());
    await(vertx.close());
  }

  private int status(String method, String path) {
    URI uri = URI.create("http://localhost:" + server.actualPort() + path);
    return RunningAdmin.send(HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()))
        .statusCode();
  }

  @Test
  void maintenanceOfEverythingLeavesItOpen() {
    await(engine.maintenance().setGlobal(new MaintenanceMode(true, "all", List.of(), true), ALICE));
    assertThat(status("GET", "/payments")).isEqualTo(503);
    assertThat(status("GET", "/shield-like")).isEqualTo(503);
    assertThat(status("GET", "/shield/health/live")).isEqualTo(200);
    assertThat(status("GET", "/shield/api/routes")).isEqualTo(200);
    assertThat(status("GET", "/shield/unknown")).isEqualTo(404);
    assertThat(status("POST", "/shield/api/global/disable")).isEqualTo(200);
    assertThat(status("GET", "/payments")).isEqualTo(200);
  }

  @Test
  void aGlobalLimitLeavesItOpen() {
    await(engine.rateLimits().global().set(GlobalRateLimitPolicy.of("1/hour"), ALICE));
    for (int i = 0; i < 3; i++) {
      assertThat(status("GET", "/shield/api/routes")).isEqualTo(200);
    }
    assertThat(status("DELETE", "/shield/api/global-rate-limit")).isEqualTo(200);
  }

  /** Behind it only what the prefix really leads to. */
  @ParameterizedTest
  @ValueSource(
      strings = {"/shield/../payments", "/shield/%2e%2e/payments", "//payments", "/payments/"})
  void noPathWalksThroughIt(String path) {
    await(engine.maintenance().enableGlobal(ALICE, "closed"));
    assertThat(status("GET", path)).isEqualTo(503);
  }

  @Test
  void itsRoutesAreNoRoutesToBeChanged() {
    assertThat(status("GET", "/shield/api/routes")).isEqualTo(200);
    assertThat(engine.routes().list())
        .extracting(view -> view.state().path())
        .noneMatch(path -> path.contains("/api/"));
  }
}
