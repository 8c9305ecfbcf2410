package io.shield.impl;

import io.shield.Bypass;
import io.shield.ShieldChange;
import io.shield.ShieldOptions;
import io.shield.Store;
import io.shield.decision.Site;
import io.shield.decision.TrustedProxies;
import io.shield.error.ShieldException;
import io.shield.error.UnknownRouteException;
import io.shield.impl.change.BarePaths;
import io.shield.impl.change.ChangeHints;
import io.shield.impl.change.Committer;
import io.shield.impl.change.EdgeAnnouncer;
import io.shield.impl.change.JudgedPlanner;
import io.shield.impl.change.LoggedChanges;
import io.shield.impl.change.OfRevision;
import io.shield.impl.change.Plan;
import io.shield.impl.change.Plan.Planner;
import io.shield.impl.limit.CounterKeeper;
import io.shield.impl.limit.CounterResets;
import io.shield.impl.limit.HitRecorder;
import io.shield.impl.limit.LimitWatch;
import io.shield.impl.limit.SharedLimits;
import io.shield.impl.registration.DeclarationDays;
import io.shield.impl.registration.DeclarationPlans;
import io.shield.impl.registration.DeclarationPlans.News;
import io.shield.impl.registration.DeclarationWriter;
import io.shield.impl.registration.ForgottenStart;
import io.shield.impl.registration.ProtectionCheck;
import io.shield.impl.registration.SharedKeys;
import io.shield.impl.replica.EngineClosed;
import io.shield.impl.replica.Renewer;
import io.shield.impl.replica.Replica;
import io.shield.impl.replica.SnapshotCache;
import io.shield.impl.replica.StoreLink;
import io.shield.impl.webhook.ConfiguredWebhooks;
import io.shield.impl.webhook.UntoldChanges;
import io.shield.impl.webhook.WebhookSender;
import io.shield.impl.webhook.WebhooksImpl;
import io.shield.internal.EngineInternals;
import io.shield.internal.EngineInternals.Declarations;
import io.shield.internal.EngineInternals.RouteSource;
import io.shield.internal.Meters;
import io.shield.internal.NearNames;
import io.shield.internal.gate.Gates;
import io.shield.internal.limit.RateLimiting;
import io.shield.internal.limit.time.LimitClock;
import io.shield.internal.log.RefusalLog;
import io.shield.model.RouteState;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.AuditQuery;
import io.shield.spi.CommitResult;
import io.shield.spi.Lineage;
import io.shield.spi.Lineage.Descent;
import io.shield.spi.ShieldBackend;
import io.shield.spi.limit.HitQuery;
import io.shield.spi.limit.RateLimitHit;
import io.shield.spi.limit.RateLimitStore;
import io.shield.spi.limit.SharedCounters;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine itself; handles share it. What is mutable here is either confined to the engine's
 * context or thread-safe.
 */
final class EngineCore implements EngineInternals {
  private static final Logger LOG = LoggerFactory.getLogger(EngineCore.class);

  /** How often refusals that were left out of the log are told. */
  private static final long REFUSALS_MILLIS = 1000;

  /** How long the end waits for hits and counters to be kept. */
  private static final long LAST_WRITE_MILLIS = 2000;

  private final VertxInternal vertx;
  private final Configuration configuration;
  private final Site site;
  private final TrustedProxies trustedProxies;
  private final ContextInternal context;

  /**
   * Where futures complete of callers that have no context. Not the engine's: what they begin then,
   * a server for instance, stays on that event loop and would wait for each change.
   */
  private final ContextInternal outside;

  private final Gates gates;
  private final LimitClock limitClock;
  private final RateLimiting limits;
  private final CounterResets resets;
  private final DeclarationPlans declarationPlans;
  private final ProtectionCheck protection;
  private final ForgottenStart forgottenStart;
  private final Enforcement enforcement;
  private final Listeners listeners = new Listeners();
  private final ChangeHints hints;
  private final WebhooksImpl webhooks;
  private final Bypasses bypasses;
  private final HitRecorder hits;
  private final CounterKeeper counters;
  private final LimitWatch limitWatch;
  private final LongAdder errors = new LongAdder();

