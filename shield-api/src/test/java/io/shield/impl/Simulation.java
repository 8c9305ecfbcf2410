package io.shield.impl;

import io.shield.fixtures.history.HistoryChecker;
import io.shield.fixtures.history.HistoryChecker.Invariant;
import io.shield.fixtures.history.HistoryEvent;
import io.shield.fixtures.history.HistoryEvent.AuditRead;
import io.shield.fixtures.history.HistoryEvent.DataLost;
import io.shield.fixtures.history.Marks;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One run: a few nodes change a store for a while, things go wrong, and all becomes quiet. */
final class Simulation {
  /** What goes wrong. */
  enum Weather {
    /** Nothing gets lost; nobody polls, so that nothing is mended in passing. */
    CALM,
    /** Requests, answers and messages get lost, ways are cut. */
    STORM,
    /** Besides, the store is emptied or set back, and later found again. */
    DISASTER
  }

  private static final int ROUNDS = 60;
  private static final int QUIET_MILLIS = 30_000;
  private static final List<String> ROUTES = List.of("GET:/a", "GET:/b", "GET:/c");
  private static final List<String> DOCUMENTS = List.of("one", "two");

  private final SimulatedTime time;
  private final Weather weather;
  private final @Nullable PlantedBug bug;
  private final SimulatedStore store;
  private final List<HistoryEvent> history = new ArrayList<>();
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private int started;

  private Simulation(VertxInternal vertx, long seed, Weather weather, @Nullable PlantedBug bug) {
    this.time = new SimulatedTime(vertx, seed);
    this.weather = weather;
    this.bug = bug;
    this.store = new SimulatedStore(time, bug);
  }

  /** The history of one run. */
  static List<HistoryEvent> run(
      VertxInternal vertx, long seed, Weather weather, @Nullable PlantedBug bug) {
    Simulation simulation = new Simulation(vertx, seed, weather, bug);
    simulation.run();
    return simulation.history;
  }

  /** What is wrong with the history of one run. */
  static Map<Invariant, List<String>> check(
      VertxInternal vertx, long seed, Weather weather, @Nullable PlantedBug bug) {
    return HistoryChecker.check(run(vertx, seed, weather, bug));
  }

  private void run() {
    for (int i = 0; i < 3; i++) {
      startNode();
    }
    int disaster = weather == Weather.DISASTER ? 20 + time.upTo(20) : -1;
    for (int round = 0; round < ROUNDS; round++) {
      somethingIsAskedFor();
      something();
      time.pass(time.upTo(150));
      if (round == disaster - 10) {
        store.dump();
      }
      if (round == disaster) {
        disaster();
      }
    }
    becomeQuiet();
  }

  private void startNode() {
    boolean polls = weather != Weather.CALM;
    Duration interval = polls ? Duration.ofSeconds(2) : Duration.ofDays(1);
    SimulatedNode node =
        new SimulatedNode("n" + started++, time, store, bug, interval, history::add);
    node.way().lose(weather == Weather.CALM ? 0 : 10);
    nodes.add(node);
    node.start();
  }

  private void somethingIsAskedFor() {
    for (int i = time.upTo(4); i > 0; i--) {
      SimulatedNode node = oneOf(nodes);
      switch (time.upTo(4)) {
        case 1 -> node.setRoutes(List.of(oneOf(ROUTES)));
        case 2 -> node.setRoutes(ROUTES.subList(0, 2));
        case 3 -> everybodyWrites(oneOf(DOCUMENTS));
        default -> node.writeDocument(oneOf(DOCUMENTS), true);
      }
    }
  }

  private void everybodyWrites(String document) {
    nodes.forEach(node -> node.writeDocument(document, false));
  }

  private <T> T oneOf(List<T> values) {
    return values.get(time.random.nextInt(values.size()));
  }

  /** A node is replaced, or cut off for a while. */
  private void something() {
    if (time.oneIn(8)) {
      SimulatedNode leaving = nodes.remove(time.random.nextInt(nodes.size()));
      leaving.stop();
      startNode();
    }
    if (weather != Weather.CALM && time.oneIn(10)) {
      SimulatedWay way = oneOf(nodes).way();
      way.cut(true);
      time.after(time.upTo(4000), () -> way.cut(false));
    }
  }

  /** The store loses data; when everybody has noticed, it is found and put back. */
  private void disaster() {
    time.pass(QUIET_MILLIS);
    boolean older = time.random.nextBoolean() && store.hasOlderDump();
    if (older) {
      store.restartFromDump();
    } else {
      store.empty();
    }
    String how = older ? "restarted from an older dump" : "emptied";
    List<String> readers = nodes.stream().map(SimulatedNode::name).toList();
    history.add(new DataLost(HistoryEvent.STORE, how, readers));
    for (int i = 0; i < 10; i++) {
      somethingIsAskedFor();
      time.pass(time.upTo(3000));
      nodes.forEach(SimulatedNode::recordAlarm);
    }
    time.pass(QUIET_MILLIS);
    nodes.forEach(SimulatedNode::recordAlarm);
    store.restore();
    time.pass(QUIET_MILLIS);
  }

  /** The last thing that happens is that a node starts while a change is made. */
  private void becomeQuiet() {
    startNode();
    time.pass(time.upTo(60));
    oneOf(nodes.subList(0, nodes.size() - 1)).setRoutes(ROUTES.subList(0, 1));
    time.pass(time.upTo(200));
    nodes.forEach(node -> node.way().lose(0));
    time.pass(QUIET_MILLIS);
    nodes.forEach(SimulatedNode::recordEnd);
    history.add(Marks.held(HistoryEvent.STORE, store.snapshot()));
    history.add(
        new AuditRead(
            HistoryEvent.STORE,
            Marks.at(store.snapshot().head()),
            0,
            store.audit().stream().map(Marks::line).toList()));
  }
}
