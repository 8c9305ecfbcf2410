package io.shield.web.impl;

import io.shield.decision.Decision;
import io.shield.error.InvalidValueException;
import io.shield.internal.ClientAddress;
import io.shield.internal.EngineInternals;
import io.shield.internal.limit.Charge;
import io.shield.internal.limit.LimitedRequest;
import io.shield.internal.limit.Passed;
import io.shield.internal.limit.RateLimiting;
import io.shield.internal.limit.RouteLimits;
import io.shield.web.RefusalResponder;
import io.shield.web.ShieldHandlerOptions;
import io.shield.web.ShieldHandlerOptions.LimitTiming;
import io.shield.web.impl.Run.Target;
import io.shield.web.telemetry.DecisionTeller;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Charges requests to their rate limits, now or when {@link LimitsHandler} asks. Thread-safe. */
final class LimitGate {
  private static final Logger LOG = LoggerFactory.getLogger(LimitGate.class);
  private static final String PENDING = "io.shield.limits.pending.";
  private static final String CHARGED = "io.shield.limits.charged.";

  private final EngineInternals engine;
  private final RateLimiting limits;
  private final ShieldHandlerOptions options;
  private final ClientAddress addresses;
  private final LimitHeaders headers;
  private final DecisionTeller teller;
  private final Refuser refuser;
  private final AtomicBoolean warned = new AtomicBoolean();

  /** Under what a request carries what is to be charged, and what was; each engine's by itself. */
  private final String pendingKey;

  private final String chargedKey;

  /** Answers a request that is refused. */
  @FunctionalInterface
  interface Refuser {
    void refuse(RoutingContext ctx, Decision.Refusal refusal, @Nullable RefusalResponder responder);
  }

  /** A request that is still to be charged. */
  private record Pending(
      LimitGate gate,
      String path,
      HttpMethod method,
      Target target,
      RouteLimits limits,
      @Nullable Passing passing) {

    /** Whether it is still the same request, and not one that it was rerouted to. */
    boolean isOf(RoutingContext ctx) {
      return method.equals(ctx.request().method()) && path.equals(ctx.request().path());
    }

    /** With what a handler before left: limits of routes on the way. */
    Pending behind(Pending before) {
      Passing earlier = gate.passing(before.passing, before.target, method);
      return new Pending(
          gate,
          path,
          method,
          target,
          limits.behind(before.limits),
          passing == null ? earlier : passing.behind(earlier));
    }
  }

  /** A request that is charged; one object with its caller, since every limited one makes it. */
  private static final class ToCharge extends RequestCaller implements LimitedRequest {
    private final HttpMethod method;
    private final String template;
    private final RouteLimits limits;
    private final int cost;
    private final @Nullable Charge earlier;
    private final @Nullable Passed passed;

    ToCharge(
        RoutingContext ctx,
        LimitGate gate,
        String template,
        RouteLimits limits,
        @Nullable String customKey,
        int cost,
        @Nullable Charge earlier,
        @Nullable Passed passed) {
      super(ctx, gate.options, gate.addresses, customKey);
      this.method = ctx.request().method();
      this.template = template;
      this.limits = limits;
      this.cost = cost;
      this.earlier = earlier;
      this.passed = passed;
    }

    @Override
    public String template() {
      return template;
    }

    @Override
    public HttpMethod method() {
      return method;
    }

    @Override
    public RouteLimits limits() {
      return limits;
    }

    @Override
    public int cost() {
      return cost;
    }

    @Override
    public @Nullable Charge earlier() {
      return earlier;
    }

    @Override
    public @Nullable Passed passed() {
      return passed;
    }
  }

  LimitGate(
      EngineInternals engine,
      ShieldHandlerOptions options,
      ClientAddress addresses,
      LimitHeaders headers,
      DecisionTeller teller,
      Refuser refuser) {
    this.engine = engine;
    this.limits = engine.limits();
    this.options = options;
    this.addresses = addresses;
    this.headers = headers;
    this.teller = teller;
    this.refuser = refuser;
    this.pendingKey = pendingKey(engine);
    this.chargedKey = CHARGED + limits.number();
  }

  /** Under what a request carries what an engine is still to charge. */
  static String pendingKey(EngineInternals engine) {
    return PENDING + engine.limits().number();
  }

  /** Whether nothing is limited anywhere. */
  boolean isIdle() {
    return limits.isIdle();
  }

  /** Whether it leaves charging to a handler behind. */
  boolean isLater() {
    return options.getLimits() == LimitTiming.LATER;
  }

  /** Adds what a route on the way limits itself. */
  RouteLimits onTheWay(RouteLimits before, String template, HttpMethod method) {
    return isIdle() ? before : limits.of(template, method).behind(before);
  }

  /**
   * A route on the way whose declaration says how its own policies are charged.
   *
   * @param before another before it, or null
   */
  record Passing(RouteDeclaration declared, RouteLimits limits, @Nullable Passing before) {
    Passing behind(@Nullable Passing earlier) {
      return new Passing(declared, limits, before == null ? earlier : before.behind(earlier));
    }
  }