  /** What others warn of, by topic. */
  private final Map<String, String> warnings = new ConcurrentSkipListMap<>();

  private final Set<String> told = ConcurrentHashMap.newKeySet();

  private final Meters meters = new Meters();
  private final RefusalLog refusalLog = new RefusalLog();

  /** What works once the engine was started. */
  private record Running(
      StoreLink store,
      Replica replica,
      Committer committer,
      DeclarationWriter declarationWriter,
      EdgeAnnouncer edges,
      SnapshotCache cache,
      WebhookSender webhooks) {}

  private long refusalTimer = -1;
  private volatile @Nullable Running running;
  private @Nullable SharedLimits shared;
  private @Nullable Future<Void> closing;

  /** What the start waits for, and all that was asked since; null if it waits for nothing. */
  private @Nullable Future<Void> beginning;

  /** Lives on an event loop. */
  EngineCore(VertxInternal vertx, Configuration configuration) {
    this(vertx, configuration, vertx.createEventLoopContext(), vertx.createEventLoopContext());
  }

  /** Lives on a context, and answers on another. */
  EngineCore(
      VertxInternal vertx,
      Configuration configuration,
      ContextInternal context,
      ContextInternal outside) {
    this.vertx = vertx;
    this.configuration = configuration;
    this.site = configuration.site();
    this.trustedProxies = configuration.trustedProxies();
    this.context = context;
    this.outside = outside;
    boolean closedUntilLoaded = configuration.coldStart() == ShieldOptions.ColdStart.CLOSED;
    this.gates = new Gates(site, configuration.clock(), closedUntilLoaded);
    this.hits = new HitRecorder(context, configuration.clock());
    this.limitClock = LimitClock.of(configuration.clock());
    this.limits = new RateLimiting(site, limitClock, hits);
    this.resets = new CounterResets(limits);
    this.bypasses = new Bypasses(gates, limits);
    this.declarationPlans = new DeclarationPlans(site.service(), configuration.clock());
    this.protection = new ProtectionCheck(context, worker(vertx), declarationPlans);
    this.forgottenStart = new ForgottenStart(context, () -> declarationPlans.declared().isAsked());
    this.enforcement = new Enforcement(context, gates, limits, declarationPlans, closedUntilLoaded);
    this.counters = new CounterKeeper(context, limits, enforcement::inForce);
    this.limitWatch = new LimitWatch(context, limits);
    this.hints = new ChangeHints(vertx, configuration.name());
    this.webhooks = new WebhooksImpl(new ForWebhooks());
  }

  /** A context whose threads no code of the application keeps busy. */
  static ContextInternal worker(VertxInternal vertx) {
    return vertx
        .contextBuilder()
        .withThreadingModel(ThreadingModel.WORKER)
        .withWorkerPool(vertx.internalWorkerPool())
        .build();
  }

  @Override
  public Vertx vertx() {
    return vertx;
  }

  Site site() {
    return site;
  }

  Configuration configuration() {
    return configuration;
  }

  @Override
  public Gates gates() {
    return gates;
  }

  @Override
  public TrustedProxies trustedProxies() {
    return trustedProxies;
  }

  @Override
  public RateLimiting limits() {
    return limits;
  }

  @Override
  public boolean enforcesBeforeLoad() {
    return configuration.coldStart() == ShieldOptions.ColdStart.OPEN;
  }

  @Override
  public InstantSource clock() {
    return configuration.clock();
  }

  /** The time to stamp with; people read it, and nobody wants to read less than milliseconds. */
  Instant now() {
    return clock().instant().truncatedTo(ChronoUnit.MILLIS);
  }

  Snapshot snapshot() {
    return enforcement.inForce();
  }

  WebhooksImpl webhooks() {
    return webhooks;
  }

  DeclarationPlans declarationPlans() {
    return declarationPlans;
  }

  /** What webhooks may ask of this engine. */
  private final class ForWebhooks implements WebhooksImpl.Engine {
    @Override
    public Snapshot snapshot() {
      return EngineCore.this.snapshot();
    }

