package io.shield.web;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** What tests of applications share: a Vert.x for each class, applications for each test. */
public abstract class WebTest {
  protected static Vertx vertx;

  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeAll
  static void openVertx() {
    vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  }

  @AfterAll
  static void closeVertx() {
    TestApp.await(vertx.close());
  }

  /** Closes something when the test has ended, the last first. */
  protected <T extends AutoCloseable> T closing(T thing) {
    open.add(thing);
    return thing;
  }

  /** An application with a handler for the whole router. */
  protected TestApp guarded() {
    return closing(TestApp.guarded(vertx));
  }

  protected TestApp guarded(ShieldHandlerOptions options) {
    return closing(TestApp.guarded(vertx, options));
  }

  /** An application whose router has no routes yet. */
  protected TestApp bare() {
    return closing(TestApp.bare(vertx));
  }

  @AfterEach
  void closeOpen() throws Exception {
    Collections.reverse(open);
    for (AutoCloseable thing : open) {
      thing.close();
    }
    open.clear();
  }
}
