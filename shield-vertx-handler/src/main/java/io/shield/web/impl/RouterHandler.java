package io.shield.web.impl;

import io.shield.ShieldEngine;
import io.shield.internal.EngineInternals;
import io.shield.internal.EngineInternals.Declarations;
import io.shield.internal.EngineInternals.RouteSource;
import io.shield.model.RateLimitPolicy;
import io.shield.web.ShieldHandler;
import io.shield.web.ShieldHandlerOptions;
import io.shield.web.impl.UnreadBody.MalformedBody;
import io.shield.web.index.Endpoint;
import io.shield.web.index.LiveRouteIndex;
import io.shield.web.index.RouteIndex;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handler for a whole router. It finds the endpoints that a request may run and judges them. A
 * router may be mounted, also in several places: then it has an index for each.
 */
public final class RouterHandler implements ShieldHandler, RouteSource {
  private static final Logger LOG = LoggerFactory.getLogger(RouterHandler.class);

  /** How long a thread without context may take to set up its router before it is looked at. */
  private static final long SET_UP_MILLIS = 100;

  /** How often routers are compared with what was read of them. */
  private static final long LOOK_MILLIS = 1000;

  /** How many places a router may have: a mount that nobody knows to have parameters has more. */
  private static final int MAX_PLACES = 100;

  /** By Vert.x: a handler whose router is mounted in that of another one is told so by it. */
  private static final Map<Vertx, Set<RouterHandler>> ALL =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final Gate gate;
  private final Run run;
  private final UnplacedRoutes unplaced;
  private final Router router;

  /** Whether an option says where the router is mounted. */
  private final boolean isTold;

  /** The routes by their paths in the router itself, where it cannot be placed. */
  private final LiveRouteIndex anywhere;

  private final AtomicBoolean warned = new AtomicBoolean();
  private final Object refreshing = new Object();
  private volatile @Nullable Place places;

  /** See {@link ShieldHandler#create(ShieldEngine, Router, ShieldHandlerOptions)}. */
  public RouterHandler(ShieldEngine engine, Router router, ShieldHandlerOptions options) {
    this.gate = new Gate(engine, options, true);
    this.run = new Run(gate);
    this.unplaced = new UnplacedRoutes(gate, engine);
    this.router = router;
    this.isTold = options.getMountPoint() != null;
    this.anywhere = new LiveRouteIndex(router, RouteDeclaration.KEY);
    // Until the first request tells otherwise, a router is taken for the root.
    this.places = new Place(router, options.getMountPoint(), null);
    others(gate.engine().vertx()).add(this);
    MalformedBody.answerOn(router);
    gate.engine().addRouteSource(this);
    indexSoon(gate.engine());
  }

  /** The handlers on a Vert.x, held weakly; what changes in their routers is looked for. */
  private static Set<RouterHandler> others(Vertx vertx) {
    return ALL.computeIfAbsent(
        vertx,
        v -> {
          Set<RouterHandler> all =
              Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
          // On a context of its own: a verticle that is undeployed would take the timer along.
          ContextInternal context = ((VertxInternal) v).contextBuilder().build();
          context.setPeriodic(LOOK_MILLIS, timer -> alive(all).forEach(RouterHandler::look));
          return all;
        });
  }

  private static List<RouterHandler> alive(Set<RouterHandler> all) {
    synchronized (all) {
      return List.copyOf(all);
    }
  }

  /** Has a changed router read again, before a request has to. */
  private void look() {
    boolean changed = !anywhere.look();
    for (Place place = places; place != null; place = place.next) {
      changed |= !place.live.look();
    }
    if (changed) {
      indexOnWorker(gate.engine().vertx());
    }
  }

  /**
   * After the caller has set up its router, so that the routes are known before the first request.
   */
  private void indexSoon(EngineInternals engine) {
    Context current = Vertx.currentContext();
    if (current != null) {
      current.runOnContext(v -> indexOnWorker(engine.vertx()));
    } else {
      engine.vertx().setTimer(SET_UP_MILLIS, timer -> indexOnWorker(engine.vertx()));
    }
  }