    @Override
    public InstantSource clock() {
      return EngineCore.this.clock();
    }

    @Override
    public Instant now() {
      return EngineCore.this.now();
    }

    @Override
    public @Nullable String setting(String variable) {
      return configuration.setting(variable);
    }

    @Override
    public <T> Future<T> change(
        Supplier<Planner> planner, Function<List<Plan.Result>, @Nullable T> result) {
      return EngineCore.this.change(planner, result);
    }
  }

  Bypasses bypasses() {
    return bypasses;
  }

  Listeners listeners() {
    return listeners;
  }

  Store.Status status() {
    Running known = running;
    return known == null
        ? new Store.Status(Store.Status.Condition.STARTING, Head.NONE, "the engine is not started")
        : known
            .replica
            .status()
            .withWarning(warning(known.store.warning()))
            .withProblem(problem(known.store.problem(), known.cache.problem()));
  }

  private static @Nullable String problem(@Nullable String ofStore, @Nullable String ofCache) {
    return ofStore == null || ofCache == null
        ? (ofStore == null ? ofCache : ofStore)
        : ofStore + "; " + ofCache;
  }

  private @Nullable String warning(@Nullable String ofStore) {
    List<String> all = new ArrayList<>(warnings.values());
    String unguarded = protection.warning();
    if (unguarded != null) {
      all.add(unguarded);
    }
    if (ofStore != null) {
      all.add(0, ofStore);
    }
    return all.isEmpty() ? null : String.join("; ", all);
  }

  /** Shows a warning with the status of the store, or no longer. */
  @Override
  public void warn(String topic, @Nullable String text) {
    if (text == null) {
      warnings.remove(topic);
    } else {
      warnings.put(topic, text);
    }
  }

  @Override
  public boolean isFirst(String topic) {
    return told.add(topic);
  }

  @Override
  public Meters meters() {
    return meters;
  }

  @Override
  public RefusalLog refusalLog() {
    return refusalLog;
  }

  long errors() {
    return errors.sum();
  }

  @Override
  public void countError(Throwable error) {
    errors.increment();
    LOG.error("An error inside Shield let a request pass ({} so far)", errors.sum(), error);
  }

  /** Runs on the engine's context and answers on the caller's. */
  <T> Future<T> onEngine(Supplier<Future<T>> work) {
    Promise<T> answer = answer();
    try {
      context.runOnContext(v -> inTurn(work).onComplete(answer));
    } catch (RejectedExecutionException e) {
      return Future.failedFuture(new ShieldException("the engine is closed, as its Vert.x is"));
    }
    return answer.future();
  }

  /** The same future for the caller, whose context it completes on. */
  <T> Future<T> onCaller(Future<T> future) {
    if (future.isComplete()) {
      // Not on any context: that of a closed Vert.x runs nothing any more.
      return future.succeeded()
          ? Future.succeededFuture(future.result())
          : Future.failedFuture(future.cause());
    }
    Promise<T> answer = answer();
    future.onComplete(answer);
    return answer.future();
  }

  private <T> Promise<T> answer() {
    ContextInternal caller = vertx.getContext();
    return caller == null ? outside.promise() : caller.promise();
  }

  /** What is asked before the start begins is answered after it, in the order of the questions. */
  private <T> Future<T> inTurn(Supplier<Future<T>> work) {
    Future<Void> turn = beginning;
    return turn == null ? attempt(work) : turn.compose(v -> attempt(work));
  }

  private <T> Future<T> attempt(Supplier<Future<T>> work) {
    try {
      return work.get();
    } catch (RuntimeException | Error e) {
      return context.failedFuture(e);
    }
  }

  /**
   * Opens the store; called once.
   *
   * @param first what has to be complete before, whatever comes of it
   */
  Future<Void> start(Future<Void> first) {
    return onEngine(
        () ->
            (first.isComplete() ? open() : openAfter(first))
                .compose(v -> protection.check(configuration.strict(), () -> closing != null)));
  }

