package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shield.error.InvalidValueException;
import io.shield.internal.EngineInternals;
import io.shield.internal.gate.Gates;
import io.shield.model.MaintenanceMode;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A handler for a whole router that is a sub-router of another. */
class MountedHandlerTest extends WebTest {
  private static final Actor ADA = Actor.of("ada", "test");

  private TestApp app;

  private Router sub(ShieldHandlerOptions options) {
    app = bare();
    Router sub = Router.router(vertx);
    sub.route().handler(ShieldHandler.create(app.engine(), sub, options));
    sub.get("/x").handler(app.named("x"));
    sub.get("/orders/:id").handler(app.named("order"));
    Shield.on(sub.get("/declared")).disabled("declared").handler(app.named("declared"));
    return sub;
  }

  private void stored(String key) {
    TestApp.await(app.engine().register(List.of(disabled(key))));
  }

  private static RouteState disabled(String key) {
    return RouteState.builder(key).status(RouteStatus.DISABLED).reason("stored").build();
  }

  /** By nobody's code here, so that it can go. */
  private void storedByAnother(String key) {
    Edit edit = new Edit(DocumentKey.state(key), 0, disabled(key));
    TestApp.await(app.store().commit(new Change("other " + key, List.of(edit), List.of())));
    await().until(() -> app.engine().snapshot().state(key) != null);
  }

  /** Of hundreds of routers that no request has come to, each would read all others each time. */
  @Test
  void aChangeReadsNoRouterAgain() {
    AtomicInteger reads = new AtomicInteger();
    Object counting =
        new Object() {
          @Override
          public String toString() {
            reads.incrementAndGet();
            return "";
          }
        };
    Router first = sub(new ShieldHandlerOptions());
    first.get("/read").putMetadata("counting", counting).handler(app.named("read"));
    Router second = Router.router(vertx);
    second.route().handler(ShieldHandler.create(app.engine(), second));
    second.get("/other").putMetadata("counting", counting).handler(app.named("other"));
    app.start();
    await().until(() -> app.engine().snapshot().state("GET:/other") != null);
    int before = reads.get();
    assertThat(before).isPositive();
    for (int i = 0; i < 20; i++) {
      TestApp.await(app.engine().routes().disable("GET:/other", ADA, "change " + i));
    }
    assertThat(reads).hasValue(before);
  }

  /** Before there is an engine: takes along what other tests declared for none. */
  @BeforeAll
  static void takeWhatIsLeft() {
    Vertx other = Vertx.vertx();
    TestApp.bare(other).close();
    TestApp.await(other.close());
  }

  private String warning() {
    return app.engine().store().status().warning();
  }

  @Test
  void itsRoutesHaveTheMountPointAsPrefix() {
    Router sub = sub(new ShieldHandlerOptions());
    app.router().route("/v1/*").subRouter(sub);
    app.start();
    assertThat(app.get("/v1/declared").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.get("/v1/x").body()).isEqualTo("x");
    app.disable("GET:/v1/orders/:id");
    app.disable("GET:/v1/x");
    assertThat(app.get("/v1/orders/7").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.get("/v1/x").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.ran()).containsExactly("x");
    assertThat(app.engine().errors()).isZero();
    assertThat(warning()).isNull();
  }

  @Test
  void aRouterInTwoPlacesHasRoutesInBoth() {
    Router sub = sub(new ShieldHandlerOptions());
    app.router().route("/a/*").subRouter(sub);
    app.router().route("/b/*").subRouter(sub);
    app.start();
    app.get("/a/x");
    app.get("/b/x");
    app.disable("GET:/a/x");
    assertThat(app.get("/a/x").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.get("/b/x").body()).isEqualTo("x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1", "/tenants/:tenant"})
  void aMountInARouterWithAHandlerIsKnownBeforeTheFirstRequest(String mount) {
    Router sub = sub(new ShieldHandlerOptions());
    app.router().route().handler(ShieldHandler.create(app.engine(), app.router()));
    Router between = Router.router(vertx);
    between.route("/in/*").subRouter(sub);
    app.router().route(mount + "/*").subRouter(between);
    app.start();
    app.disable("GET:" + mount + "/in/x");
    assertThat(app.engine().snapshot().states())
        .containsKeys("GET:" + mount + "/in/orders/:id", "GET:" + mount + "/in/declared")
        .doesNotContainKeys("GET:/x", "GET:/orders/:id", "GET:/declared");
    String path = mount.replace(":tenant", "7") + "/in";
    assertThat(app.get(path + "/x").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.get(path + "/declared").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.get(path + "/orders/1").body()).isEqualTo("order");
    assertThat(app.ran()).containsExactly("order");
  }