  /** Adds a route on the way if it says itself how it is charged. */
  @Nullable Passing passing(@Nullable Passing before, Target target, HttpMethod method) {
    RouteDeclaration declared = target.declaration();
    boolean says = declared.limitKey() != null || declared.limitCost() != null;
    return !says || isIdle()
        ? before
        : new Passing(declared, limits.of(target.template(), method), before);
  }

  /**
   * Charges a request that its route's gates let pass, or leaves that for later; false if it was
   * refused, or is waiting for its key, and is being taken care of.
   *
   * @param onTheWay what the routes before it limit
   * @param passing those of them that say themselves how they are charged, or null
   */
  boolean isAdmitted(
      RoutingContext ctx, Target target, RouteLimits onTheWay, @Nullable Passing passing) {
    String template = target.template();
    HttpMethod method = ctx.request().method();
    if (isIdle()) {
      teller.passes(template, method);
      return true;
    }
    RouteLimits all = limits.of(template, method).behind(onTheWay);
    Charge earlier = ctx.get(chargedKey);
    if (all.isEmpty() && earlier == null) {
      teller.passes(template, method);
      return true;
    }
    if (isLater()) {
      Pending before = ctx.get(pendingKey);
      Pending pending = new Pending(this, ctx.request().path(), method, target, all, passing);
      ctx.put(pendingKey, before != null && before.isOf(ctx) ? pending.behind(before) : pending);
      return true;
    }
    return charge(ctx, target, all, earlier, passing);
  }

  /** Charges what a handler before left to do; false as in {@link #isAdmitted}. */
  static boolean isAdmittedLater(RoutingContext ctx, String pendingKey) {
    Pending pending = ctx.remove(pendingKey);
    return pending == null || !pending.isOf(ctx) || pending.gate.chargeNow(ctx, pending);
  }

  private boolean chargeNow(RoutingContext ctx, Pending pending) {
    Charge earlier = ctx.get(chargedKey);
    return charge(ctx, pending.target, pending.limits, earlier, pending.passing);
  }

  /**
   * A request that was charged is refused by a gate where it ends: it takes nothing of any limit,
   * not even of one that was paused meanwhile, and its answer tells of none.
   */
  void giveBack(RoutingContext ctx) {
    boolean charged = giveBackOthers(ctx);
    Charge charge = ctx.remove(chargedKey);
    if (charge != null) {
      charge.giveBack();
    }
    if (charged || charge != null) {
      LimitHeaders.takeBack(ctx.response().headers());
    }
  }

  private List<Charge> chargedByOthers(RoutingContext ctx) {
    return ctx.data().entrySet().stream()
        .filter(entry -> !entry.getKey().equals(chargedKey))
        .sorted(Map.Entry.comparingByKey())
        .flatMap(entry -> entry.getValue() instanceof Charge charge ? Stream.of(charge) : null)
        .toList();
  }

  /**
   * What other engines charged, and that they did: a request that is sent on from here is charged
   * anew. False if that was nothing.
   */
  private boolean giveBackOthers(RoutingContext ctx) {
    boolean any = false;
    for (String key : List.copyOf(ctx.data().keySet())) {
      if (!key.equals(chargedKey) && ctx.get(key) instanceof Charge charge) {
        charge.giveBack();
        ctx.remove(key);
        any = true;
      }
    }
    return any;
  }

  private boolean charge(
      RoutingContext ctx,
      Target target,
      RouteLimits all,
      @Nullable Charge earlier,
      @Nullable Passing passing) {
    long start = engine.meters().isWatched() ? System.nanoTime() : 0;
    boolean custom = all.needsCustomKey(earlier);
    if (!custom && passing == null && !limits.isShared()) {
      Charge charge = limits.charge(request(ctx, target, all, earlier, null, null));
      return isAdmitted(ctx, target, charge, start);
    }
    // One wait for both, the key and the counters: a request is paused once.
    Future<Charge> charge =
        custom || passing != null
            ? request(ctx, target, all, earlier, passing, custom).compose(limits::chargeShared)
            : limits.chargeShared(request(ctx, target, all, earlier, null, null));
    return whenKnown(ctx, charge, known -> isAdmitted(ctx, target, known, start));
  }

  /** With the keys that the application computes. */
  private Future<LimitedRequest> request(
      RoutingContext ctx,
      Target target,
      RouteLimits all,
      @Nullable Charge earlier,
      @Nullable Passing passing,
      boolean custom) {
    Future<@Nullable String> key =
        custom
            ? customKey(ctx, target, passing).recover(LimitGate::keyFailed)
            : Future.succeededFuture();
    return key.compose(
        known ->
            passed(ctx, target, earlier, passing, known)
                .map(passed -> request(ctx, target, all, earlier, known, passed)));
  }