  private Future<Void> openAfter(Future<Void> first) {
    Promise<Void> begin = context.promise();
    beginning = begin.future();
    Future<Void> opened = begin.future().compose(v -> open());
    first.onComplete(
        done ->
            context.runOnContext(
                v -> {
                  beginning = null;
                  begin.complete();
                }));
    return opened;
  }

  /** Opens the store at once. */
  Future<Void> open() {
    if (closing != null) {
      throw EngineClosed.failure();
    }
    forgottenStart.end();
    warnOfBypasses();
    refusalTimer = context.setPeriodic(REFUSALS_MILLIS, id -> refusalLog.tellRest());
    ShieldBackend backend = Backends.create(vertx, configuration);
    share(Backends.sharedCounters(configuration, backend));
    declarationPlans.storeDecides(backend.isControlPlane());
    warnOfUnreadSettings();
    ShieldOptions options = configuration.options();
    Duration interval =
        backend.capabilities().push() ? options.getHeadInterval() : options.getPollInterval();
    StoreLink store = new StoreLink(context, backend, StoreLink.Patience.DEFAULT, meters);
    RandomGenerator random = new SplittableRandom();
    Replica replica = new Replica(context, store, enforcement, interval, random);
    Committer committer =
        new Committer(
            context, store, replica, options.getChangeTimeout(), random, WebhooksImpl::news);
    DeclarationWriter declarationWriter =
        new DeclarationWriter(
            context,
            declarationPlans,
            committer,
            replica::snapshot,
            enforcement::declared,
            enforcement::settled);
    EdgeAnnouncer edges = new EdgeAnnouncer(context, replica, committer, clock());
    if (backend.isControlPlane()) {
      edges.close();
    }
    SnapshotCache cache = SnapshotCache.of(context, configuration, store.location());
    ConfiguredWebhooks configured =
        ConfiguredWebhooks.of(options.getWebhooks(), configuration::setting, now());
    WebhookSender sender = webhooks.sender(context, replica, committer, random, meters);
    SharedKeys sharedKeys = new SharedKeys(clock(), text -> warn("shared keys", text));
    replica.observe(
        List.of(
            resets,
            hints,
            listeners,
            cache,
            edges,
            sharedKeys,
            this::declareAnew,
            new LoggedChanges()));
    running = new Running(store, replica, committer, declarationWriter, edges, cache, sender);
    replica.firstLoad().onSuccess(v -> declarationWriter.register());
    if (configuration.sendsWebhooks()) {
      replica.observe(List.of(sender, new UntoldChanges(sender)));
      replica
          .firstLoad()
          .onSuccess(v -> configured.store(context, committer, () -> closing != null));
    }
    boolean wait = configuration.coldStart() == ShieldOptions.ColdStart.WAIT;
    return cache
        .read()
        .compose(known -> replica.remember(known))
        .compose(v -> replica.start())
        .compose(v -> openShared())
        .compose(v -> openLimits(backend.rateLimitStore(), replica))
        .compose(v -> wait ? replica.firstLoad() : context.succeededFuture())
        .compose(v -> declarationWriter.idle());
  }

  @Override
  public List<String> unguarded() {
    return protection.problems();
  }

  private void share(@Nullable SharedCounters counting) {
    if (counting != null) {
      shared = new SharedLimits(context, limits, counting);
      limits.share(counting);
    }
  }

  /** Until then policies say what counts, as while the counters do not answer. */
  private Future<Void> openShared() {
    SharedLimits counting = shared;
    return counting == null ? context.succeededFuture() : counting.open();
  }

  private Future<Void> unshare() {
    SharedLimits open = shared;
    shared = null;
    return open == null ? context.succeededFuture() : open.close();
  }

  /** What was counted before is restored before requests are, if the store can be reached. */
  private Future<Void> openLimits(RateLimitStore kept, Replica replica) {
    hits.open(kept);
    limitWatch.open();
    Future<Void> restored = replica.firstLoad().compose(v -> counters.open(kept.counters()));
    return replica.isLoaded() ? restored : context.succeededFuture();
  }

  /** What a backend of the application's own asks for is known once it was made. */
  private void warnOfUnreadSettings() {
    String unread = unread();
    if (unread != null) {
      LOG.warn("{}", unread);
    }
  }

