package io.shield.web.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.ShieldEngine;
import io.shield.ShieldOptions;
import io.shield.decision.Decider;
import io.shield.decision.Decision;
import io.shield.decision.Site;
import io.shield.memory.MemoryBackend;
import io.shield.model.MaintenanceMode;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.shield.model.store.Snapshot;
import io.shield.web.Shield;
import io.shield.web.ShieldHandler;
import io.shield.web.TestApp;
import io.shield.web.index.RealRouting.Pass;
import io.shield.web.index.RealRouting.Request;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random routers with routes that are declared closed or closed later, two on one engine: no closed
 * route runs, and none is refused without a closed one that it matches. During a maintenance of the
 * fleet what a request is meant for decides besides, be it exempt.
 */
class RandomGatesTest {
  private static final int PAIRS = Integer.getInteger("shield.routers", 3000) / 40;
  private static final Actor ALICE = Actor.of("alice", "cli");
  private static final Site SITE = new Site("production", null);

  private long requests;
  private long refused;
  private long maintained;
  private long exempted;

  @Test
  void noClosedRouteRuns() {
    long seed = Long.getLong("shield.seed", System.nanoTime());
    System.out.println("closed routes in random routers: -Dshield.seed=" + seed);
    Random seeds = new Random(seed);
    try (RealRouting routing = new RealRouting()) {
      for (int i = 0; i < PAIRS; i++) {
        compare(routing, seeds.nextLong());
      }
    }
    System.out.printf("%d pairs of routers, %d requests, %d refused%n", PAIRS, requests, refused);
    assertThat(refused).isGreaterThan(requests / 20);
    assertThat(refused).isLessThan(requests / 2);
    assertThat(maintained).as("refused for a maintenance").isGreaterThan(requests / 20);
    assertThat(exempted).as("of an exempt route").isGreaterThan(requests / 100);
  }

