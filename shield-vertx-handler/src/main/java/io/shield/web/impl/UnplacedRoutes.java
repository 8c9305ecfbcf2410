package io.shield.web.impl;

import io.shield.ShieldEngine;
import io.shield.decision.Decider;
import io.shield.decision.Decision;
import io.shield.decision.Decision.Refusal;
import io.shield.decision.Exemptions;
import io.shield.error.InvalidValueException;
import io.shield.internal.EngineInternals;
import io.shield.internal.value.Parameters;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.store.Snapshot;
import io.shield.web.impl.Run.Target;
import io.shield.web.index.Templates;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.lang.ref.Reference;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges requests to routes whose mount point is not known as a template, so that their own is not
 * either: by every stored state whose template fits the path, and by what is declared beside the
 * route. No limit of a route is charged. It is the exception, told of in log and health, and takes
 * time in proportion to the number of states.
 */
final class UnplacedRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(UnplacedRoutes.class);

  /** Stands for a route that nothing is stored about; what closes all routes closes it too. */
  private static final String ANY = "/*";

  private final Gate gate;
  private final ShieldEngine engine;
  private volatile @Nullable Stored stored;
  private volatile boolean told;

  /** The templates that a snapshot names, and those by which a request was judged. */
  private record Stored(Snapshot snapshot, Templates templates, Map<String, Placed> placed) {}

  /**
   * A template by which requests are judged.
   *
   * @param lease held, so that the slot stays the template's
   */
  private record Placed(Target target, Object lease) {}

  UnplacedRoutes(Gate gate, ShieldEngine engine) {
    this.gate = gate;
    this.engine = engine;
  }

  /**
   * Whether a mount on the way to the current route has parameters. Vert.x tells the mount point as
   * the request's path has it, and all parameters found so far, those of the route included.
   */
  static boolean isBelowParameters(RoutingContext ctx) {
    Route route = ctx.currentRoute();
    String path = route == null ? null : route.getPath();
    for (String name : ctx.pathParams().keySet()) {
      boolean own =
          name.equals("*") || (path == null ? name.startsWith("param") : path.contains(":" + name));
      if (!own) {
        return true;
      }
    }
    return false;
  }

  /**
   * Judges a request; false if it was refused.
   *
   * @param mount the mount point as this request's path has it
   * @param declared what is declared beside the routes that it may run
   */
  boolean passes(
      RoutingContext ctx, @Nullable String mount, String path, List<RouteDeclaration> declared) {
    tell(mount);
    for (Placed one : placed(path)) {
      try {
        if (!gate.isServed(ctx, one.target)) {
          return false;
        }
      } finally {
        Reference.reachabilityFence(one.lease);
      }
    }
    for (RouteDeclaration declaration : declared) {
      Refusal refusal = gate.engine().gates().isBypassed() ? null : closed(ctx, declaration);
      if (refusal != null) {
        return gate.refused(ctx, refusal, new Target(-1, ANY, declaration));
      }
    }
    return true;
  }

  private @Nullable Refusal closed(RoutingContext ctx, RouteDeclaration declaration) {
    RouteState state = declaration.state();
    Decision own = Decider.ownGate(state, engine.site(), gate.engine().clock().instant());
    if (!(own instanceof Refusal refusal)) {
      return null;
    }
    Exemptions exemptions = Exemptions.of(state);
    return exemptions != null && exemptions.exempt(gate.caller(ctx)) ? null : refusal;
  }

  private List<Placed> placed(String path) {
    Stored known = stored();
    List<String> fitting = known.templates.matching(path);
    List<String> judged = fitting.isEmpty() ? List.of(ANY) : fitting;
    return judged.stream().map(one -> known.placed.computeIfAbsent(one, this::place)).toList();
  }

  private Placed place(String template) {
    int[] lease = gate.engine().gates().lease(List.of(template));
    return new Placed(new Target(lease[0], template, RouteDeclaration.NOTHING), lease);
  }

  @SuppressWarnings("ReferenceEquality") // a snapshot is immutable, another one may differ
  private Stored stored() {
    Snapshot snapshot = engine.snapshot();
    Stored last = stored;
    if (last == null || last.snapshot != snapshot) {
      last = new Stored(snapshot, new Templates(paths(snapshot)), new ConcurrentHashMap<>());
      stored = last;
    }
    return last;
  }

  private static Set<String> paths(Snapshot snapshot) {
    Set<String> keys = new LinkedHashSet<>(snapshot.states().keySet());
    snapshot.maintenance().values().forEach(mode -> keys.addAll(mode.value().exemptPaths()));
    Set<String> paths = new LinkedHashSet<>();
    for (String key : keys) {
      try {
        paths.add(Parameters.colons(RouteKey.parse(key).path()));
      } catch (InvalidValueException notAKey) {
        LOG.debug("exempt_paths has an entry that names no route: {}", notAKey.getMessage());
      }
    }
    return paths;
  }

  private void tell(@Nullable String mount) {
    if (!told) {
      told = true;
      String text =
          "routes below "
              + mount
              + " cannot be placed: their mount point has parameters. They are refused where a"
              + " stored or declared state closes them, and not limited. Give ShieldHandler.create"
              + " the option mountPoint, or install it in the root router";
      LOG.warn("{}", text);
      gate.engine().warn(EngineInternals.UNPLACED, text);
    }
  }
}
