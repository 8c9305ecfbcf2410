package io.shield.bench.fanout;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.admin.AdminOptions;
import io.shield.admin.ShieldServer;
import io.shield.memory.MemoryBackend;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What is followed: {@code shield}, a Shield Server on one event loop, or {@code bare}, a Vert.x
 * server on one event loop that writes what it is told to. Says its port; then {@code stats} says
 * the heap in use after a collection and the resident memory, in bytes, and {@code change} and
 * {@code write} say when that was acknowledged, or begun.
 */
public final class FanoutServer {
  /** The service that all clients are. */
  static final String SERVICE = "bench";

  private static final String ROUTE = SERVICE + ":GET:/payments";
  private static final long KEEPALIVE_MILLIS = 4_000;

  private FanoutServer() {}

  private interface Followed {
    int port();

    /** The moment that counts, in nanoseconds. */
    Future<Long> change(String argument);
  }

  /** Serves until its input ends. */
  public static void main(String[] arguments) throws Exception {
    Vertx vertx = Vertx.vertx();
    Followed followed = arguments[0].equals("shield") ? new Shield(vertx) : new Bare(vertx);
    System.out.println("port " + followed.port());
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", 2);
      if (words[0].equals("stats")) {
        System.out.println("stats " + heap() + " " + resident());
      } else {
        System.out.println("done " + get(followed.change(words[1])));
      }
    }
    Runtime.getRuntime().halt(0);
  }

  private static long heap() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(100);
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static long resident() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .map(line -> line.replaceAll("[^0-9]", ""))
            .mapToLong(Long::parseLong)
            .findFirst()
            .orElse(0)
        * 1024;
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static final class Shield implements Followed {
    private final ShieldServer server;

    Shield(Vertx vertx) throws Exception {
      ShieldOptions engine = new ShieldOptions().setBackend(MemoryBackend.create());
      server = new ShieldServer(engine, new AdminOptions().setPort(0));
      get(vertx.deployVerticle(server));
      get(server.engine().register(List.of(RouteState.active(ROUTE))));
    }

    @Override
    public int port() {
      return server.actualPort();
    }

    @Override
    public Future<Long> change(String reason) {
      ShieldEngine engine = server.engine();
      return engine
          .routes()
          .disable(ROUTE, Actor.of("bench", "cli"), reason)
          .map(state -> System.nanoTime());
    }
  }

  /** Confined to one event loop. */
  private static final class Bare implements Followed {
    private final Vertx vertx;
    private final HttpServer server;
    private final List<HttpServerResponse> open = new ArrayList<>();
    private io.vertx.core.Context context;

    Bare(Vertx vertx) throws Exception {
      this.vertx = vertx;
      this.context = vertx.getOrCreateContext();
      server =
          get(
              Future.<HttpServer>future(
                  listening ->
                      context.runOnContext(
                          v ->
                              vertx
                                  .createHttpServer()
                                  .requestHandler(this::accept)
                                  .listen(0, "localhost")
                                  .onComplete(listening))));
    }

    private void accept(HttpServerRequest request) {
      context = vertx.getOrCreateContext();
      if (open.isEmpty()) {
        vertx.setPeriodic(KEEPALIVE_MILLIS, timer -> write(Buffer.buffer(": keepalive\n")));
      }
      HttpServerResponse response = request.response();
      response.putHeader("Content-Type", "text/event-stream").setChunked(true);
      response.write("retry: 1000\nid: 0\ndata: {}\n\n");
      open.add(response);
    }

    private void write(Buffer text) {
      open.forEach(response -> response.write(text));
    }

    @Override
    public int port() {
      return server.actualPort();
    }

    @Override
    public Future<Long> change(String text) {
      Buffer bytes = Buffer.buffer(Base64.getDecoder().decode(text));
      return Future.future(
          begun ->
              context.runOnContext(
                  v -> {
                    begun.complete(System.nanoTime());
                    write(bytes);
                  }));
    }
  }
}
