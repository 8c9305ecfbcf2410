package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.ext.web.Router;
import org.junit.jupiter.api.Test;

/** Two routers of one engine that have routes in common. */
class TwoRoutersTest extends WebTest {
  private final TestApp app = guarded();
  private final TestApp second = bare();

  private Router other() {
    Router other = Router.router(vertx);
    other.route().handler(ShieldHandler.create(app.engine(), other));
    second.router().route().subRouter(other);
    return other;
  }

  private void start() {
    app.start();
    second.listen();
    // Both were indexed, in this order.
    app.get("/warm-up");
    second.get("/warm-up");
  }

  @Test
  void aPlainRouteDoesNotReopenWhatAnotherRouterDeclaresClosed() {
    Shield.on(app.router().get("/pay")).disabled("not ready").handler(app.named("pay"));
    other().get("/pay").handler(app.named("pay"));
    start();
    for (int i = 0; i < 3; i++) {
      assertThat(second.get("/pay").code()).isEqualTo("ROUTE_DISABLED");
      assertThat(app.get("/pay").code()).isEqualTo("ROUTE_DISABLED");
    }
    assertThat(app.ran()).isEmpty();
  }

  @Test
  void aChangeOfAnotherRouteIsOneCommit() {
    Shield.on(app.router().get("/pay")).disabled("not ready").handler(app.named("pay"));
    Router other = other();
    Shield.on(other.get("/pay")).maintenance("moving").handler(app.named("pay"));
    other.get("/x").handler(app.named("x"));
    start();
    app.disable("GET:/x");
    long before = app.engine().snapshot().head().revision();
    for (int i = 1; i <= 3; i++) {
      app.maintenance("GET:/x");
      assertThat(app.engine().snapshot().head().revision()).isEqualTo(before + i);
    }
  }

  @Test
  void whatAnOperatorDecidesHoldsInBoth() {
    Shield.on(app.router().get("/pay")).disabled("not ready").handler(app.named("pay"));
    other().get("/pay").handler(app.named("pay"));
    start();
    app.enable("GET:/pay");
    assertThat(app.get("/pay").body()).isEqualTo("pay");
    assertThat(second.get("/pay").body()).isEqualTo("pay");
    app.disable("GET:/pay");
    assertThat(second.get("/pay").code()).isEqualTo("ROUTE_DISABLED");
  }
}
