package io.shield.web.impl;

import io.shield.internal.EngineInternals.Match;
import io.shield.internal.limit.RouteLimits;
import io.shield.web.impl.LimitGate.Passing;
import io.shield.web.index.Endpoint;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request goes through before its handlers run: the gates of everything it may come to, then
 * its limits. Shared by any number of requests.
 */
final class Run {
  private final Gate gate;

  Run(Gate gate) {
    this.gate = gate;
  }

  /**
   * Judges a request that is at its route already. False if it was refused or waits, here and
   * below.
   */
  boolean passes(RoutingContext ctx, Target target) {
    return (gate.answersPreflights() && Gate.isPreflight(ctx.request()))
        || (gate.isServed(ctx, target)
            && gate.limits().isAdmitted(ctx, target, RouteLimits.NONE, null));
  }

  /**
   * Judges a request by every endpoint that it may run, whether Vert.x passes one over or a handler
   * goes on: so a closed one never runs.
   *
   * @param path the normalized path
   * @param rawPath the path as it was sent
   */
  boolean passes(RoutingContext ctx, BoundIndex index, String path, String rawPath) {
    HttpMethod method = ctx.request().method();
    boolean preflight = Gate.isPreflight(ctx.request());
    try {
      Endpoint outside = index.outside(path, rawPath, method);
      if (outside != null && isEnd(outside, ctx, index, path, rawPath)) {
        return passesOutside(ctx, index, path, rawPath);
      }
      if (preflight && gate.answersPreflights()) {
        return true;
      }
      Endpoint answering = preflight ? index.answering(path, rawPath, method) : null;
      return passesBefore(answering, ctx, index, path, rawPath);
    } finally {
      // The slots are held by the index alone: they are read until here.
      Reference.reachabilityFence(index);
    }
  }

  /**
   * Up to the first endpoint that is sure to be meant, everything counts; behind it only whether an
   * endpoint is closed itself, and so of a wildcard before it: what closes routes together is asked
   * for what the request is meant for, be it exempt. The request is charged for that first one and
   * for the wildcards that it is sure to run before.
   *
   * @param answering what answers the request, a preflight, before it comes to what is behind; or
   *     null
   */
  private boolean passesBefore(
      @Nullable Endpoint answering,
      RoutingContext ctx,
      BoundIndex index,
      String path,
      String rawPath) {
    HttpMethod method = ctx.request().method();
    RouteLimits onTheWay = RouteLimits.NONE;
    Passing passing = null;
    Endpoint meant = null;
    Target closedWide = null;
    Endpoint end = answering;
    Endpoint next = index.first(path, rawPath, method);
    while (next != null) {
      if (end != null && next.ordinal() >= end.ordinal()) {
        if (!closes(next, ctx, index, path, rawPath) || end.takes(ctx.request())) {
          return true;
        }
        end = null;
      }
      if (next.outside()) {
        next =
            isEnd(next, ctx, index, path, rawPath)
                ? null
                : index.behind(next, path, rawPath, method);
        continue;
      }
      Target target = index.target(next);
      boolean behind = meant != null && BoundIndex.isEnd(meant);
      if (!(behind ? gate.isNotClosed(ctx, target) : isServed(ctx, next, target))) {
        return false;
      }
      if (!behind && closedWide == null && next.wildcard() && gate.isClosedWide(ctx, target)) {
        closedWide = target;
      }
      if (meant == null) {
        meant = next;
      } else if (!behind) {
        boolean more = isMoreMeant(next, meant);
        Endpoint passed = more ? meant : next;
        if (passed.wildcard() && passed.certain()) {
          Target wildcard = index.target(passed);
          onTheWay = gate.limits().onTheWay(onTheWay, wildcard.template(), method);
          passing = gate.limits().passing(passing, wildcard, method);
        }
        meant = more ? next : meant;
      }
      next = isTerminal(next, target) ? null : index.behind(next, path, rawPath, method);
    }
    if (meant == null) {
      return true;
    }
    boolean meansWildcard = !BoundIndex.isEnd(meant);
    return (closedWide == null || !meansWildcard || gate.isServed(ctx, closedWide))
        && gate.limits().isAdmitted(ctx, index.target(meant), onTheWay, passing);
  }

  private boolean isServed(RoutingContext ctx, Endpoint endpoint, Target target) {
    return endpoint.wildcard() ? gate.isServedOnTheWay(ctx, target) : gate.isServed(ctx, target);
  }

  /** The promise of a route that may be passed over is none. */
  private static boolean isTerminal(Endpoint endpoint, Target target) {
    return endpoint.certain() && target.declaration().terminal();
  }

  /**
   * Whether a request ends at a router outside Shield. It is looked at closely only if it matters,
   * because something is closed behind.
   */
  private boolean isEnd(
      Endpoint outside, RoutingContext ctx, BoundIndex index, String path, String rawPath) {
    Endpoint behind = index.behind(outside, path, rawPath, ctx.request().method());
    return !closes(behind, ctx, index, path, rawPath) || outside.takes(ctx.request());
  }

  /** Whether a request would be refused by some endpoint from one on. */
  private boolean closes(
      @Nullable Endpoint from, RoutingContext ctx, BoundIndex index, String path, String rawPath) {
    HttpMethod method = ctx.request().method();
    for (Endpoint next = from; next != null; next = index.behind(next, path, rawPath, method)) {
      if (!next.outside() && gate.isClosed(ctx, index.target(next))) {
        return true;
      }
    }
    return false;
  }

  /** What {@link #passes} judges for a path, in that order. */
  static List<Match> matches(BoundIndex index, String path, HttpMethod method) {
    boolean outside = index.outside(path, path, method) != null;
    List<Endpoint> judged = new ArrayList<>();
    Endpoint next = index.first(path, path, method);
    while (next != null && !next.outside()) {
      if (!outside || !next.wildcard()) {
        judged.add(next);
      }
      boolean last = !outside && isTerminal(next, index.target(next));
      next = last ? null : index.behind(next, path, path, method);
    }
    boolean ends = judged.stream().anyMatch(BoundIndex::isEnd);
    List<Match> matches = new ArrayList<>();
    boolean behind = outside;
    for (Endpoint endpoint : judged) {
      matches.add(new Match(endpoint.template(), behind || (ends && endpoint.wildcard()), false));
      behind |= BoundIndex.isEnd(endpoint);
    }
    if (next != null) {
      matches.add(new Match(next.template(), false, true));
    }
    return matches;
  }

  /** Rather what is no wildcard, then what is certain, then what comes first. */
  private static boolean isMoreMeant(Endpoint next, Endpoint meant) {
    return meant.wildcard() || (next.certain() && !next.wildcard());
  }

  /**
   * Judges what a request may run before it comes to a router outside Shield. No maintenance and no
   * limit stands in its way.
   */
  private boolean passesOutside(RoutingContext ctx, BoundIndex index, String path, String rawPath) {
    HttpMethod method = ctx.request().method();
    Endpoint next = index.first(path, rawPath, method);
    while (next != null && !next.outside()) {
      if (!next.wildcard() && !gate.isNotClosed(ctx, index.target(next))) {
        return false;
      }
      next = index.behind(next, path, rawPath, method);
    }
    return true;
  }

  /**
   * A route as the engine knows it.
   *
   * @param slot where its verdict stands
   * @param template its path with all mount points
   * @param declaration what is declared beside it
   */
  record Target(int slot, String template, RouteDeclaration declaration) {}
}
