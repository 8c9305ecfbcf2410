package io.shield.internal.gate;

import io.shield.decision.Caller;
import io.shield.decision.Decider;
import io.shield.decision.Decision;
import io.shield.decision.EffectiveStatus;
import io.shield.decision.Exemptions;
import io.shield.model.RouteState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A decision compiled ahead: a constant, or one that exemptions can soften. It holds for the
 * milliseconds of [from, until).
 */
public final class Verdict {
  private static final long ALWAYS_FROM = Long.MIN_VALUE;
  private static final long ALWAYS_UNTIL = Long.MAX_VALUE;

  /** Lets everything pass, for ever. */
  public static final Verdict ALLOW = constant(Decision.ALLOW);

  private final Decision decision;
  private final @Nullable Exemptions exemptions;

  /** The decision for who is exempt. */
  private final Decision passing;

  private final long from;
  private final long until;

  /** What the route's own state says, where something wider closes the route; else null. */
  private final @Nullable Verdict own;

  private Verdict(
      Decision decision,
      @Nullable Exemptions exemptions,
      Decision passing,
      long from,
      long until,
      @Nullable Verdict own) {
    this.decision = decision;
    this.exemptions = exemptions;
    this.passing = passing;
    this.from = from;
    this.until = until;
    this.own = own;
  }

  static Verdict constant(Decision decision) {
    return new Verdict(decision, null, decision, ALWAYS_FROM, ALWAYS_UNTIL, null);
  }

  /** What closes a route together with others, for as long as its own state stays what it is. */
  private static Verdict wide(Decision.Refusal decision, Verdict own) {
    return new Verdict(decision, null, decision, own.from, own.until, own);
  }

  /** Compiles what {@link Decider} found to decide. */
  static Verdict compile(GateRules rules, Decider.Ruling ruling, long nowMillis) {
    RouteState state = ruling.state();
    Verdict own = state == null ? ALLOW : ofState(rules, ruling.own(), state, nowMillis);
    return ruling.wide() == null ? own : wide(ruling.wide(), own);
  }

  private static Verdict ofState(
      GateRules rules, Decider.Ruling ruling, RouteState state, long nowMillis) {
    Instant now = Instant.ofEpochMilli(nowMillis);
    Decision own = ruling.at(rules.site(), now);
    Exemptions exemptions = ruling.exemptions(own);
    EffectiveStatus.Edge last = EffectiveStatus.lastEdge(state, now);
    EffectiveStatus.Edge next = EffectiveStatus.nextEdge(state, now);
    if (own == Decision.ALLOW && last == null && next == null) {
      return ALLOW;
    }
    long from = last == null ? ALWAYS_FROM : millisUp(last.at());
    long until = next == null ? ALWAYS_UNTIL : millisUp(next.at());
    if (exemptions != null && state.until() != null) {
      // It ends what those are told who are exempt, though within a window that is no edge.
      long base = millisUp(state.until());
      from = base <= nowMillis ? Math.max(from, base) : from;
      until = base > nowMillis ? Math.min(until, base) : until;
    }
    return new Verdict(own, exemptions, ruling.passing(now), from, until, null);
  }

  /** The first whole millisecond at or after a moment; the clock ticks in milliseconds. */
  private static long millisUp(Instant at) {
    long millis = at.toEpochMilli();
    return Instant.ofEpochMilli(millis).isBefore(at) ? millis + 1 : millis;
  }

  /** Whether it holds only for a time, so that the clock must be read. */
  public boolean isTimed() {
    return until != ALWAYS_UNTIL || from != ALWAYS_FROM;
  }

  /** Whether it holds at a moment, in milliseconds since the epoch. */
  public boolean holdsAt(long nowMillis) {
    return nowMillis >= from && nowMillis < until;
  }

  /** What the route's own state says, whatever closes it together with others. */
  public Verdict own() {
    return own == null ? this : own;
  }

  /** Whether something closes the route together with others. */
  public boolean isWide() {
    return own != null;
  }

  /** Whether the caller matters. */
  public boolean hasExemptions() {
    return exemptions != null;
  }

  /** Whether the caller's roles matter. */
  public boolean needsRoles() {
    return exemptions != null && exemptions.needsRoles();
  }

  /** The decision for a caller who is not exempt. */
  public Decision decision() {
    return decision;
  }

  /** The decision for a caller. */
  public Decision judge(Caller caller) {
    return exemptions != null && exemptions.exempt(caller) ? passing : decision;
  }
}