  /** What the routes on the way say; what one does not say, the route behind it does. */
  private static Future<@Nullable Passed> passed(
      RoutingContext ctx,
      Target target,
      @Nullable Charge earlier,
      @Nullable Passing passing,
      @Nullable String customKey) {
    if (passing == null) {
      return Future.succeededFuture();
    }
    RouteDeclaration declared = passing.declared;
    Function<RoutingContext, Future<@Nullable String>> source = declared.limitKey();
    Future<@Nullable String> key =
        source == null || !passing.limits.ownNeedCustomKey(earlier)
            ? Future.succeededFuture(customKey)
            : Objects.requireNonNull(source.apply(ctx), "the future of the limit key")
                .recover(LimitGate::keyFailed);
    ToIntFunction<RoutingContext> computed = declared.limitCost();
    int cost = cost(ctx, computed == null ? target.declaration().limitCost() : computed);
    return passed(ctx, target, earlier, passing.before, customKey)
        .compose(before -> key.map(own -> new Passed(passing.limits, own, cost, before)));
  }

  private LimitedRequest request(
      RoutingContext ctx,
      Target target,
      RouteLimits all,
      @Nullable Charge earlier,
      @Nullable String customKey,
      @Nullable Passed passed) {
    int cost = cost(ctx, target.declaration().limitCost());
    return new ToCharge(ctx, this, target.template(), all, customKey, cost, earlier, passed);
  }

  private static Future<@Nullable String> keyFailed(Throwable failure) {
    return Future.failedFuture(new IllegalStateException("The limit key failed", failure));
  }

  private Future<@Nullable String> customKey(
      RoutingContext ctx, Target target, @Nullable Passing passing) {
    Function<RoutingContext, Future<@Nullable String>> own = target.declaration().limitKey();
    Function<RoutingContext, Future<@Nullable String>> source =
        own == null ? options.getLimitKey() : own;
    if (source != null) {
      return Objects.requireNonNull(source.apply(ctx), "the future of the limit key");
    }
    if (passing == null && warned.compareAndSet(false, true)) {
      LOG.warn(
          "A limit of {} counts by a custom key, and no limitKey option says what that is",
          target.template());
    }
    return Future.succeededFuture();
  }

  /**
   * Goes on with what a charge brings: at once if it is there. A request that waits is paused, so
   * that it loses nothing of its body, and resumed however the wait ends.
   *
   * @param next false if the request was refused and is being answered
   */
  private boolean whenKnown(RoutingContext ctx, Future<Charge> charge, Predicate<Charge> next) {
    if (charge.isComplete()) {
      return next.test(known(charge));
    }
    Context context = ctx.vertx().getOrCreateContext();
    ctx.request().pause();
    charge.onComplete(
        result ->
            context.runOnContext(
                v -> {
                  boolean admitted;
                  try {
                    Charge known = known(result);
                    admitted = isOver(ctx) || next.test(known);
                    if (isOver(ctx)) {
                      known.release();
                    }
                  } catch (Throwable error) {
                    Gate.letPass(engine, error);
                    admitted = true;
                  }
                  ctx.request().resume();
                  if (admitted && !isOver(ctx)) {
                    ctx.next();
                  }
                }));
    return false;
  }

  private static Charge known(AsyncResult<Charge> charge) {
    if (charge.failed()) {
      throw new IllegalStateException(charge.cause().getMessage(), charge.cause());
    }
    return charge.result();
  }

  private static boolean isOver(RoutingContext ctx) {
    return ctx.response().ended() || ctx.response().closed();
  }

  /**
   * Tells the client what became of a charge. A reroute takes the headers and end handlers of the
   * charge before it away, not its cost.
   */
  private boolean isAdmitted(RoutingContext ctx, Target target, Charge charge, long start) {
    if (start != 0) {
      engine.meters().charged(System.nanoTime() - start);
    }
    ctx.put(chargedKey, charge);
    Decision.RateLimited refusal = charge.refusal();
    if (refusal != null) {
      if (giveBackOthers(ctx)) {
        LimitHeaders.takeBack(ctx.response().headers());
      }
      teller.refused(target.template(), ctx.request().method(), refusal);
      headers.draft(ctx.response().headers(), charge, List.of());
      refuser.refuse(ctx, refusal, target.declaration().responder());
      return false;
    }
    teller.passes(target.template(), ctx.request().method());
    headers.passed(
        ctx.response().headers(), charge, headers.tellsEach() ? chargedByOthers(ctx) : List.of());
    if (charge.isHeld()) {
      releaseAtEnd(ctx, charge);
    }
    return true;
  }

  private static int cost(RoutingContext ctx, @Nullable ToIntFunction<RoutingContext> computed) {
    if (computed == null) {
      return LimitedRequest.FIXED_COST;
    }
    int cost = computed.applyAsInt(ctx);
    if (cost < 0) {
      throw new InvalidValueException("limitCost", cost, "at least 0");
    }
    return cost;
  }

  /** However it ends: sent, reset, the client gone, or with an exception. */
  private static void releaseAtEnd(RoutingContext ctx, Charge charge) {
    HttpServerResponse response = ctx.response();
    // Two, since an application may take the response's own handlers for itself.
    ctx.addEndHandler(ended -> charge.release());
    ctx.addBodyEndHandler(ended -> charge.release());
    if (response.ended() || response.closed()) {
      charge.release();
    }
  }
}
