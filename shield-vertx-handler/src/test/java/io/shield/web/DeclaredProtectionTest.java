package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.error.ShieldException;
import io.shield.memory.MemoryBackend;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is declared beside routes and enforced by nobody is found at the start. */
class DeclaredProtectionTest {
  private Vertx vertx;
  private ShieldEngine engine;
  private Router router;

  @BeforeEach
  void open() {
    vertx = Vertx.vertx();
    engine = engine(false);
    router = Router.router(vertx);
  }

  private ShieldEngine engine(boolean strict) {
    ShieldOptions options =
        new ShieldOptions()
            .setName("strict-" + strict)
            .setBackend(MemoryBackend.create())
            .setStrict(strict);
    return ShieldEngine.create(vertx, options);
  }

  @AfterEach
  void close() {
    TestApp.await(vertx.close());
  }

  /** As an application does, on a context, and then starts the engine. */
  private void start(BiConsumer<ShieldEngine, Router> setUp) {
    Promise<Void> done = Promise.promise();
    vertx.runOnContext(
        v -> {
          setUp.accept(engine, router);
          engine.start().onComplete(done);
        });
    TestApp.await(done.future());
  }

  private Future<Void> startStrictly(BiConsumer<ShieldEngine, Router> setUp) {
    engine = engine(true);
    Promise<Void> done = Promise.promise();
    vertx.runOnContext(
        v -> {
          setUp.accept(engine, router);
          engine.start().onComplete(done);
        });
    return done.future();
  }

  private void assertTold(BiConsumer<ShieldEngine, Router> setUp, String... words) {
    start(setUp);
    assertThat(engine.store().status().warning())
        .contains("declared protection does not stand: GET:/x")
        .contains(words);
    router = Router.router(vertx);
    assertThatThrownBy(() -> TestApp.await(startStrictly(setUp)))
        .hasRootCauseInstanceOf(ShieldException.class)
        .hasMessageContaining("GET:/x");
  }

  private static void declare(Router router) {
    Shield.on(router.get("/x")).disabled("broken").handler(ctx -> ctx.end("x"));
  }

  @Test
  void aRouterWithoutAHandler() {
    assertTold((shield, any) -> declare(any), "known to no ShieldHandler");
  }

  @Test
  void aHandlerBehindTheRoute() {
    assertTold(
        (shield, any) -> {
          declare(any);
          any.route().handler(ShieldHandler.create(shield, any));
        },
        "is not behind the ShieldHandler of its router");
  }

  @Test
  void aHandlerThatIsNotInstalled() {
    assertTold(
        (shield, any) -> {
          assertThat(ShieldHandler.create(shield, any)).isNotNull();
          declare(any);
        },
        "is not behind the ShieldHandler of its router");
  }

  @Test
  void aHandlerForOtherPathsOrMethods() {
    assertTold(
        (shield, any) -> {
          any.route("/api/*").handler(ShieldHandler.create(shield, any));
          any.post().handler(ShieldHandler.create(shield, any));
          declare(any);
        },
        "for all paths and methods");
  }

  @Test
  void aHandlerInsideASubRouter() {
    assertTold(
        (shield, any) -> {
          Router sub = Router.router(vertx);
          sub.route().handler(ShieldHandler.create(shield, sub));
          any.route("/v1/*").subRouter(sub);
          declare(any);
        },
        "known to no ShieldHandler");
  }

  @Test
  void whatIsEnforcedIsNotTold() {
    TestApp.await(
        startStrictly(
            (shield, any) -> {
              any.route().handler(ShieldHandler.create(shield, any));
              declare(any);
              Router sub = Router.router(vertx);
              declare(sub);
              any.route("/v1/*").subRouter(sub);
              Router own = Router.router(vertx);
              own.route().handler(ShieldHandler.create(shield, own));
              declare(own);
              Router guards = Router.router(vertx);
              Shield.on(guards.get("/guarded").handler(ShieldHandler.guard(shield)))
                  .disabled("")
                  .handler(ctx -> ctx.end("x"));
            }));
    assertThat(String.valueOf(engine.store().status().warning())).doesNotContain("does not stand");
  }

  @Test
  void whatIsMendedIsNotToldAnyMore() {
    start(
        (shield, any) -> {
          Router sub = Router.router(vertx);
          declare(sub);
          any.route().handler(ShieldHandler.create(shield, any));
          any.putMetadata("sub", sub);
        });
    assertThat(engine.store().status().warning()).contains("known to no ShieldHandler");
    router.route("/v1/*").subRouter((Router) router.metadata().get("sub"));
    assertThat(String.valueOf(engine.store().status().warning())).doesNotContain("does not stand");
  }

  @Test
  void whatIsDeclaredOnNoContext() {
    declare(router);
    TestApp.await(engine.start());
    assertThat(engine.store().status().warning()).contains("GET:/x is known to no ShieldHandler");
  }

  @Test
  void whatIsDeclaredOnNoContextBeforeThereIsAnEngine() {
    TestApp.await(engine.close());
    declare(router);
    engine = engine(false);
    TestApp.await(engine.start());
    assertThat(engine.store().status().warning()).contains("GET:/x is known to no ShieldHandler");
  }

  @Test
  void whatIsLeftOfAnotherVertxIsNotTold() {
    declare(router);
    Vertx other = Vertx.vertx();
    try {
      ShieldEngine own =
          ShieldEngine.create(
              other, new ShieldOptions().setBackend(MemoryBackend.create()).setStrict(true));
      TestApp.await(own.start());
      assertThat(own.store().status().warning()).isNull();
    } finally {
      TestApp.await(other.close());
    }
    assertThat(router.getRoutes()).as("keeps what is declared").hasSize(1);
  }
}
