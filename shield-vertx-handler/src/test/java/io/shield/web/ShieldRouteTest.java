package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.ShieldOptions;
import io.shield.error.ChangeConflictException;
import io.shield.error.InvalidValueException;
import io.shield.fixtures.ErrorStream;
import io.shield.memory.MemoryBackend;
import io.shield.model.Origin;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Declarations beside routes. */
class ShieldRouteTest extends WebTest {
  /** With an engine of its own: what is declared for none would be taken for a later test's. */
  private Router router() {
    return bare().router();
  }

  /** The state under which a declaration is stored. */
  private RouteState declared(Consumer<ShieldRoute> declaration) {
    TestApp app = guarded();
    ShieldRoute route = Shield.on(app.router().get("/x"));
    declaration.accept(route);
    route.handler(app.named("x"));
    app.start();
    app.get("/unknown");
    TestApp.await(app.engine().register(List.of()));
    return app.engine().routes().get("GET:/x").state();
  }

  @Test
  void nothingButTheRoute() {
    RouteState state = declared(route -> {});
    assertThat(state.status()).isEqualTo(RouteStatus.ACTIVE);
    assertThat(state.origin()).isEqualTo(Origin.CODE);
    assertThat(state.reason()).isEmpty();
    assertThat(state.forceActive()).isFalse();
  }

  @Test
  void maintenance() {
    RouteState state = declared(route -> route.maintenance("Nightly rebuild"));
    assertThat(state.status()).isEqualTo(RouteStatus.MAINTENANCE);
    assertThat(state.reason()).isEqualTo("Nightly rebuild");
  }

  @Test
  void disabled() {
    RouteState state = declared(route -> route.disabled("Use /y"));
    assertThat(state.status()).isEqualTo(RouteStatus.DISABLED);
    assertThat(state.reason()).isEqualTo("Use /y");
  }

  @Test
  void envOnly() {
    RouteState state = declared(route -> route.envOnly("dev", "staging"));
    assertThat(state.status()).isEqualTo(RouteStatus.ENV_GATED);
    assertThat(state.allowedEnvs()).containsExactly("dev", "staging");
  }

  @Test
  void deprecated() {
    RouteState state = declared(route -> route.deprecated("2028-01-01T00:00:00+02:00", "/y"));
    assertThat(state.status()).isEqualTo(RouteStatus.DEPRECATED);
    assertThat(state.sunsetDate()).isEqualTo("Fri, 31 Dec 2027 22:00:00 GMT");
    assertThat(state.successorPath()).isEqualTo("/y");
    assertThat(state.deprecatedAt()).isNotNull();
    RouteState plain = declared(ShieldRoute::deprecated);
    assertThat(plain.status()).isEqualTo(RouteStatus.DEPRECATED);
    assertThat(plain.sunsetDate()).isNull();
    assertThat(plain.successorPath()).isNull();
  }

  @Test
  void forceActive() {
    RouteState state = declared(ShieldRoute::forceActive);
    assertThat(state.forceActive()).isTrue();
    assertThat(state.status()).isEqualTo(RouteStatus.ACTIVE);
  }

  @Test
  void exemptionsInAnyOrderWithAStatus() {
    RouteState state =
        declared(
            route ->
                route
                    .canary(5)
                    .allowRoles("admin", "tester")
                    .disabled("gone")
                    .allowIps("10.0.0.0/8", "::1"));
    assertThat(state.canaryPercentage()).isEqualTo(5);
    assertThat(state.allowedRoles()).containsExactly("admin", "tester");
    assertThat(state.allowedIps()).containsExactly("10.0.0.0/8", "::1");
    assertThat(state.status()).isEqualTo(RouteStatus.DISABLED);
  }

  @Test
  void aDeclarationMayBeContinued() {
    TestApp app = guarded();
    Route route = app.router().get("/x");
    Shield.on(route).maintenance("soon");
    Shield.on(route).allowIps("10.0.0.1").handler(app.named("x"));
    app.start();
    assertThat(app.get("/x").error().getString("reason")).isEqualTo("soon");
    assertThat(Shield.on(route).route()).isSameAs(route);
  }