  private void compare(RealRouting routing, long seed) {
    Random random = new Random(seed);
    ShieldEngine engine =
        ShieldEngine.create(
            routing.vertx(),
            new ShieldOptions().setBackend(MemoryBackend.create()).setEnvironment("production"));
    List<RandomRouter> routers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      RandomRouter router =
          new RandomRouter(
              routing, random, Optional.of(root -> ShieldHandler.create(engine, root)));
      closeSome(router, random);
      routers.add(router);
    }
    TestApp.await(engine.start());
    send(routing, engine, routers, random, seed);
    List<String> keys =
        engine.snapshot().states().keySet().stream()
            .filter(key -> !RouteKey.isReserved(key))
            .toList();
    for (int i = 0; i < 3 && !keys.isEmpty(); i++) {
      TestApp.await(
          engine.routes().disable(keys.get(random.nextInt(keys.size())), ALICE, "closed"));
    }
    routers.forEach(RandomRouter::change);
    send(routing, engine, routers, random, seed);
    List<RouteIndex> indexes = indexes(routers);
    maintain(engine, indexes, random);
    for (int i = 0; i < 20; i++) {
      int one = random.nextInt(2);
      checkMaintenance(routing, engine.snapshot(), routers.get(one), indexes.get(one), seed);
    }
    assertThat(engine.errors()).as("errors of pair %d", seed).isZero();
    TestApp.await(engine.close());
  }

  /** With some routes exempt. */
  private static void maintain(ShieldEngine engine, List<RouteIndex> indexes, Random random) {
    List<String> exempt = new ArrayList<>();
    for (RouteIndex index : indexes) {
      for (Endpoint endpoint : index.endpoints()) {
        if (random.nextInt(3) == 0 && engine.snapshot().states().containsKey(endpoint.template())) {
          exempt.add(endpoint.template());
        }
      }
    }
    engine.snapshot().states().keySet().stream()
        .filter(key -> !RouteKey.isReserved(key) && random.nextInt(3) == 0)
        .forEach(exempt::add);
    MaintenanceMode mode =
        new MaintenanceMode(true, "fleet", exempt.stream().distinct().toList(), false);
    TestApp.await(engine.maintenance().setGlobal(mode, ALICE));
  }

  private void checkMaintenance(
      RealRouting routing, Snapshot snapshot, RandomRouter router, RouteIndex index, long seed) {
    Request request = router.requests(1).get(0);
    List<Pass> passes = routing.send(router.router(), request);
    boolean refused = routing.lastStatus() == 503;
    Pass last = passes.get(passes.size() - 1);
    List<Endpoint> named = named(index, last);
    Optional<Endpoint> meant = named.stream().filter(e -> e.certain() && !e.wildcard()).findFirst();
    List<Endpoint> judged =
        named.stream()
            .filter(e -> meant.isEmpty() || !e.wildcard())
            .filter(e -> meant.isEmpty() || e.ordinal() <= meant.get().ordinal())
            .toList();
    boolean closed =
        named.stream().anyMatch(e -> isClosed(snapshot, e, last.method))
            || judged.stream().anyMatch(e -> isUnderMaintenance(snapshot, e, last.method));
    assertThat(refused)
        .as("%s during a maintenance of pair %d: %s", request, seed, named)
        .isEqualTo(closed);
    maintained += refused ? 1 : 0;
    exempted += !refused && !named.isEmpty() ? 1 : 0;
  }

  private static boolean isUnderMaintenance(
      Snapshot snapshot, Endpoint endpoint, HttpMethod method) {
    RouteState state = Decider.stateOf(snapshot, method.name(), endpoint.template());
    return Decider.maintenance(snapshot, SITE, method.name(), endpoint.template(), state) != null;
  }

  private static List<RouteIndex> indexes(List<RandomRouter> routers) {
    return routers.stream().map(one -> RouteIndex.of(one.router(), RandomRouter.KEY)).toList();
  }

  private static void closeSome(RandomRouter router, Random random) {
    for (Endpoint endpoint : RouteIndex.of(router.router(), RandomRouter.KEY).endpoints()) {
      if (random.nextInt(8) == 0) {
        Shield.on(endpoint.route()).disabled("declared");
      }
    }
  }

  private void send(
      RealRouting routing,
      ShieldEngine engine,
      List<RandomRouter> routers,
      Random random,
      long seed) {
    List<RouteIndex> indexes = indexes(routers);
    for (int i = 0; i < 20; i++) {
      int one = random.nextInt(2);
      RandomRouter router = routers.get(one);
      Request request = router.requests(1).get(0);
      RouteIndex index = indexes.get(one);
      List<Pass> passes = routing.send(router.router(), request);
      requests++;
      for (Pass pass : passes) {
        check(engine.snapshot(), router, index, pass, seed);
      }
      Pass last = passes.get(passes.size() - 1);
      if (routing.lastStatus() == 503) {
        refused++;
        assertThat(named(index, last))
            .as("closed routes for %s in pair %d", request, seed)
            .anyMatch(endpoint -> isClosed(engine.snapshot(), endpoint, last.method));
      }
    }
  }

  private void check(
      Snapshot snapshot, RandomRouter router, RouteIndex index, Pass pass, long seed) {
    Map<Route, Endpoint> shown = new HashMap<>();
    named(index, pass).forEach(endpoint -> shown.put(router.shownBy(endpoint), endpoint));
    for (Route route : pass.visited) {
      Endpoint endpoint = shown.get(route);
      if (endpoint != null) {
        assertThat(isClosed(snapshot, endpoint, pass.method))
            .as("%s ran for %s %s in pair %d", endpoint, pass.method, pass.rawPath, seed)
            .isFalse();
      }
    }
  }

  private static List<Endpoint> named(RouteIndex index, Pass pass) {
    List<Endpoint> named = new ArrayList<>();
    Endpoint next = index.find(pass.normalizedPath, pass.rawPath, pass.method, 0);
    while (next != null) {
      named.add(next);
      next = index.find(pass.normalizedPath, pass.rawPath, pass.method, next.ordinal() + 1);
    }
    return named;
  }

  private static boolean isClosed(Snapshot snapshot, Endpoint endpoint, HttpMethod method) {
    RouteState state = Decider.stateOf(snapshot, method.name(), endpoint.template());
    return state != null && Decider.ownGate(state, SITE, Instant.EPOCH) instanceof Decision.Refusal;
  }
}
