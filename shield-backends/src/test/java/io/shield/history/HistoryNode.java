package io.shield.history;

import io.shield.RouteAction;
import io.shield.Routes;
import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.Store;
import io.shield.Store.Status.Condition;
import io.shield.backend.cluster.ClusterBackend;
import io.shield.backend.cluster.ClusterBackendOptions;
import io.shield.backend.cluster.HazelcastMember;
import io.shield.backend.redis.RedisBackend;
import io.shield.backend.redis.RedisBackendOptions;
import io.shield.error.OutcomeUnknownException;
import io.shield.error.VersionMismatchException;
import io.shield.fixtures.history.HistoryEvent;
import io.shield.fixtures.history.HistoryEvent.Accepted;
import io.shield.fixtures.history.HistoryEvent.Alarm;
import io.shield.fixtures.history.HistoryEvent.Asked;
import io.shield.fixtures.history.HistoryEvent.AuditRead;
import io.shield.fixtures.history.HistoryEvent.Refused;
import io.shield.fixtures.history.HistoryEvent.Unknown;
import io.shield.fixtures.history.HistoryEvent.Wanted;
import io.shield.fixtures.history.HistoryLog;
import io.shield.fixtures.history.Marks;
import io.shield.model.OpaqueDocument;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Versioned;
import io.shield.spi.AuditQuery;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A process of a history: an engine on Redis or in a cluster, and a client of it that changes
 * routes and documents. Reads commands from standard input, one a line, and ends with it; writes
 * events and its status to standard output. Arguments: its name, the URL of Redis or a place in a
 * cluster, a directory for its cache, a seed.
 */
final class HistoryNode {
  /** How often an audit log is read is decided by how many entries it keeps. */
  static final int AUDIT_LIMIT = 10_000;

  private static final List<String> ROUTES = List.of("GET:/a", "GET:/b", "GET:/c", "POST:/a");
  private static final List<String> DOCUMENTS = List.of("one", "two");
  private static final int TICK_MILLIS = 10;
  private static final int MOST_PENDING = 4;

  private final String name;
  private final Random random;
  private final ShieldEngine engine;
  private final Actor actor;
  private final PrintStream out;
  private int operations;
  private int pending;
  private boolean writing;
  private boolean alarmed;
  private NodeStatus told = NodeStatus.NONE;

  private HistoryNode(String name, ShieldEngine engine, long seed, PrintStream out) {
    this.name = name;
    this.engine = engine;
    this.actor = Actor.of(name, "cli");
    this.random = new Random(seed);
    this.out = out;
  }