  static Stream<Arguments> pairsOfStatuses() {
    List<Arguments> statuses =
        List.of(
            status("maintenance", route -> route.maintenance("")),
            status("disabled", route -> route.disabled("")),
            status("env_gated", route -> route.envOnly("dev")),
            status("deprecated", ShieldRoute::deprecated),
            status("force-active", ShieldRoute::forceActive));
    return statuses.stream()
        .flatMap(
            first ->
                statuses.stream()
                    .map(second -> Arguments.of(first.get()[0], first.get()[1], second.get()[1])));
  }

  private static Arguments status(String name, Consumer<ShieldRoute> declaration) {
    return Arguments.of(name, declaration);
  }

  @ParameterizedTest
  @MethodSource("pairsOfStatuses")
  void aRouteHasOneStatus(String name, Consumer<ShieldRoute> first, Consumer<ShieldRoute> second) {
    ShieldRoute route = Shield.on(router().get("/two"));
    first.accept(route);
    assertThatThrownBy(() -> second.accept(route))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("/two")
        .hasMessageContaining(name)
        .hasMessageContaining("one initial state");
  }

  static Stream<Arguments> badValues() {
    return Stream.of(
        bad(route -> route.maintenance("x".repeat(4097)), "reason", "4096"),
        bad(route -> route.maintenance("a\0b"), "reason", "control"),
        bad(ShieldRoute::envOnly, "envs", "at least one"),
        bad(route -> route.envOnly("dev", " "), "allowed_envs", "' '"),
        bad(route -> route.envOnly("dev", "dev"), "allowed_envs", "'dev'"),
        bad(route -> route.deprecated("tomorrow", null), "sunset_date", "'tomorrow'"),
        bad(route -> route.deprecated("1969-01-01T00:00:00Z", null), "sunset_date", "1970"),
        bad(route -> route.deprecated(null, ""), "successor_path", "a path"),
        bad(route -> route.deprecated(null, "/a b"), "successor_path", "'/a b'"),
        bad(route -> route.deprecated(null, "/a>; rel=x"), "successor_path", "/a>"),
        bad(route -> route.deprecated(null, "/ä"), "successor_path", "ASCII"),
        bad(route -> route.deprecated(null, "/a\r\nX: y"), "successor_path", "\\u000d"),
        bad(route -> route.canary(-1), "canary_percentage", "-1"),
        bad(route -> route.canary(101), "canary_percentage", "101"),
        bad(route -> route.allowRoles("a", ""), "allowed_roles", "''"),
        bad(route -> route.allowIps("localhost"), "allowed_ips", "'localhost'"),
        bad(route -> route.allowIps("10.0.0.0/33"), "allowed_ips", "'10.0.0.0/33'"));
  }

  private static Arguments bad(Consumer<ShieldRoute> declaration, String field, String shown) {
    return Arguments.of(declaration, field, shown);
  }

  @ParameterizedTest
  @MethodSource("badValues")
  void aBadValueIsRefusedAtOnce(Consumer<ShieldRoute> declaration, String field, String shown) {
    ShieldRoute route = Shield.on(router().get("/x"));
    assertThatThrownBy(() -> declaration.accept(route))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining(field)
        .hasMessageContaining(shown);
  }

