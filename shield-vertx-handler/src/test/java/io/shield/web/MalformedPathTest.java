package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.ErrorStream;
import io.vertx.ext.web.Router;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A path that cannot be decoded is the client's mistake: refused, and no line in the log. */
class MalformedPathTest extends WebTest {
  @ParameterizedTest
  @ValueSource(strings = {"/payments/%zz", "/%", "/%a", "/payments%", "/v1/%zz", "/%c0%zz?x=%zz"})
  void isRefused(String target) {
    try (ErrorStream log = new ErrorStream()) {
      TestApp app = guarded();
      app.router().route().handler(ctx -> ctx.next());
      app.router().get("/payments/:id").handler(app.named("payments"));
      Router v1 = Router.router(vertx);
      v1.get("/items").handler(app.named("items"));
      app.router().route("/v1/*").subRouter(v1);
      app.start();
      assertThat(app.client().send("GET", target).status()).isEqualTo(400);
      assertThat(app.ran()).isEmpty();
      assertThat(log.lines("")).isEmpty();
    }
  }

  /** It is judged by a route that does not read it, and what is said of that names it as it is. */
  @Test
  void isRefusedByAClosedRouteThatLetsRolesPass() {
    TestApp app = guarded();
    Shield.on(app.router().route())
        .maintenance("upgrade")
        .allowRoles("admin")
        .handler(app.named("any"));
    app.start();
    assertThat(app.client().send("GET", "/%zz").status()).isEqualTo(503);
    assertThat(app.ran()).isEmpty();
    assertThat(app.engine().errors()).isZero();
  }
}
