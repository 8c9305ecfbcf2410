package io.shield.impl;

import static org.assertj.core.api.Assertions.assertThat;

import io.shield.decision.Decider;
import io.shield.decision.Decision;
import io.shield.decision.Site;
import io.shield.fixtures.MutableClock;
import io.shield.fixtures.Seeds;
import io.shield.impl.registration.DeclarationPlans;
import io.shield.impl.registration.DeclarationPlans.News;
import io.shield.internal.EngineInternals.Declarations;
import io.shield.internal.EngineInternals.RouteSource;
import io.shield.internal.gate.Gates;
import io.shield.internal.limit.RateLimiting;
import io.shield.internal.limit.time.LimitClock;
import io.shield.model.Origin;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Declarations, commits and whole copies in any order: what is in force, made of what was in force
 * before, is what it would be if it were made as a whole.
 */
class RandomEnforcementTest {
  private static final VertxInternal VERTX = (VertxInternal) Vertx.vertx();
  private static final ContextInternal CONTEXT = VERTX.createEventLoopContext();
  private static final Site SITE = new Site("dev", null);
  private static final List<String> TEMPLATES = List.of("/a", "/b", "/c/:id", "/d/:x/:y");
  private static final List<String> KEYS =
      List.of("GET:/a", "/a", "GET:/b", "GET:/c/:id", "GET:/c/{id}", "/d/:x/:y", "/d/{x}/{y}");

  private final MutableClock clock = MutableClock.create();
  private Random random = new Random(0);
  private Gates gates;
  private DeclarationPlans plans;
  private Enforcement enforcement;
  private List<RouteSource> routers;
  private Snapshot store;
  private Snapshot copy;
  private int commits;

  @AfterAll
  static void close() {
    VERTX.close().await();
  }

  @Test
  void whatIsInForceIsWhatItWouldBeAsAWhole() {
    Random seeds = Seeds.random("declarations and commits in any order");
    for (int round = 0; round < 300; round++) {
      long seed = seeds.nextLong();
      random = new Random(seed);
      begin();
      for (int step = 0; step < 30; step++) {
        step();
        check("step " + step + " of " + seed);
      }
    }
  }

  private void begin() {
    gates = new Gates(SITE, clock, false);
    gates.slots(TEMPLATES);
    plans = new DeclarationPlans(null, clock);
    RateLimiting limits = new RateLimiting(SITE, LimitClock.of(clock), (refused, resetAt) -> {});
    enforcement = new Enforcement(CONTEXT, gates, limits, plans, false);
    routers = List.of(() -> {}, () -> {});
    store = Snapshot.empty(new Head("epoch", 1, "id"));
    copy = Snapshot.empty(Head.NONE);
    commits = 1;
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private void step() {
    switch (random.nextInt(8)) {
      case 0, 1 -> declared(plans.register(List.of(declaration())));
      case 2 -> declared(plans.declare(any(routers), declarations()));
      case 3, 4 -> commit(foreign());
      case 5 -> storeDeclared();
      case 6 -> load();
      default -> renewOrLag();
    }
  }

  private void declared(News news) {
    if (news != null) {
      enforcement.declared(news);
    }
  }

  private RouteState declaration() {
    return state(any(KEYS), Origin.CODE);
  }

  private RouteState state(String key, Origin origin) {
    return RouteState.builder(key)
        .status(any(List.of(RouteStatus.ACTIVE, RouteStatus.DISABLED, RouteStatus.MAINTENANCE)))
        .forceActive(random.nextInt(4) == 0)
        .origin(origin)
        .build();
  }

  private Declarations declarations() {
    List<Declarations.Route> routes = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      routes.add(new Declarations.Route(declaration(), random.nextBoolean()));
    }
    RateLimitPolicy policy =
        RateLimitPolicy.of("GET", "/a", any(List.of("5/minute", "9/hour"))).toBuilder()
            .origin(Origin.CODE)
            .build();
    return new Declarations(routes, random.nextBoolean() ? List.of(policy) : List.of());
  }

