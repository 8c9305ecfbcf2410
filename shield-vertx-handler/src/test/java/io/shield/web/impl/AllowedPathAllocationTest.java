package io.shield.web.impl;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.shield.RouteAction;
import io.shield.fixtures.MutableClock;
import io.shield.model.MaintenanceWindow;
import io.shield.web.ShieldHandler;
import io.shield.web.TestApp;
import io.shield.web.WebTest;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextDecorator;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that passes costs no allocation of ours. */
class AllowedPathAllocationTest extends WebTest {
  private static final int CALLS = 50_000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** A real request's context that only counts how often it went on. */
  @SuppressWarnings("unchecked") // a return type of Vert.x's
  private static final class Counting extends RoutingContextDecorator {
    private long passed;

    Counting(RoutingContextInternal real) {
      super(real.currentRoute(), real);
    }

    @Override
    public void next() {
      passed++;
    }
  }

  /** Measures on the event loop, inside of a request. */
  private static Handler<RoutingContext> measured(Handler<RoutingContext> handler) {
    return ctx -> {
      Counting counting = new Counting((RoutingContextInternal) ctx);
      handleMany(handler, counting);
      handleMany(handler, counting);
      long before = THREADS.getCurrentThreadAllocatedBytes();
      handleMany(handler, counting);
      long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      ctx.end(counting.passed + " passed, " + (allocated < CALLS ? "nothing" : allocated));
    };
  }

  private static void handleMany(Handler<RoutingContext> handler, RoutingContext ctx) {
    for (int i = 0; i < CALLS; i++) {
      handler.handle(ctx);
    }
  }

  private static final String NOTHING = 3 * CALLS + " passed, nothing";

  private TestApp app;

  private void startApp() {
    app = bare();
    Router root = app.router();
    ShieldHandler handler = ShieldHandler.create(app.engine(), root);
    root.route().handler(ctx -> measured(handler).handle(ctx));
    Router tenants = Router.router(vertx);
    tenants.get("/users/:id").handler(app.named("user"));
    root.get("/static").handler(app.named("static"));
    root.post("/static").handler(app.named("post"));
    root.get("/orders/:id/lines/:line").handler(app.named("line"));
    root.get("/wild/*").handler(app.named("wild"));
    root.getWithRegex("\\/other\\/(.*)").handler(app.named("regex"));
    root.route("/tenants/:tenant/*").subRouter(tenants);
    app.start();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/static", "/orders/7/lines/8", "/tenants/abc/users/9", "/unknown/path/of/length"})
  void theRoutersHandlerAllocatesNothing(String path) {
    startApp();
    assertThat(app.get(path).body()).isEqualTo(NOTHING);
    // Other routes and methods are closed, this one has a state of its own.
    app.disable("GET:/wild/*");
    app.disable("POST:/static");
    app.enable("GET:/static");
    app.enable("GET:/orders/:id/lines/:line");
    assertThat(app.get(path).body()).isEqualTo(NOTHING);
    assertThat(app.engine().errors()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"GET:/static, /static", "GET:/orders/:id/lines/:line, /orders/7/lines/8"})
  void norDoesItForAVerdictWithAnEdge(String key, String path) {
    startApp();
    MaintenanceWindow window =
        new MaintenanceWindow(
            MutableClock.START.plusSeconds(60), MutableClock.START.plusSeconds(120), "later");
    app.apply(key, new RouteAction.Schedule(window));
    assertThat(app.get(path).body()).as("before the window").isEqualTo(NOTHING);
    app.clock().advance(Duration.ofMinutes(2));
    assertThat(app.get(path).body()).as("after it").isEqualTo(NOTHING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/static", "/v1/orders/7"})
  void norDoesTheGuard(String path) {
    app = bare();
    Handler<RoutingContext> guard = ShieldHandler.guard(app.engine());
    Router sub = Router.router(vertx);
    app.router().get("/other").handler(measured(guard));
    app.router().get("/static").handler(measured(guard));
    sub.get("/orders/:id").handler(measured(guard));
    app.router().route("/v1/*").subRouter(sub);
    app.start();
    assertThat(app.get("/other").body()).isEqualTo(NOTHING);
    assertThat(app.get(path).body()).isEqualTo(NOTHING);
  }
}
