package io.shield.web.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A look-up is on every request's path: it allocates nothing. */
class RouteIndexAllocationTest {
  private static final int FINDS = 100_000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private long found;

  @ParameterizedTest
  @CsvSource({
    "10, /static7, 1",
    "10, /static7/, 1",
    "10, /orders7/12/lines/3, 1",
    "10, /tenants/x/files7, 1",
    "10, /unknown/path/of/some/length, 0",
    "1000, /static777, 1",
    "1000, /orders777/12/lines/3, 1",
    "1000, /tenants/x/files777, 1",
    "1000, /unknown/path/of/some/length, 0"
  })
  void aLookUpAllocatesNothing(int routes, String path, int expected) {
    Vertx vertx = Vertx.vertx();
    try {
      LiveRouteIndex live = new LiveRouteIndex(router(vertx, routes), "shield");
      findMany(live, path);
      findMany(live, path);
      found = 0;
      long before = THREADS.getCurrentThreadAllocatedBytes();
      findMany(live, path);
      long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      assertThat(found).isEqualTo((long) expected * FINDS);
      assertThat(allocated).isLessThan(FINDS);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  /**
   * Also with middleware, a wildcard with a method, a mixed template and a regex that do not match.
   */
  private static Router router(Vertx vertx, int routes) {
    Router router = Router.router(vertx);
    Router tenants = Router.router(vertx);
    router.route().handler(ctx -> ctx.next());
    router.post("/*").handler(ctx -> ctx.next());
    router.get("/files/:name.:ext").handler(ctx -> ctx.next());
    router.getWithRegex("\\/reports\\/(.*)").handler(ctx -> ctx.next());
    for (int i = 0; i < routes; i++) {
      router.get("/static" + i).handler(ctx -> ctx.next());
      router.get("/orders" + i + "/:id/lines/:line").handler(ctx -> ctx.next());
      tenants.get("/files" + i).handler(ctx -> ctx.next());
    }
    router.route("/tenants/:tenant/*").subRouter(tenants);
    return router;
  }

  private void findMany(LiveRouteIndex live, String path) {
    for (int i = 0; i < FINDS; i++) {
      if (live.get().find(path, HttpMethod.GET, 0) != null) {
        found++;
      }
    }
  }
}
