package io.shield.web.impl;

import io.shield.ShieldEngine;
import io.shield.decision.Caller;
import io.shield.decision.Cidr;
import io.shield.decision.Decision;
import io.shield.decision.Decision.Deprecation;
import io.shield.decision.Decision.Refusal;
import io.shield.decision.ForwardedHeader;
import io.shield.decision.TrustedProxies;
import io.shield.internal.ClientAddress;
import io.shield.internal.EngineInternals;
import io.shield.internal.gate.Verdict;
import io.shield.json.Times;
import io.shield.web.RefusalResponder;
import io.shield.web.ShieldHandlerOptions;
import io.shield.web.impl.Run.Target;
import io.shield.web.telemetry.DecisionTeller;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What both handlers do with a request once they know its route. Thread-safe. */
final class Gate {
  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

  private final EngineInternals engine;
  private final ShieldHandlerOptions options;
  private final Refusals refusals;
  private final ClientAddress addresses;
  private final DecisionTeller teller;
  private final LimitGate limits;
  private final boolean beforeAuthentication;
  private final AtomicBoolean warned = new AtomicBoolean();

  Gate(ShieldEngine engine, ShieldHandlerOptions options, boolean beforeAuthentication) {
    this.engine = EngineInternals.of(engine);
    this.options = new ShieldHandlerOptions(options);
    LimitHeaders headers =
        new LimitHeaders(this.options.getRateLimitHeaders(), this.engine.clock());
    this.refusals = new Refusals(this.options, headers, this.engine.clock());
    this.addresses =
        new ClientAddress(trustedProxies(this.options, this.engine), this.engine::isFirst);
    this.teller = new DecisionTeller(this.engine);
    this.limits =
        new LimitGate(this.engine, this.options, addresses, headers, teller, this::refuse);
    this.beforeAuthentication = beforeAuthentication;
  }

  /** What the options do not say, the engine's configuration does. */
  private static TrustedProxies trustedProxies(
      ShieldHandlerOptions options, EngineInternals engine) {
    TrustedProxies configured = engine.trustedProxies();
    List<Cidr> blocks = options.getTrustedProxies();
    boolean sockets = blocks == null ? configured.sockets() : options.isTrustingSockets();
    ForwardedHeader header = options.getForwardedHeader();
    return new TrustedProxies(
        blocks == null ? configured.blocks() : blocks,
        sockets,
        header == null ? configured.header() : header);
  }

  EngineInternals engine() {
    return engine;
  }

  LimitGate limits() {
    return limits;
  }

  /** Whether the application answers CORS preflights by something that is not recognised. */
  boolean answersPreflights() {
    return options.isAnswersPreflights();
  }

  /** Whether a request is a CORS preflight. */
  static boolean isPreflight(HttpServerRequest request) {
    return HttpMethod.OPTIONS.equals(request.method())
        && request.headers().contains(HttpHeaders.ORIGIN)
        && request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
  }

  /**
   * Judges a request by the verdict of a route that it is meant for; false if it was refused and is
   * being answered.
   */
  boolean isServed(RoutingContext ctx, Target target) {
    return isServed(ctx, target, verdict(ctx, target));
  }

  /**
   * Judges a request by a route that it is sure to run, or may, on its way to what it is meant for:
   * what closes routes together is judged there. False as above.
   */
  boolean isServedOnTheWay(RoutingContext ctx, Target target) {
    return isServed(ctx, target, verdict(ctx, target).own());
  }

  private Verdict verdict(RoutingContext ctx, Target target) {
    return engine.gates().verdict(target.slot(), ctx.request().method());
  }

  private boolean isServed(RoutingContext ctx, Target target, Verdict verdict) {
    Decision decision = decide(ctx, target, verdict);
    if (decision == Decision.ALLOW) {
      return true;
    }
    if (decision instanceof Refusal refusal) {
      return refused(ctx, refusal, target);
    }
    Deprecation deprecation = ((Decision.Allow) decision).deprecation();
    if (deprecation != null) {
      DeprecationHeaders.announce(ctx, deprecation);
    }
    return true;
  }