  @Test
  void aMountPointThatIsToldIsKnownBeforeTheFirstRequest() {
    Router sub = sub(new ShieldHandlerOptions().setMountPoint("/tenants/:tenant"));
    app.router().route("/tenants/:tenant/*").subRouter(sub);
    app.start();
    app.disable("GET:/tenants/:tenant/x");
    assertThat(app.get("/tenants/7/x").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.get("/tenants/7/declared").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.get("/tenants/7/orders/1").body()).isEqualTo("order");
    assertThat(warning()).isNull();
  }

  @Test
  void whatCannotBePlacedIsRefusedWhereItIsClosed() {
    Router sub = sub(new ShieldHandlerOptions());
    app.router().route("/tenants/:tenant/*").subRouter(sub);
    app.start();
    assertThat(app.get("/tenants/7/x").body()).isEqualTo("x");
    assertThat(warning()).contains("/tenants/7", "mountPoint");
    stored("GET:/tenants/:tenant/x");
    assertThat(app.get("/tenants/8/x").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.get("/tenants/8/declared").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.get("/tenants/8/orders/1").body()).isEqualTo("order");
    TestApp.await(
        app.engine()
            .maintenance()
            .setGlobal(
                new MaintenanceMode(true, "all", List.of("/tenants/:tenant/orders/:id"), false),
                TestApp.ALICE));
    assertThat(app.get("/tenants/8/x").code()).isEqualTo("MAINTENANCE_MODE");
    assertThat(app.get("/tenants/8/orders/1").body()).isEqualTo("order");
    assertThat(app.engine().errors()).isZero();
  }

  @Test
  void statesThatAreGoneLeaveNoSlots() {
    Router sub = sub(new ShieldHandlerOptions());
    app.router().route("/tenants/:tenant/*").subRouter(sub);
    app.start();
    Gates gates = EngineInternals.of(app.engine()).gates();
    app.get("/tenants/7/x");
    int before = gates.size();
    for (int i = 0; i < 5; i++) {
      String key = "GET:/tenants/:t" + i + "/x";
      storedByAnother(key);
      assertThat(app.get("/tenants/7/x").code()).isEqualTo("ROUTE_DISABLED");
      app.enable(key);
    }
    assertThat(app.get("/tenants/7/x").body()).isEqualTo("x");
    assertThat(gates.size()).isGreaterThan(before);
    for (int i = 0; i < 5; i++) {
      String key = "GET:/tenants/:t" + i + "/x";
      TestApp.await(app.store().commit(deletion(key)));
    }
    await()
        .untilAsserted(
            () -> {
              app.get("/tenants/7/x");
              System.gc();
              gates.slots(List.of());
              assertThat(gates.size()).isEqualTo(before);
            });
  }

  private Change deletion(String key) {
    long version = app.engine().snapshot().state(key).version();
    Edit edit = new Edit(DocumentKey.state(key), version, null);
    return new Change(key, List.of(edit), List.of());
  }

  @Test
  void aMountPointThatIsWrongOpensNothing() {
    Router sub = sub(new ShieldHandlerOptions().setMountPoint("/v2"));
    app.router().route("/v1/*").subRouter(sub);
    app.start();
    stored("GET:/v1/x");
    assertThat(app.get("/v1/x").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.get("/v1/declared").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.get("/v1/orders/7").body()).isEqualTo("order");
    assertThat(warning()).contains("/v1");
  }

  @Test
  void aGuardBelowParametersOpensNothing() {
    app = bare();
    Router sub = Router.router(vertx);
    sub.get("/x").handler(ShieldHandler.guard(app.engine())).handler(app.named("x"));
    app.router().route("/tenants/:tenant/*").subRouter(sub);
    app.start();
    stored("GET:/tenants/:tenant/x");
    assertThat(app.get("/tenants/7/x").code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.ran()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "v1", "/v1/*"})
  void whatIsNoMountPoint(String text) {
    assertThatThrownBy(() -> new ShieldHandlerOptions().setMountPoint(text))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("mountPoint");
  }
}
