package shop;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.launcher.application.HookContext;
import io.vertx.launcher.application.VertxApplication;
import io.vertx.launcher.application.VertxApplicationHooks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The shop as the launcher starts it, on free ports, with a file of conf/. */
final class RunningShop extends VertxApplication implements VertxApplicationHooks, AutoCloseable {
  /** How a request ended. */
  record Answer(int status, String body, HttpResponse<String> whole) {}

  private static final long PATIENCE_MILLIS = 60_000;

  final int port;
  final int adminPort;
  private Vertx vertx;

  private RunningShop(int port, int adminPort, List<String> arguments) {
    super(arguments.toArray(String[]::new), null, false, false);
    this.port = port;
    this.adminPort = adminPort;
  }

  /**
   * Starts one.
   *
   * @param over what differs from the file, or null
   */
  static RunningShop start(String file, JsonObject over, String... arguments) throws IOException {
    int port = freePort();
    int adminPort = freePort();
    JsonObject conf = new JsonObject().put("file", "conf/" + file);
    conf.put("web", new JsonObject().put("port", port));
    if (!file.startsWith("service")) {
      conf.put("admin", new JsonObject().put("admin", new JsonObject().put("port", adminPort)));
    }
    if (over != null) {
      conf.mergeIn(over, true);
    }
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of(Shop.class.getName(), "--conf", conf.encode()));
    RunningShop shop = new RunningShop(port, adminPort, all);
    if (shop.launch() != 0) {
      throw new AssertionError("the shop did not start");
    }
    return shop;
  }

  static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  @Override
  public void afterVertxStarted(HookContext context) {
    vertx = context.vertx();
  }

  Answer get(String target, String... headers) throws Exception {
    return send("GET", port, target, null, headers);
  }

  Answer post(String target, String body, String... headers) throws Exception {
    return send("POST", port, target, body, headers);
  }

  /** What an operator does: close a route, or open it again. */
  void change(String action, String route, String reason) throws Exception {
    String body = new JsonObject().put("reason", reason).encode();
    Answer done = send("POST", adminPort, "/api/routes/" + action + "?path=" + route, body);
    if (done.status != 200) {
      throw new AssertionError(done.body);
    }
  }

  /** A request on a connection of its own, so that it may come to any instance. */
  static Answer send(String method, int port, String target, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + target));
    request.method(
        method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> whole =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .build()
            .send(request.build(), BodyHandlers.ofString());
    return new Answer(whole.statusCode(), whole.body(), whole);
  }

  static void until(BooleanSupplier seen) throws InterruptedException {
    long start = System.currentTimeMillis();
    while (!seen.getAsBoolean()) {
      if (System.currentTimeMillis() - start > PATIENCE_MILLIS) {
        throw new AssertionError("not seen in time");
      }
      Thread.sleep(20);
    }
  }

  static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
