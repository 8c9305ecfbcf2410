package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.RouteAction;
import io.shield.web.Spellings.Spelling;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No way to spell a path walks around a gate. Whatever is sent, the handler of a closed route does
 * not run; and whatever reaches the handler of an open route is refused once it is closed.
 */
class SpellingTest extends WebTest {
  /** What the whole corpus must at least hold for one route. */
  private static final int LEAST_SPELLINGS = 200;

  /** One route of the application. */
  private record Target(String key, String method, String path) {
    @Override
    public String toString() {
      return key;
    }
  }

  private static Stream<Target> targets() {
    return Stream.of(
        new Target("GET:/", "GET", "/"),
        new Target("GET:/payments", "GET", "/payments"),
        new Target("GET:/slashed/", "GET", "/slashed/"),
        new Target("GET:/orders/:id", "GET", "/orders/abc"),
        new Target("GET:/orders/:id/lines/:line", "GET", "/orders/abc/lines/z"),
        new Target("/all", "DELETE", "/all"),
        new Target("PUT:/several", "PUT", "/several"),
        new Target("GET:/v1/items/:id", "GET", "/v1/items/abc"),
        new Target("GET:/v1/deep/er/leaf", "GET", "/v1/deep/er/leaf"),
        new Target("GET:/v1/", "GET", "/v1/"),
        new Target("GET:/tenants/:tenant/users", "GET", "/tenants/abc/users"),
        new Target("GET:/regex/[a-z]+", "GET", "/regex/abc"),
        new Target("GET:/files/*", "GET", "/files/abc/d"),
        new Target("GET:/media/:name.:ext", "GET", "/media/abc.png"),
        new Target("GET:/raw/thing", "GET", "/raw/thing"),
        new Target("REPORT:/any/*", "REPORT", "/any/thing"));
  }

  private TestApp app;

  private void startApp() {
    app = guarded();
    Router root = app.router();
    Router v1 = Router.router(vertx);
    Router deep = Router.router(vertx);
    Router tenants = Router.router(vertx);
    for (Router router : List.of(root, v1, deep, tenants)) {
      // As Vert.x answers, but it would log each of them.
      router.errorHandler(400, ctx -> ctx.response().setStatusCode(400).end());
    }
    on(root.get("/"), "GET:/");
    on(root.get("/payments"), "GET:/payments");
    on(root.get("/slashed/"), "GET:/slashed/");
    on(root.get("/orders/:id"), "GET:/orders/:id");
    on(root.get("/orders/:id/lines/:line"), "GET:/orders/:id/lines/:line");
    on(root.route("/all"), "/all");
    root.put("/several")
        .method(HttpMethod.POST)
        .handler(ctx -> app.named(ctx.request().method() + ":/several").handle(ctx));
    on(root.getWithRegex("/regex/[a-z]+"), "GET:/regex/[a-z]+");
    on(root.get("/files/*"), "GET:/files/*");
    on(root.get("/media/:name.:ext"), "GET:/media/:name.:ext");
    on(root.get("/raw/thing").useNormalizedPath(false), "GET:/raw/thing");
    on(root.route("/any/*").method(HttpMethod.valueOf("REPORT")), "REPORT:/any/*");
    on(v1.get("/items/:id"), "GET:/v1/items/:id");
    on(v1.get("/"), "GET:/v1/");
    on(deep.get("/leaf"), "GET:/v1/deep/er/leaf");
    v1.route("/deep/er/*").subRouter(deep);
    root.route("/v1/*").subRouter(v1);
    on(tenants.get("/users"), "GET:/tenants/:tenant/users");
    root.route("/tenants/:tenant/*").subRouter(tenants);
    app.start();
  }

  private void on(Route route, String key) {
    route.handler(app.named(key));
  }

  /** What came of one request. */
  private record Outcome(int status, String code, List<String> ran) {}

  private Outcome send(Spelling spelling) {
    String[] headers = spelling.headers().toArray(new String[0]);
    Answer answer = app.client().send(spelling.method(), spelling.target(), headers);
    if (spelling.method().equals("CONNECT") || spelling.headers().size() > 0) {
      app.client().close();
    }
    return new Outcome(answer.status(), answer.code(), app.ran());
  }