  /** A large router takes long, and so does what is needed to read the first one. */
  private void indexOnWorker(Vertx vertx) {
    vertx
        .executeBlocking(
            () -> {
              refresh();
              Refusals.prepare();
              return null;
            },
            false)
        .onFailure(e -> LOG.error("The router cannot be indexed", e));
  }

  /**
   * Before the first request, finds the router in those of other handlers. Vert.x tells where a
   * router is mounted only to who has the outer one.
   */
  private void learnMounts() {
    if (!isGuess(places)) {
      return;
    }
    Set<String> mounts = new LinkedHashSet<>();
    for (RouterHandler other : alive(others(gate.engine().vertx()))) {
      for (Place place = other.places; place != null; place = place.next) {
        mounts.addAll(place.live.mountsOf(router));
      }
    }
    learned(mounts);
  }

  private synchronized void learned(Set<String> mounts) {
    if (!isGuess(places)) {
      return;
    }
    Place found = null;
    for (String mount : mounts) {
      found = new Place(router, mount, found);
    }
    places = found == null ? places : found;
  }

  /** Whether nothing but the first guess is known of where the router stands. */
  private boolean isGuess(@Nullable Place place) {
    return !isTold && place != null && place.mount == null && place.next == null && !place.met;
  }

  /** By one at a time: at a start several ask for it, and a large router takes long to read. */
  @Override
  public void refresh() {
    synchronized (refreshing) {
      learnMounts();
      for (Place place = places; place != null; place = place.next) {
        place.live.refresh();
        checkCharging(current(place));
      }
    }
  }

  @Override
  public List<EngineInternals.Match> matches(String method, String path) {
    List<EngineInternals.Match> matches = new ArrayList<>();
    for (Place place = places; place != null; place = place.next) {
      matches.addAll(Run.matches(current(place), path, HttpMethod.valueOf(method)));
    }
    return matches;
  }

  /** Two that charge would charge twice what is meant to be charged once; none charges nothing. */
  private void checkCharging(BoundIndex index) {
    boolean charged = index.isChargedLater();
    if (charged && !gate.limits().isLater()) {
      throw new IllegalStateException(
          "ShieldHandler.limits stands behind ShieldHandler.create, which charges already: give"
              + " create the option limits: LATER (new"
              + " ShieldHandlerOptions().setLimits(LimitTiming.LATER)), or take"
              + " ShieldHandler.limits away. Meanwhile create charges");
    }
    if (!charged && gate.limits().isLater() && warned.compareAndSet(false, true)) {
      LOG.warn(
          "ShieldHandler.create leaves rate limits to ShieldHandler.limits (limits: LATER), and no"
              + " route has that handler: nothing is limited where it does not run");
    }
  }

  private BoundIndex current(Place place) {
    RouteIndex index = place.live.get();
    BoundIndex last = place.bound;
    return last != null && last.isOf(index) ? last : bind(place, index);
  }

  private synchronized BoundIndex bind(Place place, RouteIndex index) {
    BoundIndex fresh = new BoundIndex(index, gate.engine());
    fresh.tellGuarded(this);
    place.declarations = fresh.declarations();
    declare();
    place.bound = fresh;
    return fresh;
  }

  private void declare() {
    List<Declarations.Route> routes = new ArrayList<>();
    List<RateLimitPolicy> policies = new ArrayList<>();
    for (Place place = places; place != null; place = place.next) {
      routes.addAll(place.declarations.routes());
      policies.addAll(place.declarations.policies());
    }
    gate.engine().declare(this, new Declarations(routes, policies));
  }

