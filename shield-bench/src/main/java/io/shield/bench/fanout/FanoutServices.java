package io.shield.bench.fanout;

import io.shield.backend.server.ServerBackend;
import io.shield.backend.server.ServerBackendOptions;
import io.shield.model.OpaqueDocument;
import io.shield.model.Origin;
import io.shield.model.RouteState;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.spi.CommitListener;
import io.shield.spi.CommitResult;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Many services that start at the same moment, each with the connections of its own: it asks where
 * the server is, subscribes, loads, and registers its routes. Arguments: port, how many, a prefix
 * for their names. Begins with the first line of its input; says when the last one was there and
 * how many failed.
 */
public final class FanoutServices {
  private static final int ROUTES = 5;

  /** What is told is of no matter here. */
  private static final CommitListener DEAF =
      new CommitListener() {
        @Override
        public void committed(Commit commit) {}

        @Override
        public void outdated() {}
      };

  private FanoutServices() {}

  /** Starts them. */
  public static void main(String[] arguments) throws Exception {
    Vertx vertx = Vertx.vertx();
    String url = "http://localhost:" + arguments[0];
    int count = Integer.parseInt(arguments[1]);
    warmUp(vertx, url, count, arguments[2]);
    Map<String, ShieldBackend> services = services(url, count, arguments[2]);
    System.out.println("ready");
    while (System.in.read() != '\n') {
      // until it is told to begin
    }
    List<Future<Void>> started = new ArrayList<>();
    services.forEach((name, service) -> started.add(start(vertx, name, service)));
    Future.join(started)
        .onComplete(
            all -> {
              long failed = started.stream().filter(Future::failed).count();
              started.stream()
                  .filter(Future::failed)
                  .limit(3)
                  .forEach(each -> System.err.println("a service did not start: " + each.cause()));
              System.out.println("started " + System.nanoTime() + " " + failed);
            });
    while (System.in.read() >= 0) {
      // until whoever started it is gone
    }
    Runtime.getRuntime().halt(0);
  }

  private static Map<String, ShieldBackend> services(String url, int count, String prefix) {
    Map<String, ShieldBackend> services = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String name = prefix + i;
      services.put(
          name,
          ServerBackend.create(new ServerBackendOptions().setUrls(List.of(url)).setService(name)));
    }
    return services;
  }

  /** A fleet comes back to a server that has been running, and each service has a process. */
  private static void warmUp(Vertx vertx, String url, int count, String prefix) throws Exception {
    Map<String, ShieldBackend> before = services(url, count / 2, prefix + "before");
    List<Future<Void>> started = new ArrayList<>();
    before.forEach((name, service) -> started.add(start(vertx, name, service)));
    Future.all(started)
        .compose(v -> Future.all(before.values().stream().map(ShieldBackend::shutdown).toList()))
        .await(1, TimeUnit.MINUTES);
  }

  private static Future<Void> start(Vertx vertx, String name, ShieldBackend service) {
    List<Edit> edits = new ArrayList<>();
    JsonObject declared = new JsonObject();
    for (int i = 0; i < ROUTES; i++) {
      RouteState state =
          RouteState.active("GET:/route" + i).toBuilder().origin(Origin.CODE).build();
      edits.add(new Edit(DocumentKey.state(state.path()), 0, state));
      declared.put(state.path(), LocalDate.now(ZoneOffset.UTC).toString());
    }
    // As engines record it.
    edits.add(
        new Edit(
            DocumentKey.document("registered:" + name), 0, new OpaqueDocument(declared.encode())));
    Change routes = new Change(UUID.randomUUID().toString(), edits, List.of());
    return service
        .startup(vertx)
        .compose(v -> service.subscribe(DEAF))
        .compose(v -> service.load())
        .compose(v -> service.commit(routes))
        .map(
            result -> {
              if (!(result instanceof CommitResult.Accepted)) {
                throw new IllegalStateException("not registered: " + result);
              }
              return null;
            });
  }
}