  /** What somebody else does. */
  private List<Edit> foreign() {
    DocumentKey key = DocumentKey.state(any(KEYS));
    RouteState value =
        random.nextInt(4) == 0 ? null : state(key.key(), any(List.of(Origin.CODE, Origin.RUNTIME)));
    return value == null && store.value(key) == null
        ? List.of()
        : List.of(new Edit(key, store.version(key), value));
  }

  /** What the writer does. */
  private void storeDeclared() {
    if (copy.head().equals(store.head())) {
      long generation = plans.generation();
      commit(plans.plan(store).edits());
      settle(generation, copy);
    }
  }

  private void commit(List<Edit> edits) {
    if (edits.isEmpty() || !copy.head().equals(store.head())) {
      return;
    }
    Change change = new Change("request" + commits, edits, List.of());
    store = store.apply(Commit.following(store.head(), "id" + commits++, change));
    Set<DocumentKey> changed = change.keys();
    Runnable compiled = enforcement.prepare(store, changed).await();
    if (random.nextInt(5) == 0) {
      declared(plans.register(List.of(declaration())));
    }
    if (random.nextInt(3) == 0) {
      settleBy(copy);
    }
    compiled.run();
    copy = store;
  }

  /** What the writer does that finds all stored in a copy which is about to be replaced. */
  private void settleBy(Snapshot before) {
    long generation = plans.generation();
    if (plans.plan(before).edits().isEmpty()) {
      settle(generation, before);
    }
  }

  private void settle(long generation, Snapshot held) {
    long before = plans.generation();
    boolean settled = plans.settle(generation, held);
    if (plans.generation() != before) {
      enforcement.declared();
    }
    if (settled) {
      enforcement.settled();
    }
  }

  private void load() {
    enforcement.prepare(store, null).await().run();
    copy = store;
  }

  /** A store that was set up anew without some of its documents, or changes that are missed. */
  private void renewOrLag() {
    if (random.nextBoolean()) {
      Map<DocumentKey, io.shield.model.store.Versioned<?>> content = new HashMap<>(store.content());
      content.keySet().removeIf(key -> random.nextBoolean());
      store = Snapshot.of(new Head("epoch" + commits++, store.head().revision(), "new"), content);
      load();
    } else {
      List<Edit> edits = foreign();
      if (!edits.isEmpty()) {
        Change change = new Change("request" + commits, edits, List.of());
        store = store.apply(Commit.following(store.head(), "id" + commits++, change));
      }
    }
  }

  private void check(String when) {
    Snapshot shown = enforcement.inForce();
    Snapshot whole = plans.over(copy);
    assertThat(shown.head()).as(when).isEqualTo(whole.head());
    assertThat(shown.states()).as(when).isEqualTo(whole.states());
    assertThat(shown.policies()).as(when).isEqualTo(whole.policies());
    assertThat(shown.stored()).as(when).isEqualTo(copy);
    for (String key : plans.declared().keys()) {
      assertThat(Decider.stateOf(shown, null, key) == null && shown.state(key) == null)
          .as("%s is unknown at %s", key, when)
          .isFalse();
    }
    int[] slots = gates.slots(TEMPLATES);
    for (int i = 0; i < slots.length; i++) {
      for (String method : List.of("GET", "POST", "HEAD")) {
        Decision expected =
            Decider.rule(
                    whole,
                    SITE,
                    null,
                    method,
                    TEMPLATES.get(i),
                    Decider.stateOf(whole, method, TEMPLATES.get(i)))
                .at(SITE, clock.instant());
        assertThat(gates.verdict(slots[i], HttpMethod.valueOf(method)).decision())
            .as("%s %s at %s", method, TEMPLATES.get(i), when)
            .isEqualTo(expected);
      }
    }
  }
}