  /** Runs a node until its standard input ends. */
  public static void main(String[] arguments) throws Exception {
    Vertx vertx =
        HazelcastMember.isPlace(arguments[1])
            ? HazelcastMember.parse(arguments[1]).start().await(90, TimeUnit.SECONDS)
            : Vertx.vertx();
    Context context = vertx.getOrCreateContext();
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    ShieldEngine engine = engine(vertx, arguments[1], arguments[2]);
    HistoryNode node = new HistoryNode(arguments[0], engine, Long.parseLong(arguments[3]), out);
    context.runOnContext(v -> node.start());
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      String command = line;
      context.runOnContext(v -> node.obey(command));
    }
    Runtime.getRuntime().halt(0);
  }

  private static ShieldBackend cluster() {
    return ClusterBackend.create(
        new ClusterBackendOptions().setMembers(3).setAuditLimit(AUDIT_LIMIT));
  }

  private static ShieldBackend redis(String url) {
    RedisBackendOptions options =
        new RedisBackendOptions()
            .setUrl(url)
            .setConnectTimeout(Duration.ofSeconds(1))
            .setCommandTimeout(Duration.ofSeconds(1))
            .setAuditLimit(AUDIT_LIMIT);
    return RedisBackend.create(options);
  }

  private static ShieldEngine engine(Vertx vertx, String url, String cache) {
    return ShieldEngine.create(
        vertx,
        new ShieldOptions()
            .setBackend(HazelcastMember.isPlace(url) ? cluster() : redis(url))
            .putSetting("SHIELD_CACHE_DIR", cache)
            .setHeadInterval(Duration.ofMillis(500))
            .setChangeTimeout(Duration.ofSeconds(HazelcastMember.isPlace(url) ? 5 : 2)));
  }

  private void start() {
    engine.onChange(change -> tell(Marks.saw(name, change.after())));
    engine.register(ROUTES.stream().map(RouteState::active).toList());
    engine
        .start()
        .onSuccess(v -> engine.vertx().setPeriodic(TICK_MILLIS, timer -> tick()))
        .onFailure(
            failure -> {
              failure.printStackTrace();
              Runtime.getRuntime().halt(1);
            });
  }

  private void obey(String line) {
    String[] words = line.split(" ", -1);
    switch (words[0]) {
      case "write" -> writing = true;
      case "rest" -> writing = false;
      case "hold" -> tell(Marks.held(name, engine.snapshot()));
      case "store" -> readStore(Long.parseLong(words[1]));
      case "leave" -> leave();
      case "reseed" -> decided(engine.store().reseed(actor, "the copy is right"));
      case "adopt" -> decided(engine.store().adopt(actor, "the store is right"));
      default -> throw new IllegalArgumentException("no such command: " + line);
    }
  }

  /** What the cluster's log comes to for one who knew nothing, and its audit entries since. */
  private void readStore(long auditedTo) {
    ClusterBackend fresh =
        ClusterBackend.create(
            engine.vertx(),
            new ClusterBackendOptions().setMembers(3).setAuditLimit(AUDIT_LIMIT),
            InstantSource.system());
    fresh
        .startup(engine.vertx())
        .compose(v -> fresh.load())
        .compose(
            snapshot -> {
              tell(Marks.held(HistoryEvent.STORE, snapshot));
              return fresh
                  .auditLog(AuditQuery.newest(AUDIT_LIMIT))
                  .onSuccess(
                      entries ->
                          tell(
                              new AuditRead(
                                  HistoryEvent.STORE,
                                  Marks.at(snapshot.head()),
                                  auditedTo,
                                  entries.stream()
                                      .map(Marks::line)
                                      .filter(each -> each.revision() > auditedTo)
                                      .toList())));
            })
        .eventually(fresh::shutdown)
        .onFailure(Throwable::printStackTrace);
  }

  /** As a rolling restart ends a process. */
  private void leave() {
    writing = false;
    // On no thread of Vert.x, which ends meanwhile.
    new Thread(
            () -> {
              try {
                engine.close().await(60, TimeUnit.SECONDS);
                engine.vertx().close().await(60, TimeUnit.SECONDS);
              } catch (Exception e) {
                System.err.println("closing: " + e);
              }
              Runtime.getRuntime().halt(0);
            })
        .start();
  }

  /** Why it failed is found on standard error; whoever waits for it gives up. */
  private static void decided(Future<Store.Status> decision) {
    decision.onFailure(Throwable::printStackTrace);
  }

  private void tell(HistoryEvent event) {
    out.println(HistoryLog.line(event));
  }

  private void tick() {
    Store.Status status = engine.store().status();
    boolean distrusted = status.condition() == Condition.DISTRUSTED;
    if (distrusted && !alarmed) {
      tell(new Alarm(name, String.valueOf(status.problem())));
    }
    alarmed = distrusted;
    NodeStatus now =
        new NodeStatus(status.condition(), Marks.at(engine.snapshot().head()), writing, pending);
    if (!now.equals(told)) {
      told = now;
      out.println(now.line());
    }
    if (writing && pending < MOST_PENDING && random.nextInt(3) == 0) {
      ask();
    }
  }

  private void ask() {
    String op = name + "#" + operations++;
    switch (random.nextInt(5)) {
      case 0 -> change(op, List.of(oneOf(ROUTES)));
      case 1 -> change(op, ROUTES.subList(1, 3));
      case 2 -> delete(op, oneOf(DOCUMENTS));
      default -> put(op, oneOf(DOCUMENTS));
    }
  }

  private String oneOf(List<String> values) {
    return values.get(random.nextInt(values.size()));
  }

  private void change(String op, List<String> routes) {
    List<Wanted> wanted =
        routes.stream()
            .map(route -> new Wanted(Marks.name(DocumentKey.state(route)), null, op, true))
            .toList();
    RouteAction action =
        random.nextBoolean()
            ? new RouteAction.Disable(op, null)
            : new RouteAction.Maintenance(op, null);
    List<Routes.Command> commands =
        routes.stream().map(route -> Routes.Command.of(route, action)).toList();
    asked(op, wanted);
    await(op, engine.routes().applyAll(commands, actor).map(states -> states.get(0).version()));
  }

  private void put(String op, String document) {
    long version = version(document);
    asked(op, List.of(new Wanted(documentName(document), version, op, false)));
    await(op, engine.documents().put(document, op, version).map(Versioned::version));
  }

  private void delete(String op, String document) {
    long version = version(document);
    if (version == 0) {
      put(op, document);
      return;
    }
    asked(op, List.of(new Wanted(documentName(document), version, null, false)));
    await(op, engine.documents().delete(document, version).map(v -> 0L));
  }

  private static String documentName(String document) {
    return Marks.name(DocumentKey.document(document));
  }

  private long version(String document) {
    return engine.documents().get(document).map(Versioned<OpaqueDocument>::version).orElse(0L);
  }

  private void asked(String op, List<Wanted> wanted) {
    pending++;
    tell(new Asked(name, op, wanted));
  }

  private void await(String op, Future<Long> answer) {
    answer.onComplete(
        result -> {
          pending--;
          tell(
              result.succeeded()
                  ? new Accepted(name, op, engine.snapshot().head().epoch(), result.result())
                  : failed(op, result.cause()));
        });
  }

  private HistoryEvent failed(String op, Throwable failure) {
    String why = String.valueOf(failure.getMessage());
    return failure instanceof OutcomeUnknownException
        ? new Unknown(name, op, why)
        : new Refused(name, op, failure instanceof VersionMismatchException, why);
  }
}
