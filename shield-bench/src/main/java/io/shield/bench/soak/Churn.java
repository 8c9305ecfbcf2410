package io.shield.bench.soak;

import io.shield.ShieldEngine;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.shield.spi.ShieldBackend;
import io.shield.web.ShieldHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.ext.web.Router;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** What comes and goes all the time, on one event loop. */
final class Churn {
  private static final int STATES = 100;
  private static final int ROUTES_OF_ROUTER = 20;
  private static final int STREAMS = 20;
  private static final int ROUTES_OF_BUILD = 10;
  private static final int REQUESTS = 5;
  private static final int MOST_UNDER_WAY = 50;
  private static final Actor ACTOR = Actor.of("bench", "cli");

  private static final String FOLLOW =
      """
      GET /api/sdk/events HTTP/1.1\r
      Host: localhost\r
      Accept: text/event-stream\r
      Accept-Version: 1\r
      X-Shield-App-Id: bench\r
      \r
      """;

  private final Random random = new Random(7);
  private final Deque<NetSocket> streams = new ArrayDeque<>();
  private final Vertx vertx;
  private final ShieldBackend store;
  private final ShieldEngine engine;
  private final HttpClient http;
  private final NetClient net;
  private final int appPort;
  private final int serverPort;
  private int turn;
  private int builds;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private volatile String failure = "none";

  /**
   * @param store of the engine
   * @param appPort of the application whose callers come and go
   * @param serverPort of the Shield Server whose clients come and go
   */
  Churn(Vertx vertx, ShieldBackend store, ShieldEngine engine, int appPort, int serverPort) {
    this.vertx = vertx;
    this.store = store;
    this.engine = engine;
    this.appPort = appPort;
    this.serverPort = serverPort;
    http = vertx.createHttpClient();
    net = vertx.createNetClient();
  }

  static List<RouteState> states() {
    return IntStream.range(0, STATES).mapToObj(i -> RouteState.active(state(i))).toList();
  }

  private static String state(int number) {
    return "GET:/state" + number;
  }

  void begin() {
    every(20, this::changeState);
    every(10, this::callers);
    every(100, this::clients);
    every(200, this::router);
    every(1000, this::build);
  }

  /** Not while much waits already, on a machine that has other work: that would grow. */
  private void every(long millis, Runnable work) {
    vertx.setPeriodic(
        millis,
        timer -> {
          if (underWay.get() < MOST_UNDER_WAY) {
            work.run();
          }
        });
  }

  private void changeState() {
    turn++;
    String route = state(turn % STATES);
    boolean open = turn / STATES % 2 == 0;
    watch(
        open
            ? engine.routes().disable(route, ACTOR, "churn")
            : engine.routes().enable(route, ACTOR, "churn"));
  }

  /** Each from another address. */
  private void callers() {
    for (int i = 0; i < REQUESTS; i++) {
      String address = random.nextInt(1, 224) + "." + random.nextInt(256) + ".7." + i;
      watch(
          http.request(HttpMethod.GET, appPort, "localhost", SoakedApp.PATH)
              .compose(request -> request.putHeader("X-Forwarded-For", address).send())
              .compose(HttpClientResponse::end));
    }
  }

  private void clients() {
    watch(
        net.connect(serverPort, "localhost")
            .compose(
                socket -> {
                  streams.add(socket);
                  return socket.write(FOLLOW);
                }));
    // Several where connecting was slow for a while.
    while (streams.size() > STREAMS) {
      watch(streams.remove().close());
    }
  }

  /** One that nobody keeps. */
  private void router() {
    Router router = Router.router(vertx);
    router.route().handler(ShieldHandler.create(engine, router));
    for (int i = 0; i < ROUTES_OF_ROUTER; i++) {
      router.get("/of-router" + i).handler(ctx -> ctx.response().end());
    }
  }

  /**
   * Another process of the application at the same store, with routes that no other build has: it
   * ends, and they are forgotten.
   */
  private void build() {
    List<String> routes =
        IntStream.range(0, ROUTES_OF_BUILD).mapToObj(i -> "GET:/build" + builds + "-" + i).toList();
    builds++;
    ShieldEngine other = ShieldEngine.create(vertx, SoakedApp.options(store));
    watch(
        other
            .start()
            .compose(v -> other.register(routes.stream().map(RouteState::active).toList()))
            .compose(v -> other.close())
            .compose(v -> Future.all(routes.stream().map(this::forget).toList())));
  }

  private Future<RouteState> forget(String route) {
    return engine.routes().forget(route, true, null, ACTOR, "churn");
  }

  private void watch(Future<?> work) {
    underWay.incrementAndGet();
    work.onComplete(done -> underWay.decrementAndGet())
        .onFailure(
            e -> {
              failures.incrementAndGet();
              failure = e.toString();
            });
  }

  int failures() {
    return failures.get();
  }

  /** The last one. */
  String failure() {
    return failure;
  }
}
