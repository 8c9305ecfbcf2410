package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.RouteAction;
import io.shield.fixtures.MutableClock;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An application's own document follows its routes. */
class ShieldOpenApiTest extends WebTest {
  private static final JsonObject DOCUMENT =
      new JsonObject(
          """
          {"openapi": "3.1.0", "paths": {
             "/orders/{id}": {"parameters": [], "get": {"operationId": "order"},
                              "delete": {"operationId": "cancel"}},
             "/search": {"get": {"operationId": "search"}},
             "/elsewhere": {"get": {"operationId": "elsewhere"}}}}
          """);

  private TestApp started() {
    TestApp app = guarded();
    app.router().get("/orders/:id").handler(app.named("order"));
    app.router().delete("/orders/:id").handler(app.named("cancel"));
    app.router().get("/search").handler(app.named("search"));
    return app.start();
  }

  private static JsonObject paths(TestApp app) {
    JsonObject before = DOCUMENT.copy();
    JsonObject paths = ShieldOpenApi.decorate(DOCUMENT, app.engine()).getJsonObject("paths");
    assertThat(DOCUMENT).as("is not changed").isEqualTo(before);
    return paths;
  }

  private static JsonObject operation(TestApp app, String path) {
    return paths(app).getJsonObject(path).getJsonObject("get");
  }

  @Test
  void whatIsOpenStaysAsItIs() {
    assertThat(paths(started())).isEqualTo(DOCUMENT.getJsonObject("paths"));
  }

  @Test
  void whatIsDisabledIsHiddenAndItsPathToo() {
    TestApp app = started();
    app.apply("GET:/orders/:id", new RouteAction.Disable("gone", null));
    assertThat(paths(app).getJsonObject("/orders/{id}").fieldNames())
        .containsExactly("parameters", "delete");
    app.apply("DELETE:/orders/:id", new RouteAction.Disable("gone", null));
    assertThat(paths(app).fieldNames()).containsExactly("/search", "/elsewhere");
  }

  /** As enforced: HEAD follows GET, and both spellings of parameters name one route. */
  @Test
  void whatIsStoredUnderAnotherNameCounts() {
    TestApp app = guarded();
    app.router().get("/orders/:id").handler(app.named("order"));
    RouteState closed = RouteState.builder("GET:/orders/{id}").status(RouteStatus.DISABLED).build();
    TestApp.await(app.engine().register(List.of(closed)));
    app.start();
    assertThat(app.get("/orders/7").status()).isEqualTo(503);
    JsonObject item = new JsonObject().put("get", new JsonObject()).put("head", new JsonObject());
    JsonObject orders =
        new JsonObject()
            .put("paths", new JsonObject().put("/orders/{id}", item.put("put", new JsonObject())));
    assertThat(
            ShieldOpenApi.decorate(orders, app.engine())
                .getJsonObject("paths")
                .getJsonObject("/orders/{id}")
                .fieldNames())
        .containsExactly("put");
  }

  @Test
  void whatIsClosedHereIsHidden() {
    TestApp app = started();
    app.apply("/search", new RouteAction.EnvGate(List.of("staging"), null, null));
    assertThat(paths(app).containsKey("/search")).isFalse();
    app.apply("/search", new RouteAction.EnvGate(List.of("production"), null, null));
    assertThat(operation(app, "/search").containsKey("x-shield-status")).isFalse();
  }

  @Test
  void whatIsUnderMaintenanceSaysSoByTheClock() {
    TestApp app = started();
    app.apply(
        "/search",
        new RouteAction.Schedule(
            new MaintenanceWindow(
                MutableClock.START.plusSeconds(60), MutableClock.START.plusSeconds(120), "db")));
    assertThat(operation(app, "/search").containsKey("x-shield-status")).isFalse();
    app.clock().advance(Duration.ofSeconds(60));
    assertThat(operation(app, "/search").getString("x-shield-status")).isEqualTo("maintenance");
    assertThat(operation(app, "/search").getString("x-shield-reason")).isEqualTo("db");
    app.clock().advance(Duration.ofSeconds(60));
    assertThat(operation(app, "/search").containsKey("x-shield-status")).isFalse();
  }

  @Test
  void whatIsDeprecatedIsMarked() {
    TestApp app = started();
    app.apply("/search", new RouteAction.Deprecate(null, "/find", "old", null));
    JsonObject search = operation(app, "/search");
    assertThat(search.getBoolean("deprecated")).isTrue();
    assertThat(search.getString("x-shield-status")).isEqualTo("deprecated");
    assertThat(search.getString("x-shield-reason")).isEqualTo("old");
  }
}