  @Test
  void nullIsRefused() {
    ShieldRoute route = Shield.on(router().get("/x"));
    assertThatThrownBy(() -> Shield.on(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> route.onRefusal(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> route.maintenance(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> route.allowIps((String) null))
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  void aRouteOfSeveralMethodsIsDeclaredForEach() {
    TestApp app = guarded();
    Shield.on(app.router().get("/x").method(HttpMethod.PUT))
        .disabled("both")
        .handler(app.named("x"));
    Shield.on(app.router().route("/all")).disabled("all").handler(app.named("all"));
    app.start();
    for (String method : List.of("GET", "PUT")) {
      assertThat(app.client().send(method, "/x").code()).isEqualTo("ROUTE_DISABLED");
    }
    for (String method : List.of("GET", "HEAD", "POST", "BREW")) {
      assertThat(app.client().send(method, "/all").status()).as(method).isEqualTo(503);
    }
    assertThat(app.client().send("DELETE", "/x").status()).isEqualTo(405);
    app.enable("PUT:/x");
    assertThat(app.engine().snapshot().states()).containsOnlyKeys("GET:/x", "PUT:/x", "/all");
    assertThat(app.client().send("PUT", "/x").status()).isEqualTo(200);
    assertThat(app.get("/x").status()).isEqualTo(503);
  }

  @Test
  void inASubRouterItIsDeclaredUnderTheWholePath() {
    TestApp app = guarded();
    Router sub = Router.router(vertx);
    Shield.on(sub.get("/items/:id")).disabled("gone").handler(app.named("item"));
    app.router().route("/shops/:shop/*").subRouter(sub);
    app.start();
    assertThat(app.get("/shops/7/items/8").code()).isEqualTo("ROUTE_DISABLED");
    app.enable("GET:/shops/:shop/items/:id");
    assertThat(app.get("/shops/7/items/8").status()).isEqualTo(200);
  }

  /** A new version of the application that declares something else for one store. */
  private TestApp version(MemoryBackend store, Consumer<ShieldRoute> declaration) {
    TestApp app = closing(TestApp.bare(vertx, store, ShieldRouteTest::unnamed));
    app.router().route().handler(ShieldHandler.create(app.engine(), app.router()));
    ShieldRoute route = Shield.on(app.router().get("/x"));
    declaration.accept(route);
    route.handler(app.named("x"));
    app.start();
    app.get("/x");
    TestApp.await(app.engine().register(List.of()));
    return app;
  }

  private static int versions;

  private static ShieldOptions unnamed(ShieldOptions options) {
    return options.setName("version" + versions++);
  }

  @Test
  void aChangedDeclarationReplacesTheFormer() {
    MemoryBackend store = MemoryBackend.create();
    assertThat(version(store, route -> route.disabled("one")).get("/x").status()).isEqualTo(503);
    TestApp second = version(store, route -> route.maintenance("two"));
    assertThat(second.get("/x").error().getString("reason")).isEqualTo("two");
    assertThat(version(store, route -> {}).get("/x").status()).isEqualTo(200);
  }

  @Test
  void aChangedDeclarationReplacesNoRuntimeChange() {
    MemoryBackend store = MemoryBackend.create();
    TestApp first = version(store, route -> route.disabled("one"));
    first.enable("/x");
    TestApp second = version(store, route -> route.maintenance("two"));
    assertThat(second.get("/x").status()).isEqualTo(200);
    second.disable("/x");
    assertThat(version(store, route -> {}).get("/x").code()).isEqualTo("ROUTE_DISABLED");
  }

  @Test
  void aNewForceActiveWinsOverARuntimeChange() {
    MemoryBackend store = MemoryBackend.create();
    TestApp first = version(store, route -> {});
    first.disable("/x");
    TestApp second = version(store, ShieldRoute::forceActive);
    assertThat(second.get("/x").status()).isEqualTo(200);
    assertThatThrownBy(() -> second.disable("/x"))
        .hasCauseInstanceOf(ChangeConflictException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a b", "/tab\t"})
  void aRouteThatNoKeyCanNameIsWarnedOfAndServed(String path) {
    TestApp app = guarded();
    Shield.on(app.router().get(path)).handler(app.named("odd"));
    app.router().get("/x").handler(app.named("x"));
    try (ErrorStream log = new ErrorStream()) {
      app.start();
      app.disable("/x");
      assertThat(log.lines("cannot be controlled by itself")).isNotEmpty();
    }
    assertThat(app.get("/x").status()).isEqualTo(503);
    assertThat(app.engine().errors()).isZero();
  }
}
