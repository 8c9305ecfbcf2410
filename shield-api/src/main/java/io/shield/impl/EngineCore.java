package io.shield.impl;

import io.shield.BypassKind;
import io.shield.ColdStart;
import io.shield.ShieldChange;
import io.shield.ShieldOptions;
import io.shield.StoreStatus;
import io.shield.decision.Site;
import io.shield.internal.EngineInternals.RouteSource;
import io.shield.internal.Gates;
import io.shield.model.AuditEntry;
import io.shield.model.Commit;
import io.shield.model.DocumentKey;
import io.shield.model.DocumentKind;
import io.shield.model.Head;
import io.shield.model.RouteState;
import io.shield.model.ShieldException;
import io.shield.model.Snapshot;
import io.shield.model.Versioned;
import io.shield.spi.AuditQuery;
import io.shield.spi.ShieldBackend;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine itself; handles share it. What is mutable here is either confined to the engine's
 * context or thread-safe.
 */
final class EngineCore implements Replica.Observer {
  private static final Logger LOG = LoggerFactory.getLogger(EngineCore.class);

  /** From so many templates on, verdicts are compiled on a worker. */
  private static final int LARGE = 2000;

  private static final Duration DECLARE_AGAIN = Duration.ofHours(1);
  private static final long REGISTER_RETRY_MILLIS = 1000;

  private final VertxInternal vertx;
  private final Configuration configuration;
  private final Site site;
  private final ContextInternal context;
  private final boolean closedUntilLoaded;
  private final Gates gates;
  private final Registrar registrar;
  private final Listeners listeners = new Listeners();
  private final ChangeAnnouncer announcements;
  private final List<WeakReference<RouteSource>> sources = new CopyOnWriteArrayList<>();
  private final Bypasses bypasses;
  private final LongAdder errors = new LongAdder();
  private final AtomicBoolean started = new AtomicBoolean();

  private volatile Snapshot inForce = Snapshot.empty(Head.NONE);
  private volatile @Nullable Replica replica;
  private @Nullable ShieldBackend backend;
  private @Nullable Committer committer;
  private @Nullable EdgeAnnouncer edges;
  private @Nullable Future<Void> registering;
  private boolean declaredMeanwhile;
  private boolean closed;

  EngineCore(Vertx vertx, Configuration configuration) {
    this.vertx = (VertxInternal) vertx;
    this.configuration = configuration;
    this.site = configuration.site();
    this.context = this.vertx.createEventLoopContext();
    this.closedUntilLoaded = configuration.coldStart() == ColdStart.CLOSED;
    this.gates = new Gates(site, configuration.clock(), closedUntilLoaded);
    this.bypasses = new Bypasses(gates);
    this.registrar = new Registrar(site.service(), configuration.clock());
    this.announcements = new ChangeAnnouncer(vertx, configuration.name());
  }

  Vertx vertx() {
    return vertx;
  }

  Site site() {
    return site;
  }

  Configuration configuration() {
    return configuration;
  }

  Gates gates() {
    return gates;
  }

  InstantSource clock() {
    return configuration.clock();
  }

  /** The time to stamp with, in the microseconds that the wire formats have. */
  Instant now() {
    return clock().instant().truncatedTo(ChronoUnit.MICROS);
  }

  Snapshot snapshot() {
    return inForce;
  }

  Bypasses bypasses() {
    return bypasses;
  }

  Listeners listeners() {
    return listeners;
  }

  StoreStatus status() {
    Replica known = replica;
    return known == null
        ? new StoreStatus(StoreStatus.Condition.STARTING, Head.NONE, "the engine is not started")
        : known.status();
  }

  long errors() {
    return errors.sum();
  }

  void countError(Throwable error) {
    errors.increment();
    LOG.error("An error inside Shield let a request pass ({} so far)", errors.sum(), error);
  }

