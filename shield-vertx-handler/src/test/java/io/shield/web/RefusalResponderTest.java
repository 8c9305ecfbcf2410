package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.RouteAction;
import io.shield.decision.Decision;
import io.shield.decision.RefusalKind;
import io.shield.fixtures.ErrorStream;
import io.shield.fixtures.MutableClock;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Refusals in the application's own words. */
class RefusalResponderTest extends WebTest {
  private final ShieldHandlerOptions options = new ShieldHandlerOptions();
  private final ErrorStream log = closing(new ErrorStream());

  private TestApp closed(RefusalResponder responder) {
    TestApp app = guarded(options);
    ShieldRoute route = Shield.on(app.router().get("/x")).maintenance("upgrade");
    if (responder != null) {
      route.onRefusal(responder);
    }
    route.handler(app.named("x"));
    return app.start();
  }

  private static void assertStandard(Answer answer) {
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.code()).isEqualTo("MAINTENANCE_MODE");
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
  }

  @Test
  void anyStatusAndBody() {
    TestApp app =
        closed(
            (ctx, refusal) ->
                ctx.response()
                    .setStatusCode(200)
                    .putHeader("Content-Type", "text/html")
                    .end("<h1>" + ((Decision.Maintenance) refusal).reason() + "</h1>"));
    Answer answer = app.get("/x");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("<h1>upgrade</h1>");
    assertThat(answer.header("Content-Type")).isEqualTo("text/html");
    assertThat(answer.headers().size()).as("nothing of ours but the date").isEqualTo(3);
    assertThat(app.ran()).isEmpty();
    assertThat(app.client().send("GET", "/x").status()).isEqualTo(200);
    assertThat(app.client().connections()).isEqualTo(1);
  }

  @Test
  void aRedirect() {
    TestApp app = closed((ctx, refusal) -> ctx.redirect("/sorry"));
    app.router().get("/sorry").handler(app.named("sorry"));
    Answer answer = app.get("/x");
    assertThat(answer.status()).isEqualTo(302);
    assertThat(answer.header("Location")).isEqualTo("/sorry");
    assertThat(app.ran()).isEmpty();
  }

  @Test
  void aRerouteToAnotherPage() {
    TestApp app =
        closed(
            (ctx, refusal) -> {
              ctx.reroute("/sorry");
              return Future.succeededFuture();
            });
    app.router().get("/sorry").handler(app.named("sorry"));
    assertThat(app.get("/x").body()).isEqualTo("sorry");
    assertThat(app.ran()).containsExactly("sorry");
  }

  @Test
  void anAnswerThatComesLater() {
    TestApp app =
        closed(
            (ctx, refusal) ->
                vertx.timer(20).compose(late -> ctx.response().setStatusCode(418).end("late")));
    assertThat(app.get("/x").body()).isEqualTo("late");
    assertThat(app.get("/x").status()).isEqualTo(418);
    assertThat(app.ran()).isEmpty();
  }

  @Test
  void theResponderIsCalledOnTheRequestsContextWithTheDecision() {
    List<Context> contexts = new CopyOnWriteArrayList<>();
    List<Decision.Refusal> refusals = new CopyOnWriteArrayList<>();
    TestApp app = guarded(options);
    app.router()
        .route()
        .order(-1)
        .handler(
            ctx -> {
              contexts.add(Vertx.currentContext());
              ctx.next();
            });
    Shield.on(app.router().get("/x"))
        .disabled("gone")
        .onRefusal(
            (ctx, refusal) -> {
              contexts.add(Vertx.currentContext());
              refusals.add(refusal);
              return ctx.response().end();
            })
        .handler(app.named("x"));
    app.start();
    contexts.clear();
    app.get("/x");
    assertThat(contexts).hasSize(2).doesNotContainNull();
    assertThat(contexts.get(0)).isSameAs(contexts.get(1));
    assertThat(refusals).containsExactly(new Decision.Disabled("gone", null));
  }

  @Test
  void aRoutesOwnResponderGoesBeforeTheOptionsOne() {
    options.setResponder(
        RefusalKind.MAINTENANCE, (ctx, refusal) -> ctx.response().setStatusCode(599).end("all"));
    TestApp app = closed((ctx, refusal) -> ctx.response().setStatusCode(598).end("own"));
    app.router().get("/y").handler(app.named("y"));
    app.maintenance("/y");
    assertThat(app.get("/x").body()).isEqualTo("own");
    assertThat(app.get("/y").body()).isEqualTo("all");
    app.disable("/y");
    assertThat(app.get("/y").code()).as("another kind").isEqualTo("ROUTE_DISABLED");
    app.disable("/x");
    assertThat(app.get("/x").body()).as("a route's own is for every kind").isEqualTo("own");
  }

  @ParameterizedTest
  @EnumSource(
      value = RefusalKind.class,
      names = {"MAINTENANCE", "DISABLED", "ENV_GATED"})
  void aResponderForAKind(RefusalKind kind) {
    options.setResponder(kind, (ctx, refusal) -> ctx.response().end("own " + refusal.kind()));
    TestApp app = guarded(options);
    app.router().get("/x").handler(app.named("x"));
    app.start();
    app.apply(
        "/x",
        switch (kind) {
          case MAINTENANCE -> new RouteAction.Maintenance("", null);
          case DISABLED -> new RouteAction.Disable("", null);
          default -> new RouteAction.EnvGate(List.of("dev"), null, null);
        });
    assertThat(app.get("/x").body()).isEqualTo("own " + kind);
  }

  @Test
  void itAnswersTheFleetsMaintenanceToo() {
    TestApp app = closed((ctx, refusal) -> ctx.response().end("own"));
    TestApp.await(app.engine().maintenance().enableGlobal(TestApp.ALICE, "moving"));
    assertThat(app.get("/x").body()).isEqualTo("own");
  }

  @Test
  void theDateIsThere() {
    TestApp app = closed((ctx, refusal) -> ctx.response().end("own"));
    assertThat(app.get("/x").header("Date")).isEqualTo("Tue, 01 Jan 2030 00:00:00 GMT");
  }

  @Test
  void itMaySayAnotherDate() {
    TestApp app = closed((ctx, refusal) -> ctx.response().putHeader("Date", "never").end("own"));
    assertThat(app.get("/x").header("Date")).isEqualTo("never");
  }

  @Test
  void oneThatThrowsGivesTheStandardRefusal() {
    TestApp app =
        closed(
            (ctx, refusal) -> {
              throw new IllegalStateException("on purpose");
            });
    assertStandard(app.get("/x"));
    assertThat(app.ran()).isEmpty();
    assertThat(app.engine().errors()).as("no request passed").isZero();
    assertThat(log.lines("A responder for MAINTENANCE_MODE failed")).hasSize(1);
    assertThat(log.lines("on purpose")).hasSize(1);
  }

  @Test
  void oneThatThrowsAnErrorGivesTheStandardRefusal() {
    TestApp app =
        closed(
            (ctx, refusal) -> {
              throw new AssertionError("on purpose");
            });
    assertStandard(app.get("/x"));
    assertThat(app.ran()).isEmpty();
  }

  @Test
  void oneThatReturnsNothingGivesTheStandardRefusal() {
    TestApp app = closed((ctx, refusal) -> null);
    assertStandard(app.get("/x"));
    assertThat(app.ran()).isEmpty();
    assertThat(app.engine().errors()).isZero();
  }

  @Test
  void oneThatReturnsNothingButAnsweredIsFine() {
    TestApp app =
        closed(
            (ctx, refusal) -> {
              ctx.response().setStatusCode(418).end("own");
              return null;
            });
    assertThat(app.get("/x").body()).isEqualTo("own");
    assertThat(app.get("/x").body()).isEqualTo("own");
    assertThat(app.client().connections()).isEqualTo(1);
  }

  @Test
  void oneThatFailsLaterGivesTheStandardRefusal() {
    TestApp app =
        closed(
            (ctx, refusal) -> vertx.timer(10).compose(late -> Future.failedFuture("on purpose")));
    app.apply("/x", new RouteAction.Maintenance("upgrade", MutableClock.START.plusSeconds(5)));
    Answer answer = app.get("/x");
    assertStandard(answer);
    assertThat(answer.header("Retry-After")).isEqualTo("5");
  }

  @Test
  void whatAFailedResponderPreparedIsTakenBack() {
    TestApp app = guarded(options);
    app.router()
        .route()
        .order(-1)
        .handler(
            ctx -> {
              ctx.response().putHeader("X-Request-Id", "7").putHeader("Vary", "Origin");
              ctx.next();
            });
    Shield.on(app.router().get("/x"))
        .maintenance("upgrade")
        .onRefusal(
            (ctx, refusal) -> {
              ctx.response()
                  .setStatusCode(200)
                  .setChunked(true)
                  .putHeader("Content-Encoding", "gzip")
                  .putHeader("X-Request-Id", "8");
              return Future.failedFuture("on purpose");
            })
        .handler(app.named("x"));
    app.start();
    Answer answer = app.get("/x");
    assertStandard(answer);
    assertThat(answer.header("Content-Encoding")).isNull();
    assertThat(answer.header("Transfer-Encoding")).isNull();
    assertThat(answer.header("Content-Length")).isEqualTo("" + answer.body().length());
    assertThat(answer.header("X-Request-Id")).as("earlier handlers' headers").isEqualTo("7");
    assertThat(answer.header("Vary")).isEqualTo("Origin");
  }

  @Test
  void oneThatFailsAfterTheHeadWasWrittenResetsTheResponse() {
    Promise<Void> failure = Promise.promise();
    TestApp app =
        closed(
            (ctx, refusal) -> {
              ctx.response().setChunked(true);
              return ctx.response().write("half").compose(v -> failure.future());
            });
    vertx.setTimer(10, timer -> failure.fail("on purpose"));
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> app.get("/x"))
        .isInstanceOf(java.io.UncheckedIOException.class)
        .hasRootCauseInstanceOf(java.io.EOFException.class);
    assertThat(app.ran()).isEmpty();
    assertThat(app.get("/unknown").status()).isEqualTo(404);
  }

  @Test
  void oneThatFailsAfterItAnsweredChangesNothing() {
    TestApp app =
        closed(
            (ctx, refusal) ->
                ctx.response()
                    .setStatusCode(418)
                    .end("own")
                    .compose(v -> Future.failedFuture("on purpose")));
    assertThat(app.get("/x").body()).isEqualTo("own");
    assertThat(app.get("/x").body()).isEqualTo("own");
    assertThat(app.client().connections()).isEqualTo(1);
  }
}
