package io.shield.bench.backend;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.admin.AdminOptions;
import io.shield.admin.ShieldServer;
import io.shield.backend.file.FileBackend;
import io.shield.backend.file.FileBackendOptions;
import io.shield.backend.redis.RedisBackend;
import io.shield.backend.redis.RedisBackendOptions;
import io.shield.backend.server.ServerBackend;
import io.shield.backend.server.ServerBackendOptions;
import io.shield.bench.cluster.BenchCluster;
import io.shield.bench.redis.BenchRedis;
import io.shield.memory.MemoryBackend;
import io.shield.model.RouteState;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A started engine on a store of its own that holds a number of routes. */
final class Engine implements Closeable {
  /** How long a store may take with some of its routes: it is filled on any machine. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** So many routes are stored by one commit. */
  private static final int PORTION = 2000;

  private record Store(Vertx vertx, ShieldBackend backend) {}

  private final Vertx vertx;
  private final Deque<Closeable> stores = new ArrayDeque<>();
  private final ShieldEngine engine;

  /**
   * Starts it.
   *
   * @param backend memory, file, redis, cluster or server
   */
  Engine(String backend, int routes) throws IOException {
    Store store = store(backend);
    vertx = store.vertx();
    ShieldOptions options =
        new ShieldOptions()
            .setBackend(store.backend())
            .setChangeTimeout(PATIENCE)
            .putSetting("SHIELD_CACHE_DIR", "off")
            .putSetting("SHIELD_ENV", "production");
    String service = store.backend().service();
    if (service != null) {
      options.setService(service);
    }
    engine = ShieldEngine.create(vertx, options);
    get(engine.start());
    for (int from = 0; from < routes; from += PORTION) {
      get(engine.register(routes(from, Math.min(routes, from + PORTION))));
    }
  }

  private Store store(String name) throws IOException {
    if (name.equals("cluster")) {
      BenchCluster cluster = new BenchCluster();
      stores.push(cluster);
      return new Store(cluster.member(0), BenchCluster.backend());
    }
    return new Store(Vertx.vertx(), backend(name));
  }

  private ShieldBackend backend(String name) throws IOException {
    return switch (name) {
      case "memory" -> MemoryBackend.create();
      case "file" -> {
        Path directory = Files.createTempDirectory("shield-bench");
        stores.push(() -> delete(directory));
        String path = directory.resolve("state.json").toString();
        yield FileBackend.create(new FileBackendOptions().setPath(path));
      }
      case "redis" -> {
        BenchRedis redis = new BenchRedis();
        stores.push(redis);
        yield RedisBackend.create(new RedisBackendOptions().setUrl(redis.url()));
      }
      case "server" ->
          ServerBackend.create(
              new ServerBackendOptions().setUrls(List.of(server())).setService("bench"));
      default -> throw new IllegalArgumentException("there is no backend " + name);
    };
  }

  /** Starts a Shield Server with a Vert.x of its own; its address. */
  private String server() {
    Vertx its = Vertx.vertx();
    stores.push(() -> get(its.close()));
    ShieldServer server =
        new ShieldServer(
            new ShieldOptions().setBackend(MemoryBackend.create()), new AdminOptions().setPort(0));
    get(its.deployVerticle(server));
    return "http://localhost:" + server.actualPort();
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** The key of a route by its number. */
  static String route(int number) {
    return "GET:/v1/resource" + number + "/items";
  }

  private static List<RouteState> routes(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> RouteState.active(route(i))).toList();
  }

  Vertx vertx() {
    return vertx;
  }

  ShieldEngine shield() {
    return engine;
  }

  static <T> T get(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  @Override
  public void close() throws IOException {
    get(engine.close());
    get(vertx.close());
    for (Closeable store : stores) {
      store.close();
    }
  }
}