  private void warnOfBypasses() {
    if (configuration.bypassLifecycle()) {
      LOG.warn("SHIELD_BYPASS_LIFECYCLE is set: states and maintenance are not enforced");
      bypasses.open(Bypass.Kind.LIFECYCLE);
    }
    if (configuration.bypassRateLimits()) {
      LOG.warn("SHIELD_BYPASS_RATE_LIMITS is set: rate limits are not enforced");
      bypasses.open(Bypass.Kind.RATE_LIMITS);
    }
  }

  /** Closes the engine and its store. Idempotent. */
  Future<Void> close() {
    return onEngine(
        () -> {
          if (closing == null) {
            closing = closed(running);
          }
          return closing;
        });
  }

  private Future<Void> closed(@Nullable Running open) {
    forgottenStart.end();
    listeners.clear();
    Future<Void> told = open == null ? context.succeededFuture() : open.webhooks.close();
    Future<Void> kept = Future.join(hits.close(), counters.close(), unshare(), told).mapEmpty();
    limitWatch.close();
    limitClock.close();
    vertx.cancelTimer(refusalTimer);
    refusalLog.tellRest();
    if (open == null) {
      return context.succeededFuture();
    }
    open.edges.close();
    open.declarationWriter.close();
    return context
        .future(kept::onComplete)
        .timeout(LAST_WRITE_MILLIS, TimeUnit.MILLISECONDS)
        .transform(v -> closeStore(open));
  }

  private static Future<Void> closeStore(Running open) {
    Future<Void> done = open.replica.close();
    open.committer.close();
    return done.eventually(open.cache::close);
  }

  /** Makes a change of what was planned on the caller's behalf. */
  <T> Future<T> change(Supplier<Planner> planner, Function<List<Plan.Result>, @Nullable T> result) {
    return onEngine(
        () -> {
          Running open = running();
          Planner wanted = planner.get();
          declarationPlans.declared().refresh();
          Future<Void> declared =
              open.replica.isLoaded()
                  ? open.declarationWriter.attempt()
                  : open.declarationWriter.idle();
          return declared
              .compose(v -> submit(open, new JudgedPlanner(wanted)))
              .recover(this::withNearNames)
              .map(result);
        });
  }

  /** A change that was refused, or had nothing to write, goes by the store and not by a copy. */
  private Future<List<Plan.Result>> submit(Running open, JudgedPlanner planner) {
    return open.committer
        .submit(planner)
        .transform(
            done -> {
              Head judged = planner.judged();
              Future<List<Plan.Result>> answer =
                  done.succeeded()
                      ? context.succeededFuture(done.result())
                      : context.failedFuture(done.cause());
              return judged == null
                  ? answer
                  : open.replica
                      .drawLevel()
                      .compose(
                          v ->
                              open.replica.snapshot().head().equals(judged)
                                  ? answer
                                  : open.committer.submit(planner));
            });
  }

  /** What makes a change of a store at that revision only; of any if it is null. */
  Planner ofRevision(Planner planner, @Nullable Long revision) {
    return revision == null
        ? planner
        : new OfRevision(planner, revision, control() == Control.NONE);
  }

  /** What resembles an unknown name is looked for on a worker. */
  private <T> Future<T> withNearNames(Throwable failure) {
    return failure instanceof UnknownRouteException unknown
        ? context.executeBlocking(
            () -> {
              throw NearNames.unknown(snapshot(), unknown.route());
            })
        : context.failedFuture(failure);
  }

  /** Commits a change that others planned, see {@link io.shield.internal.EngineInternals#relay}. */
  @Override
  public Future<CommitResult> relay(Change change) {
    return onEngine(() -> running().committer.relay(change));
  }

  @Override
  public Future<Void> drawLevel() {
    return onEngine(() -> running().replica.drawLevel());
  }

  @Override
  public Control control() {
    Running known = running;
    if (known == null || !known.store.isControlPlane()) {
      return Control.NONE;
    }
    return known.store.isRefused() ? Control.REFUSED : Control.SERVER;
  }

  @Override
  public Future<Lineage> lineage() {
    return onEngine(() -> running().store.lineage());
  }