  private Map<Spelling, Outcome> sendAll(Target target) {
    Map<Spelling, Outcome> outcomes = new LinkedHashMap<>();
    for (Spelling spelling : Spellings.of(target.path, target.method)) {
      outcomes.put(spelling, send(spelling));
    }
    return outcomes;
  }

  @ParameterizedTest
  @MethodSource("targets")
  void noSpellingWalksAroundAGate(Target target) {
    startApp();
    Map<Spelling, Outcome> open = sendAll(target);
    assertThat(open).hasSizeGreaterThanOrEqualTo(LEAST_SPELLINGS);
    assertThat(open.get(new Spelling(target.method, target.path)))
        .isEqualTo(new Outcome(200, "", List.of(target.key)));
    long reaching = open.values().stream().filter(o -> o.ran.contains(target.key)).count();
    assertThat(reaching).as("spellings that reach the handler").isGreaterThan(10);
    assertThat(open.values()).noneMatch(outcome -> outcome.status >= 500);

    app.maintenance(target.key);
    assertClosed(target, open, 503, "MAINTENANCE_MODE");
    app.disable(target.key);
    assertClosed(target, open, 503, "ROUTE_DISABLED");
    app.apply(target.key, new RouteAction.EnvGate(List.of("dev"), null, null));
    assertClosed(target, open, 403, "ENV_GATED");
    app.enable(target.key);
    TestApp.await(app.engine().maintenance().enableGlobal(TestApp.ALICE, "moving"));
    assertClosed(target, open, 503, "MAINTENANCE_MODE");
    assertThat(app.engine().errors()).isZero();
  }

  /**
   * What reached the route, or any route when all are closed, is refused. Everything else is
   * answered as before, or refused instead of being found unreadable by Vert.x.
   */
  private void assertClosed(Target target, Map<Spelling, Outcome> open, int status, String code) {
    boolean all = app.engine().maintenance().global().enabled();
    List<String> wrong = new ArrayList<>();
    open.forEach(
        (spelling, before) -> {
          String shown = spelling.method().equals("HEAD") ? "" : code;
          Outcome refused = new Outcome(status, shown, List.of());
          Outcome now = send(spelling);
          boolean closed = all ? !before.ran.isEmpty() : before.ran.contains(target.key);
          boolean unchanged = !closed && now.equals(before);
          boolean fine = closed || before.ran.isEmpty();
          if (!unchanged && !(fine && now.equals(refused))) {
            wrong.add(spelling + ": " + before + " became " + now);
          }
        });
    assertThat(wrong).as("%s closed with %s", target, code).isEmpty();
  }

  /** Vert.x looks at no path on its way to a route without one. */
  @ParameterizedTest
  @ValueSource(strings = {"/%zz", "/x/%", "/%2", "//%", "/a/../%zz", "/raw/%zz", "/raw/%"})
  void aPathThatCannotBeReadPassesNoClosedRoute(String path) {
    app = guarded();
    Shield.on(app.router().get()).disabled("all").handler(app.named("get"));
    Shield.on(app.router().route()).disabled("all").handler(app.named("all"));
    Shield.on(app.router().put("/raw/:thing").useNormalizedPath(false))
        .disabled("raw")
        .handler(app.named("raw"));
    app.start();
    assertThat(app.get(path).code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.client().send("POST", path).code()).isEqualTo("ROUTE_DISABLED");
    app.enable("GET:/*");
    app.enable("/*");
    assertThat(app.get(path).body()).isEqualTo("get");
    assertThat(app.client().send("POST", path).body()).isEqualTo("all");
    assertThat(app.ran()).containsExactly("get", "all");
    assertThat(app.engine().errors()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/raw/%zz", "/raw/%"})
  void aRouteThatTakesThePathAsItWasSentIsClosedForAnyPath(String path) {
    app = guarded();
    Shield.on(app.router().get("/raw/:thing").useNormalizedPath(false))
        .disabled("raw")
        .handler(app.named("raw"));
    app.start();
    assertThat(app.get(path).code()).isEqualTo("ROUTE_DISABLED");
    assertThat(app.engine().errors()).isZero();
  }

  @Test
  void theCorpusIsLarge() {
    long requests =
        targets().mapToLong(target -> Spellings.of(target.path, target.method).size()).sum();
    assertThat(targets()).hasSize(16);
    assertThat(requests).isGreaterThan(4000);
  }
}