  @Override
  public boolean isAsked() {
    for (Place place = places; place != null; place = place.next) {
      if (place.met) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void handle(RoutingContext ctx) {
    MalformedBody.watch(ctx);
    boolean served;
    try {
      served = isServed(ctx);
    } catch (Throwable error) {
      gate.letPass(error);
      served = true;
    }
    if (served) {
      ctx.next();
    }
  }

  /** Judges a request; false if it was refused and is being answered. */
  private boolean isServed(RoutingContext ctx) {
    String sent = ctx.request().path();
    String rawPath = sent == null ? "/" : sent;
    String path = path(ctx);
    return path == null ? isServedUnread(ctx, rawPath) : isServed(ctx, path, rawPath);
  }

  private boolean isServed(RoutingContext ctx, String path, String rawPath) {
    String mount = mount(ctx);
    Place place = place(ctx, mount, path);
    return place == null
        ? unplaced.passes(ctx, mount, path, declared(ctx.request().method(), mount, path))
        : run.passes(ctx, current(place), path, rawPath);
  }

  /**
   * Judges a request whose path Vert.x cannot decode. It would refuse it too, but only once it
   * comes to a route with a path, and log an error then. Where a route comes first that does not
   * read it, the request is judged by the path as it was sent.
   */
  private boolean isServedUnread(RoutingContext ctx, String rawPath) {
    Place place = place(ctx, mount(ctx), rawPath);
    HttpMethod method = ctx.request().method();
    Endpoint first = place == null ? null : current(place).first(rawPath, rawPath, method);
    if (first != null && !first.readsPath()) {
      return isServed(ctx, rawPath, rawPath);
    }
    ctx.response().setStatusCode(400).end();
    return false;
  }

  /** The mount point as this request's path has it; null for the root. */
  private static @Nullable String mount(RoutingContext ctx) {
    String mount = ctx.mountPoint();
    return mount == null || mount.equals("/") ? null : mount;
  }

  /** Where the router is mounted for a request; null if that cannot be told. */
  private @Nullable Place place(RoutingContext ctx, @Nullable String mount, String path) {
    Place latest = places;
    if (isTold) {
      if (latest == null || !latest.live.isReached(mount, path)) {
        return null;
      }
      latest.meet();
      return latest;
    }
    for (Place place = latest; place != null; place = place.next) {
      if (Objects.equals(place.mount, mount)) {
        place.meet();
        return place;
      }
    }
    return mount == null || !UnplacedRoutes.isBelowParameters(ctx) ? newPlace(mount) : null;
  }

  private synchronized @Nullable Place newPlace(@Nullable String mount) {
    Place others = places;
    int count = 0;
    for (Place place = others; place != null; place = place.next) {
      if (Objects.equals(place.mount, mount)) {
        return place;
      }
      count++;
    }
    if (count >= MAX_PLACES) {
      return null;
    }
    Place place = new Place(router, mount, isGuess(others) ? null : others);
    place.meet();
    places = place;
    return place;
  }

  /** What is declared beside the routes that a request may run, wherever the router is mounted. */
  private List<RouteDeclaration> declared(HttpMethod method, @Nullable String mount, String path) {
    String rest = mount == null ? path : path.substring(Math.min(path.length(), mount.length()));
    String below = rest.startsWith("/") ? rest : "/" + rest;
    RouteIndex index = anywhere.get();
    List<RouteDeclaration> declared = new ArrayList<>();
    Endpoint next = index.find(below, method, 0);
    while (next != null) {
      declared.add(RouteDeclaration.of(next.metadata()));
      next = index.behind(next, below, below, method);
    }
    return declared;
  }

  /** The normalized path; null if it has an escape that cannot be read. */
  private static @Nullable String path(RoutingContext ctx) {
    try {
      return ctx.normalizedPath();
    } catch (IllegalArgumentException unreadable) {
      return null;
    }
  }

  /** One place where the router is mounted, and the others. */
  private static final class Place {
    private final @Nullable String mount;
    private final LiveRouteIndex live;
    private final @Nullable Place next;
    private volatile @Nullable BoundIndex bound;
    private volatile Declarations declarations = Declarations.NONE;
    private volatile boolean met;

    Place(Router router, @Nullable String mount, @Nullable Place next) {
      this.mount = mount;
      this.live = new LiveRouteIndex(router, mount, RouteDeclaration.KEY);
      this.next = next;
    }

    /** Notes that a request came here. */
    void meet() {
      if (!met) {
        met = true;
      }
    }
  }
}
