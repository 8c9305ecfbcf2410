package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.RouteAction;
import io.shield.fixtures.MutableClock;
import io.shield.model.MaintenanceWindow;
import io.shield.model.Origin;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.Change;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients of a deprecated route are told: RFC 9745, RFC 8594, RFC 5829. */
class DeprecationTest extends WebTest {
  private static final String NOW = "@" + MutableClock.START.getEpochSecond();
  private static final String SUCCESSOR = "</v2>; rel=\"successor-version\"";

  private TestApp app;

  @BeforeEach
  void makeApp() {
    app = guarded();
  }

  private void deprecate(String route) {
    app.apply(
        route, new RouteAction.Deprecate("2030-06-30T12:00:00.5Z", "/v2", "use version 2", null));
  }

  private static void assertNotice(Answer answer) {
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Deprecation")).isEqualTo(NOW);
    assertThat(answer.header("Sunset")).isEqualTo("Sun, 30 Jun 2030 12:00:00 GMT");
  }

  private static void assertNoNotice(Answer answer) {
    assertThat(answer.headers().names())
        .extracting(String::toLowerCase)
        .doesNotContain("deprecation", "sunset", "link");
  }

  @Test
  void theNotice() {
    app.router().get("/old").handler(app.named("old"));
    app.start();
    assertNoNotice(app.get("/old"));
    deprecate("/old");
    Answer answer = app.get("/old");
    assertNotice(answer);
    assertThat(answer.header("Link")).isEqualTo(SUCCESSOR);
    assertThat(answer.body()).isEqualTo("old");
    assertThat(app.ran()).containsExactly("old", "old");
    app.enable("/old");
    assertNoNotice(app.get("/old"));
  }

  @Test
  void aNoticeWithoutDateAndSuccessor() {
    app.router().get("/old").handler(app.named("old"));
    app.start();
    app.apply("/old", new RouteAction.Deprecate(null, null, "", null));
    Answer answer = app.get("/old");
    assertThat(answer.header("Deprecation")).isEqualTo(NOW);
    assertThat(answer.header("Sunset")).isNull();
    assertThat(answer.header("Link")).isNull();
  }

  @Test
  void theMomentStaysAsLongAsTheRouteIsDeprecated() {
    app.router().get("/old").handler(app.named("old"));
    app.start();
    deprecate("/old");
    app.clock().advance(Duration.ofDays(3));
    app.apply("/old", new RouteAction.Deprecate(null, "/v3", "", null));
    assertThat(app.get("/old").header("Deprecation")).isEqualTo(NOW);
  }

  @Test
  void theNoticeEndsWithItsEnd() {
    app.router().get("/old").handler(app.named("old"));
    app.start();
    app.apply(
        "/old", new RouteAction.Deprecate(null, "/v2", "", MutableClock.START.plusSeconds(60)));
    assertThat(app.get("/old").header("Link")).isEqualTo(SUCCESSOR);
    app.clock().advance(Duration.ofSeconds(60));
    assertNoNotice(app.get("/old"));
  }

  /** Whom a maintenance lets pass is served, and told as everybody is before and after it. */
  @Test
  void whoPassesAMaintenanceIsTold() {
    app.router().get("/old").handler(app.named("old"));
    app.start();
    app.apply(
        "/old", new RouteAction.Deprecate(null, "/v2", "", MutableClock.START.plusSeconds(50)));
    MaintenanceWindow window =
        new MaintenanceWindow(
            MutableClock.START.plusSeconds(10), MutableClock.START.plusSeconds(60), "");
    RouteAction.Allow here = new RouteAction.Allow(List.of("127.0.0.0/8", "::1"), null);
    app.apply("/old", new RouteAction.Schedule(window, here));
    assertThat(app.get("/old").header("Link")).isEqualTo(SUCCESSOR);
    app.clock().advance(Duration.ofSeconds(10));
    Answer inside = app.get("/old");
    assertThat(inside.status()).isEqualTo(200);
    assertThat(inside.header("Deprecation")).isEqualTo(NOW);
    assertThat(inside.header("Link")).isEqualTo(SUCCESSOR);
    app.clock().advance(Duration.ofSeconds(40));
    assertThat(app.get("/old").status()).isEqualTo(200);
    assertNoNotice(app.get("/old"));
  }

  @Test
  void aDeclaredNotice() {
    Shield.on(app.router().get("/old"))
        .deprecated("Sat, 01 Jan 2028 00:00:00 GMT", "https://example.org/v2?a=b")
        .handler(app.named("old"));
    app.start();
    Answer answer = app.get("/old");
    assertThat(answer.header("Deprecation")).isEqualTo(NOW);
    assertThat(answer.header("Sunset")).isEqualTo("Sat, 01 Jan 2028 00:00:00 GMT");
    assertThat(answer.header("Link"))
        .isEqualTo("<https://example.org/v2?a=b>; rel=\"successor-version\"");
  }

