package io.shield.bench.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A server on one event loop whose router has ten routes. Arguments: the {@link Variant}, and for
 * one with Redis its URL. Says its port; then on every line how much processor time its threads
 * have used, in nanoseconds.
 */
public final class LoadedServer {
  private static final int ROUTES = 10;

  private LoadedServer() {}

  /** The path of a route by its number. */
  static String path(int number) {
    return "/v1/resource" + number + "/items";
  }

  /** The route that is asked for. */
  static String askedFor() {
    return path(ROUTES / 2);
  }

  /** A route that Shield keeps closed. */
  static String closed() {
    return path(0);
  }

  /** Serves until its input ends. */
  public static void main(String[] arguments) throws Exception {
    Vertx vertx = Vertx.vertx();
    Router router = Router.router(vertx);
    Variant variant = Variant.valueOf(arguments[0]);
    new Standing(vertx, router, arguments.length > 1 ? arguments[1] : "").putBefore(variant);
    for (int i = 0; i < ROUTES; i++) {
      router.get(path(i)).handler(ctx -> ctx.response().end("paid"));
    }
    HttpServer server =
        vertx
            .createHttpServer(new HttpServerOptions().setPort(0).setHost("localhost"))
            .requestHandler(router)
            .listen()
            .await(60, TimeUnit.SECONDS);
    System.out.println("port " + server.actualPort());
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (in.readLine() != null) {
      System.out.println("used " + used());
    }
    Runtime.getRuntime().halt(0);
  }

  /** Not what the JVM does beside, which compiles for a long time. */
  private static long used() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long sum = 0;
    for (long id : threads.getAllThreadIds()) {
      // Negative for a thread that ended meanwhile.
      sum += Math.max(0, threads.getThreadCpuTime(id));
    }
    return sum;
  }
}