  /**
   * Judges a request that may come to a route as well, though it is meant for another. What closes
   * routes together is judged by that one; whether this one is closed itself is judged here. False
   * if the request was refused and is being answered.
   */
  boolean isNotClosed(RoutingContext ctx, Target target) {
    Verdict own = verdict(ctx, target).own();
    return !(decide(ctx, target, own) instanceof Refusal refusal) || refused(ctx, refusal, target);
  }

  /** Whether a request would be refused at a route; refuses nothing. */
  boolean isClosed(RoutingContext ctx, Target target) {
    return decide(ctx, target, verdict(ctx, target)) instanceof Refusal;
  }

  /** Whether something closes a route together with others. */
  boolean isClosedWide(RoutingContext ctx, Target target) {
    return verdict(ctx, target).isWide();
  }

  private Decision decide(RoutingContext ctx, Target target, Verdict verdict) {
    return verdict.hasExemptions() ? judge(ctx, target, verdict) : verdict.decision();
  }

  /** Refuses a request; false. */
  boolean refused(RoutingContext ctx, Refusal refusal, Target target) {
    limits.giveBack(ctx);
    teller.refused(target.template(), ctx.request().method(), refusal);
    refuse(ctx, refusal, target.declaration().responder());
    return false;
  }

  /** A refused request does not pass, not even when its refusal cannot be written. */
  private void refuse(RoutingContext ctx, Refusal refusal, @Nullable RefusalResponder responder) {
    try {
      refusals.answer(ctx, refusal, responder);
    } catch (VirtualMachineError fatal) {
      throw fatal;
    } catch (Throwable e) {
      DecisionTeller.log("A refusal could not be written", e);
      ctx.response().reset();
    }
  }

  private Decision judge(RoutingContext ctx, Target target, Verdict verdict) {
    if (beforeAuthentication && verdict.needsRoles() && options.getIdentity() == null) {
      warnOfRoles(ctx, target);
    }
    return verdict.judge(caller(ctx));
  }

  /** Who sends a request, for exemptions. */
  Caller caller(RoutingContext ctx) {
    return new RequestCaller(ctx, options, addresses, null);
  }

  private void warnOfRoles(RoutingContext ctx, Target target) {
    if (ctx.user() == null && warned.compareAndSet(false, true)) {
      LOG.warn(
          "{} is closed but for certain roles, and nobody is known before authentication: set the"
              + " identity option, or use ShieldHandler.guard after authentication",
          target.template());
    }
  }

  /** Counts an error for which a request passes. */
  void letPass(Throwable error) {
    letPass(engine, error);
  }

  /** Counts an error for which a request passes. */
  static void letPass(EngineInternals engine, Throwable error) {
    if (error instanceof VirtualMachineError fatal) {
      throw fatal;
    }
    engine.countError(error);
  }

  /**
   * Tells clients of a deprecated route: {@code Deprecation} (RFC 9745), {@code Sunset} (RFC 8594)
   * and {@code Link} with {@code rel="successor-version"} (RFC 5829). Written last, so that a link
   * of the application's own stays.
   */
  private static final class DeprecationHeaders {
    private static final String KEY = "io.shield.deprecation";

    private DeprecationHeaders() {}

    /** The notice of the route that is judged last is the one that is sent. */
    static void announce(RoutingContext ctx, Deprecation deprecation) {
      Integer earlier = ctx.get(KEY);
      if (earlier != null) {
        // Without effect after a reroute, which takes all such handlers away.
        ctx.removeHeadersEndHandler(earlier);
      }
      ctx.put(KEY, ctx.addHeadersEndHandler(v -> write(ctx.response().headers(), deprecation)));
    }

    private static void write(MultiMap headers, Deprecation deprecation) {
      headers.set("Deprecation", "@" + deprecation.since().getEpochSecond());
      if (deprecation.sunset() != null) {
        headers.set("Sunset", Times.httpDate(deprecation.sunset()));
      }
      String successor = deprecation.successor();
      if (successor != null) {
        headers.add("Link", "<" + successor + ">; rel=\"successor-version\"");
      }
    }
  }
}