  @Override
  public Future<Descent> descent(Head earlier, Head later) {
    return onEngine(
        () -> {
          Running open = running();
          boolean asked = open.replica.status().condition() == Store.Status.Condition.READY;
          return asked
              ? open.store.descent(earlier, later).otherwise(Descent.FORGOTTEN)
              : context.succeededFuture(Descent.FORGOTTEN);
        });
  }

  private Running running() {
    Running open = running;
    if (open == null || closing != null) {
      throw new ShieldException(
          closing == null ? "the engine is not started" : "the engine is closed");
    }
    return open;
  }

  /** Carries out what an operator decides about a store that is not believed. */
  Future<Store.Status> renew(Actor actor, String reason, boolean reseed) {
    return onEngine(
        () -> {
          Running open = running();
          return new Renewer(context, open.store, open.replica).renew(actor, reason, reseed, now());
        });
  }

  Future<Integer> auditCount(AuditQuery query) {
    return query.path() == null
        ? onEngine(() -> running().store.auditCount(query))
        : auditLog(query.whole()).map(List::size);
  }

  Future<List<AuditEntry>> auditLog(AuditQuery query) {
    return onEngine(() -> BarePaths.list(query, running().store::auditLog));
  }

  Future<List<RateLimitHit>> hits(HitQuery query) {
    return onEngine(() -> hits.hits(query));
  }

  @Override
  public void addRouteSource(RouteSource source) {
    declarationPlans.declared().add(source);
    forgottenStart.watch();
  }

  @Override
  public @Nullable List<Match> matches(String method, String path) {
    return declarationPlans.declared().matches(method, path);
  }

  @Override
  public boolean isDeclared(String routeKey) {
    return declarationPlans.declared().state(routeKey) != null
        || DeclarationDays.of(snapshot()).has(routeKey);
  }

  /** Takes in declarations: enforced at once, stored as soon as possible. */
  @Override
  public void declare(RouteSource source, Declarations all) {
    News news = declarationPlans.declare(source, all);
    if (news != null) {
      enforcement.declared(news);
      storeSoon();
    }
  }

  /** At once where that is possible, so that a change that follows finds it under way. */
  private void storeSoon() {
    if (context.isRunningOnContext()) {
      store();
    } else {
      onEngine(this::store);
    }
  }

  /** Stores what is declared, or leaves it to the first load. */
  private Future<Void> store() {
    Running open = running;
    return open != null && open.replica.isLoaded()
        ? open.declarationWriter.register()
        : context.succeededFuture();
  }

  Future<Void> register(List<RouteState> declarations) {
    List<RouteState> own = List.copyOf(declarations);
    return onEngine(
        () -> {
          if (closing != null) {
            throw EngineClosed.failure();
          }
          News news = declarationPlans.register(own);
          if (news != null) {
            enforcement.declared(news);
          }
          return store();
        });
  }

  /** What is declared may be missing in what the store holds now; it is enforced already. */
  private void declareAnew(ShieldChange change, @Nullable Commit commit) {
    Running open = running;
    if (open != null && open.replica.isLoaded()) {
      open.declarationWriter.attempt();
    }
  }

  @Override
  public @Nullable String setting(String variable) {
    return configuration.setting(variable);
  }

  @Override
  public @Nullable String unread() {
    return configuration.unread();
  }

  @Override
  public Future<Void> commit(Function<Snapshot, Proposal> proposals) {
    return change(
        () ->
            snapshot -> {
              Proposal proposal = proposals.apply(snapshot);
              return new Plan(proposal.edits(), proposal.audit(), List.of());
            },
        results -> null);
  }

  @Override
  public Runnable onApplied(Object holder, Handler<AppliedChange> handler) {
    Objects.requireNonNull(handler, "handler");
    return listeners.add(holder, applied -> handler.handle(told(applied)))::close;
  }

  private static AppliedChange told(Listeners.Applied applied) {
    ShieldChange change = applied.change();
    return new AppliedChange(
        change.before(), change.after(), change.changed(), change.routes(), applied.commit());
  }
}