  /** Runs on the engine's context and answers on the caller's. */
  <T> Future<T> onEngine(Supplier<Future<T>> work) {
    ContextInternal caller = vertx.getContext();
    Promise<T> answer = caller == null ? context.promise() : caller.promise();
    context.runOnContext(
        v -> {
          Future<T> future;
          try {
            future = work.get();
          } catch (RuntimeException e) {
            future = context.failedFuture(e);
          }
          future.onComplete(answer);
        });
    return answer.future();
  }

  Future<Void> start() {
    if (!started.compareAndSet(false, true)) {
      return vertx.getOrCreateContext().failedFuture(new ShieldException("already started"));
    }
    return onEngine(this::open);
  }

  private Future<Void> open() {
    warnOfBypasses();
    ShieldBackend made = Backends.create(vertx, configuration);
    ShieldOptions options = configuration.options();
    Duration interval =
        made.capabilities().push() ? options.getHeadInterval() : options.getPollInterval();
    Replica copy = new Replica(context, made, this, interval);
    backend = made;
    replica = copy;
    committer = new Committer(context, made, copy, options.getChangeTimeout());
    edges = new EdgeAnnouncer(context, copy, committer, clock());
    context.setPeriodic(DECLARE_AGAIN.toMillis(), timer -> register());
    boolean wait = configuration.coldStart() == ColdStart.WAIT;
    return copy.start()
        .compose(v -> wait ? copy.firstLoad() : context.succeededFuture())
        .compose(v -> copy.isLoaded() ? register().otherwiseEmpty() : context.succeededFuture());
  }

  private void warnOfBypasses() {
    if (configuration.bypassLifecycle()) {
      LOG.warn("SHIELD_BYPASS_LIFECYCLE is set: states and maintenance are not enforced");
      bypasses.open(BypassKind.LIFECYCLE);
    }
    if (configuration.bypassRateLimits()) {
      LOG.warn("SHIELD_BYPASS_RATE_LIMITS is set: rate limits are not enforced");
      bypasses.open(BypassKind.RATE_LIMITS);
    }
  }

  Future<Void> close() {
    return onEngine(
        () -> {
          closed = true;
          listeners.clear();
          if (edges != null) {
            edges.close();
          }
          Replica copy = replica;
          Future<Void> done = copy == null ? context.succeededFuture() : copy.close();
          return done.onComplete(v -> context.close());
        });
  }

  /** Makes a change of what was planned on the caller's behalf. */
  <T> Future<T> change(
      Supplier<Planner> planner, Function<Map<DocumentKey, Versioned<?>>, @Nullable T> result) {
    return onEngine(
        () -> {
          Planner wanted = planner.get();
          return refreshed().compose(v -> running().submit(wanted)).map(result);
        });
  }

  private Committer running() {
    if (committer == null || closed) {
      throw new ShieldException(closed ? "the engine is closed" : "the engine is not started");
    }
    return committer;
  }

  Future<List<AuditEntry>> auditLog(AuditQuery query) {
    return onEngine(
        () -> {
          running();
          return java.util.Objects.requireNonNull(backend).auditLog(query);
        });
  }

  void addRouteSource(RouteSource source) {
    sources.removeIf(known -> known.get() == null);
    sources.add(new WeakReference<>(source));
  }

  /** Asks the handlers for routes they have not declared yet, and stores them first. */
  private Future<Void> refreshed() {
    for (WeakReference<RouteSource> reference : sources) {
      RouteSource source = reference.get();
      if (source != null) {
        source.refresh();
      }
    }
    return registering == null ? context.succeededFuture() : registering.otherwiseEmpty();
  }

  /** Takes in declarations: enforced at once, stored as soon as possible. */
  void declare(List<RouteState> declarations) {
    if (!registrar.declare(declarations)) {
      return;
    }
    if (vertx.getContext() == context) {
      declared();
    } else {
      context.runOnContext(v -> declared());
    }
  }

  private void declared() {
    Replica copy = replica;
    if (copy != null && copy.isLoaded()) {
      register();
    } else {
      inForce = registrar.asSnapshot(Snapshot.empty(Head.NONE));
      gates.replace(inForce, closedUntilLoaded);
    }
  }