  /** Another system may have stored what ours refuses. */
  @Test
  void anOddSuccessorAndAnUnreadableDateDoNoHarm() {
    RouteState odd =
        RouteState.builder("GET:/old")
            .status(RouteStatus.DEPRECATED)
            .sunsetDate("some day")
            .successorPath("/ä ☃>, <x")
            .deprecatedAt(MutableClock.START)
            .origin(Origin.RUNTIME)
            .build();
    Edit edit = new Edit(DocumentKey.state("GET:/old"), 0, odd);
    TestApp.await(app.store().commit(new Change("foreign", List.of(edit), List.of())));
    app.router().get("/old").handler(app.named("old"));
    app.start();
    Answer answer = app.get("/old");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("old");
    assertThat(answer.header("Deprecation")).isEqualTo(NOW);
    assertThat(answer.header("Sunset")).isNull();
    assertThat(answer.headers("Link")).hasSize(1);
  }

  /** Whatever the application does with its own links, they stay. */
  @Test
  void linksOfTheApplicationStay() {
    app.router().route().handler(this::linkBefore);
    app.router().get("/before").handler(app.named("before"));
    app.router()
        .get("/put")
        .handler(ctx -> ctx.response().putHeader("Link", "</put>; rel=\"next\"").end());
    app.router()
        .get("/several")
        .handler(
            ctx -> {
              ctx.response().putHeader("link", "</1>; rel=\"next\", </2>; rel=\"prev\"");
              ctx.response().headers().add("Link", "</3>; rel=\"up\"");
              ctx.response().end();
            });
    app.router()
        .get("/late")
        .handler(
            ctx -> {
              ctx.addHeadersEndHandler(
                  v -> ctx.response().putHeader("Link", "</late>; rel=\"next\""));
              ctx.response().end();
            });
    app.start();
    for (String path : List.of("/before", "/put", "/several", "/late")) {
      deprecate(path);
    }
    assertThat(app.get("/before").headers("Link"))
        .containsExactly("</before>; rel=\"first\"", SUCCESSOR);
    assertThat(app.get("/put").headers("Link")).containsExactly("</put>; rel=\"next\"", SUCCESSOR);
    assertThat(app.get("/several").headers("Link"))
        .containsExactly("</1>; rel=\"next\", </2>; rel=\"prev\"", "</3>; rel=\"up\"", SUCCESSOR);
    assertThat(app.get("/late").headers("Link"))
        .containsExactly("</late>; rel=\"next\"", SUCCESSOR);
  }

  private void linkBefore(RoutingContext ctx) {
    ctx.response().headers().add("Link", "</before>; rel=\"first\"");
    ctx.next();
  }

  @Test
  void aStreamedAndAFailedResponseCarryIt() {
    app.router()
        .get("/stream")
        .handler(
            ctx -> {
              ctx.response().setChunked(true).write("a");
              ctx.response().end("b");
            });
    app.router().get("/fail").handler(ctx -> ctx.fail(418));
    app.start();
    deprecate("/stream");
    deprecate("/fail");
    Answer streamed = app.get("/stream");
    assertNotice(streamed);
    assertThat(streamed.body()).isEqualTo("ab");
    assertThat(app.get("/fail").header("Link")).isEqualTo(SUCCESSOR);
    assertThat(app.client().send("HEAD", "/stream").status()).isEqualTo(405);
  }

  @Test
  void aHeadRequestIsTold() {
    app.router().route("/old").handler(app.named("old"));
    app.start();
    deprecate("/old");
    assertNotice(app.client().send("HEAD", "/old"));
  }

  @Test
  void afterARerouteTheNoticeOfTheLastRouteIsSentOnce() {
    app.router().get("/first").handler(ctx -> ctx.reroute("/old"));
    app.router().get("/away").handler(ctx -> ctx.reroute("/fresh"));
    app.router().get("/old").handler(app.named("old"));
    app.router().get("/fresh").handler(app.named("fresh"));
    app.start();
    app.apply("/first", new RouteAction.Deprecate(null, "/other", "", null));
    app.apply("/away", new RouteAction.Deprecate(null, "/other", "", null));
    deprecate("/old");
    Answer answer = app.get("/first");
    assertNotice(answer);
    assertThat(answer.headers("Link")).containsExactly(SUCCESSOR);
    assertNoNotice(app.get("/away"));
  }

  @Test
  void ofSeveralEndpointsOnTheWayTheLastIsTold() {
    Shield.on(app.router().get("/api/*")).deprecated(null, "/elsewhere").handler(ctx -> ctx.next());
    app.router().get("/api/old").handler(app.named("old"));
    app.router().get("/api/fine").handler(app.named("fine"));
    app.start();
    deprecate("GET:/api/old");
    Answer answer = app.get("/api/old");
    assertNotice(answer);
    assertThat(answer.headers("Link")).containsExactly(SUCCESSOR);
    assertThat(app.get("/api/fine").header("Link"))
        .isEqualTo("</elsewhere>; rel=\"successor-version\"");
  }

  @Test
  void aRefusalCarriesNoNotice() {
    Shield.on(app.router().get("/api/*")).deprecated().handler(ctx -> ctx.next());
    app.router().get("/api/closed").handler(app.named("closed"));
    app.start();
    app.disable("GET:/api/closed");
    Answer answer = app.get("/api/closed");
    assertThat(answer.code()).isEqualTo("ROUTE_DISABLED");
  }
}
