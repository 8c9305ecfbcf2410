package io.shield.impl;

import io.shield.fixtures.history.HistoryEvent;
import io.shield.fixtures.history.HistoryEvent.AuditRead;
import io.shield.fixtures.history.HistoryEvent.DataLost;
import io.shield.fixtures.history.Marks;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    DISASTER,
    /** Besides, the store is set back and goes on from there before anybody looks. */
    LINEAGE_CUT
  }

  private static final int ROUNDS = 60;
  private static final int QUIET_MILLIS = 30_000;

  /** Of so many requests, answers and messages one gets lost, but when it is calm. */
  private static final int LOSSES = 10;

  private static final Snapshot NOTHING = Snapshot.empty(Head.NONE);
  private static final List<String> ROUTES = List.of("GET:/a", "GET:/b", "GET:/c");
  private static final List<String> DOCUMENTS = List.of("one", "two");

  private final SimulatedTime time;
  private final Weather weather;
  private final @Nullable PlantedBug bug;
  private final SimulatedStore store;
  private final List<HistoryEvent> history = new ArrayList<>();
  private final List<SimulatedNode> nodes = new ArrayList<>();

  /** All nodes there ever were. */
  private final List<SimulatedNode> everybody = new ArrayList<>();

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

  /** How long somebody waited for a change at most in one run, in milliseconds. */
  static long longestWait(VertxInternal vertx, long seed, Weather weather) {
    Simulation simulation = new Simulation(vertx, seed, weather, null);
    simulation.run();
    return simulation.everybody.stream().mapToLong(SimulatedNode::longestWait).max().orElse(0);
  }

  private void run() {
    for (int i = 0; i < 3; i++) {
      startNode(NOTHING);
    }
    boolean loses = weather == Weather.DISASTER || weather == Weather.LINEAGE_CUT;
    int disaster = loses ? 20 + time.upTo(20) : -1;
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

  private void startNode(Snapshot known) {
    boolean polls = weather != Weather.CALM;
    Duration interval = polls ? Duration.ofSeconds(2) : Duration.ofDays(1);
    SimulatedNode node =
        new SimulatedNode("n" + started++, time, store, bug, interval, history::add);
    node.way().lose(weather == Weather.CALM ? 0 : LOSSES);
    nodes.add(node);
    everybody.add(node);
    node.start(known);
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
      startNode(time.random.nextBoolean() ? leaving.held() : NOTHING);
    }
    if (weather != Weather.CALM && time.oneIn(10)) {
      SimulatedWay way = oneOf(nodes).way();
      way.cut(true);
      time.after(time.upTo(4000), () -> way.cut(false));
    }
  }

  /** The store loses data; when everybody has noticed, it is found and put back. */
  private void disaster() {
    // Who does not know what is lost cannot miss it.
    beQuiet();
    nodes.forEach(node -> node.way().lose(LOSSES));
    String how = loseData();
    List<String> readers = nodes.stream().map(SimulatedNode::name).toList();
    history.add(new DataLost(HistoryEvent.STORE, how, readers));
    for (int i = 0; i < 10; i++) {
      somethingIsAskedFor();
      time.pass(time.upTo(3000));
      nodes.forEach(SimulatedNode::recordAlarm);
    }
    beQuiet();
    nodes.forEach(SimulatedNode::recordAlarm);
    store.restore();
    nodes.forEach(node -> node.way().lose(LOSSES));
    time.pass(QUIET_MILLIS);
  }

  /** Long enough for everybody to be level with the store, or to find that it is another. */
  private void beQuiet() {
    nodes.forEach(node -> node.way().lose(0));
    time.pass(QUIET_MILLIS);
  }

  private String loseData() {
    boolean cut = weather == Weather.LINEAGE_CUT;
    if (!store.hasOlderDump() || !(cut || time.random.nextBoolean())) {
      store.empty();
      return "emptied";
    }
    store.restartFromDump();
    if (cut) {
      store.goOnPastWhatWasLost();
      return "restarted from an older dump, and written to at once";
    }
    return "restarted from an older dump";
  }

  /** The last thing that happens is that a node starts while a change is made. */
  private void becomeQuiet() {
    startNode(NOTHING);
    time.pass(time.upTo(60));
    oneOf(nodes.subList(0, nodes.size() - 1)).setRoutes(ROUTES.subList(0, 1));
    time.pass(time.upTo(200));
    beQuiet();
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