  Future<Void> register(List<RouteState> declarations) {
    List<RouteState> own = List.copyOf(declarations);
    return onEngine(
        () -> {
          declare(own);
          return registering == null ? context.succeededFuture() : registering;
        });
  }

  /** Stores what the code declares; one commit at a time, none if nothing is new. */
  private Future<Void> register() {
    if (committer == null || closed || registrar.isEmpty()) {
      return context.succeededFuture();
    }
    if (registering != null) {
      declaredMeanwhile = true;
      return registering;
    }
    Promise<Void> done = context.promise();
    registering = done.future();
    storeDeclarations(committer)
        .onComplete(
            result -> {
              registering = null;
              if (result.failed() && !closed) {
                LOG.warn("Declared routes are not stored yet: {}", result.cause().getMessage());
                context.setTimer(REGISTER_RETRY_MILLIS, timer -> register());
              }
              done.handle(result);
            });
    return done.future();
  }

  private Future<Void> storeDeclarations(Committer running) {
    declaredMeanwhile = false;
    return running
        .submit(registrar::plan)
        .compose(v -> declaredMeanwhile ? storeDeclarations(running) : context.succeededFuture());
  }

  @Override
  public Future<Runnable> prepare(Snapshot next, @Nullable Set<DocumentKey> changed) {
    if (gates.size() < LARGE || (changed != null && !isWide(changed))) {
      return context.succeededFuture(compiled(next, changed));
    }
    return context.executeBlocking(() -> compiled(next, changed));
  }

  private static boolean isWide(Set<DocumentKey> changed) {
    return changed.size() > LARGE
        || changed.stream().anyMatch(key -> key.kind() == DocumentKind.MAINTENANCE);
  }

  private Runnable compiled(Snapshot next, @Nullable Set<DocumentKey> changed) {
    Gates.Prepared prepared =
        changed == null ? gates.prepare(next, false) : gates.prepare(next, changed);
    return () -> {
      gates.install(prepared);
      inForce = next;
    };
  }

  @Override
  public void applied(Snapshot before, Snapshot after, Commit commit) {
    Set<DocumentKey> changed = new HashSet<>();
    commit.change().edits().forEach(edit -> changed.add(edit.key()));
    Set<String> states = stateKeys(changed);
    tell(before, after, changed, commit.change().audit());
    if (edges != null && !states.isEmpty()) {
      edges.look(after, states);
    }
  }

  @Override
  public void replaced(Snapshot before, Snapshot after) {
    Set<DocumentKey> changed = new HashSet<>();
    Map<DocumentKey, Versioned<?>> old = before.content();
    Map<DocumentKey, Versioned<?>> now = after.content();
    now.forEach(
        (key, value) -> {
          if (!value.equals(old.get(key))) {
            changed.add(key);
          }
        });
    old.keySet().stream().filter(key -> !now.containsKey(key)).forEach(changed::add);
    tell(before, after, changed, List.of());
    if (edges != null) {
      edges.replaced(after);
    }
    if (before.head().equals(Head.NONE)) {
      register();
    }
  }

  private void tell(
      Snapshot before, Snapshot after, Set<DocumentKey> changed, List<AuditEntry> audit) {
    Set<String> routes = stateKeys(changed);
    for (DocumentKey key : changed) {
      String edgeOf = EdgeAnnouncer.routeOf(key);
      if (edgeOf != null) {
        routes.add(edgeOf);
      }
    }
    announcements.announce(after.head(), changed);
    listeners.tell(new ShieldChange(before, after, changed, routes, audit));
  }

  private static Set<String> stateKeys(Set<DocumentKey> keys) {
    Set<String> routes = new HashSet<>();
    for (DocumentKey key : keys) {
      if (key.kind() == DocumentKind.STATE) {
        routes.add(key.key());
      }
    }
    return routes;
  }
}
