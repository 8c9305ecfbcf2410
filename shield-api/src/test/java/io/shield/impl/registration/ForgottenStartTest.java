package io.shield.impl.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shield.internal.log.RecordedLog;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Somebody who forgot to start the engine is told. */
class ForgottenStartTest {
  private final Vertx vertx = Vertx.vertx();
  private final ContextInternal context = ((VertxInternal) vertx).createEventLoopContext();
  private final RecordedLog recorded = new RecordedLog();
  private final AtomicBoolean asked = new AtomicBoolean();
  private final AtomicInteger looks = new AtomicInteger();
  private final ForgottenStart forgotten =
      new ForgottenStart(
          context,
          () -> {
            looks.incrementAndGet();
            return asked.get();
          },
          1,
          recorded.logger());

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void isToldOnceAndNotBeforeARequestCame() {
    forgotten.watch();
    forgotten.watch();
    await().until(() -> looks.get() > 2);
    assertThat(recorded.lines()).isEmpty();
    asked.set(true);
    List<String> lines = new ArrayList<>();
    await().until(() -> lines.addAll(recorded.lines()));
    assertThat(lines).singleElement().asString().contains("never started", "engine.start()");
    int seen = looks.get();
    forgotten.watch();
    // Whatever the timer still had to do has been done behind it.
    context.owner().timer(20).await();
    assertThat(looks.get()).isEqualTo(seen);
    assertThat(recorded.lines()).isEmpty();
  }

  @Test
  void whoStartsItHearsNothing() {
    asked.set(true);
    forgotten.end();
    forgotten.watch();
    context.owner().timer(20).await();
    assertThat(looks.get()).isZero();
    assertThat(recorded.lines()).isEmpty();
  }
}
