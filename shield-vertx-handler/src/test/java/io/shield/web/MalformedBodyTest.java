package io.shield.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.fixtures.ErrorStream;
import io.vertx.ext.web.handler.BodyHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A body in chunks that are none is the client's mistake: refused, and no line in the log. */
class MalformedBodyTest extends WebTest {
  private static final String[] HEAD = {
    "POST /payments HTTP/1.1", "Host: localhost", "Transfer-Encoding: chunked", ""
  };

  private static Answer sent(TestApp app, String body) {
    return app.client().exchange("POST", String.join("\r\n", HEAD), body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"zz\r\n", "1\r\n{\r\n-5\r\n"})
  void isRefused(String body) {
    try (ErrorStream log = new ErrorStream()) {
      TestApp app = guarded();
      app.router().route().handler(BodyHandler.create(false));
      app.router().post("/payments").handler(app.named("payments"));
      app.start();
      Answer answer = sent(app, body);
      assertThat(answer.status()).as(answer + " " + app.ran() + log.lines("")).isEqualTo(400);
      assertThat(app.ran()).isEmpty();
      assertThat(log.lines("")).isEmpty();
    }
  }

  @Test
  void isRefusedByAFailureHandler() {
    TestApp app = guarded();
    app.router().route().handler(BodyHandler.create(false));
    app.router()
        .post("/payments")
        .handler(app.named("payments"))
        .failureHandler(ctx -> ctx.response().setStatusCode(ctx.statusCode()).end("failed"));
    app.start();
    assertThat(sent(app, "zz\r\n")).extracting(Answer::status).isEqualTo(400);
  }

  /** The handler waits for the body and sees nothing but that it does not come. */
  @ParameterizedTest
  @ValueSource(strings = {"zz\r\n", "1\r\n{\r\n-5\r\n"})
  void isRefusedWhereTheApplicationReads(String body) {
    try (ErrorStream log = new ErrorStream()) {
      TestApp app = guarded();
      app.router()
          .post("/payments")
          .handler(ctx -> ctx.request().body().onSuccess(read -> ctx.response().end("paid")));
      app.start();
      assertThat(sent(app, body).status()).isEqualTo(400);
      assertThat(log.lines("")).isEmpty();
    }
  }
}
