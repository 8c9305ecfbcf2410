package io.shield.internal;

import io.shield.decision.TrustedProxies;
import io.shield.error.InvalidValueException;
import io.shield.internal.gate.Gates;
import io.shield.internal.limit.RateLimiting;
import io.shield.internal.log.RefusalLog;
import io.shield.model.Origin;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.spi.CommitResult;
import io.shield.spi.Lineage;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a handler needs of an engine beyond its public interface. */
public interface EngineInternals {
  /** What every engine made by Shield is. */
  interface Holder {
    /** Its inside, which all who hold the same engine share. */
    EngineInternals internals();
  }

  /**
   * The inside of an engine.
   *
   * @param engine a {@link io.shield.ShieldEngine}, which stands above this package
   * @throws IllegalArgumentException if it was not made by Shield
   */
  static EngineInternals of(Object engine) {
    if (engine instanceof Holder holder) {
      return holder.internals();
    }
    throw new IllegalArgumentException(
        "engine: "
            + engine.getClass().getName()
            + " is not an engine made by ShieldEngine.create or found by ShieldEngine.get");
  }

  /**
   * The metadata of a router that enforcement leaves alone wherever it is mounted, as what Shield
   * itself serves: no maintenance and no limit may lock the operator out.
   */
  String OUTSIDE = "io.shield.outside";

  /** The compiled verdicts. */
  Gates gates();

  /** The rate limits. */
  RateLimiting limits();

  /** Whose word on a client's address is taken, as the engine's configuration says. */
  TrustedProxies trustedProxies();

  /** Whether a node whose store was never read enforces what the code declares. */
  boolean enforcesBeforeLoad();

  /** The clock decisions are made by. */
  InstantSource clock();

  /** The Vert.x instance the engine runs on. */
  Vertx vertx();

  /**
   * Declares everything that a source knows, instead of what it declared before. It is enforced at
   * once and stored as soon as the store can be written. The source is held weakly, and its
   * declarations go with it; the same set again costs next to nothing. May be called from any
   * thread, does not block.
   */
  void declare(RouteSource source, Declarations all);

  /**
   * Adds something that can be asked to declare what it has not declared yet. It is asked before a
   * route is looked up to be changed, on any thread. Held weakly.
   */
  void addRouteSource(RouteSource source);

  /**
   * What a request may run, as the handlers of this process find it; null if they cannot tell,
   * since some routes are not theirs. Empty if it matches nothing that they know.
   *
   * @param path as the router sees it
   */
  @Nullable List<Match> matches(String method, String path);

  /** Whether code, of this process or another one, is known to declare a route of its own. */
  boolean isDeclared(String routeKey);

  /**
   * A route that a request may run.
   *
   * @param template its template
   * @param behind whether only its own state counts: it stands behind the one that is sure to be
   *     meant, or is a wildcard before it
   * @param outside whether it is the mount of a router that enforcement leaves alone
   */
  record Match(String template, boolean behind, boolean outside) {}

  /** The topic of {@link #warn} of routes whose place in the tree of routers is not known. */
  String UNPLACED = "unplaced routes";

  /**
   * Shows something that should be mended in the store's status, where health and the command read
   * it, until the engine is closed.
   *
   * @param topic a later warning about it replaces the earlier
   * @param text one line
   */
  void warn(String topic, String text);

  /** Whether nobody asked about a topic before: what is said once for each engine goes by it. */
  boolean isFirst(String topic);

  /**
   * What the code declares beside routes and no handler enforces, a line for each. May take as long
   * as to look at all routers that changed.
   */
  List<String> unguarded();

  /** What the engine counts. */
  Meters meters();

  /** What tells of refused requests in the log. */
  RefusalLog refusalLog();

  /** Counts an error inside Shield that let a request pass. */
  void countError(Throwable error);

  /**
   * What is configured under the name of an environment variable: by the engine's options, the
   * environment or a {@code .shield} file, in this order; null if it is not set.
   */
  @Nullable String setting(String variable);

  /**
   * Settings that look like Shield's and that nobody reads, in one line with those that may be
   * meant; null if there are none. Known once the engine is started.
   */
  @Nullable String unread();

  /**
   * Commits what a function makes of the snapshot. It is asked again with a newer one when a race
   * was lost, on the engine's context, and must not block; an empty proposal commits nothing. The
   * commit is in force on this node when the future completes.
   */
  Future<Void> commit(Function<Snapshot, Proposal> proposals);

  /**
   * As {@link io.shield.ShieldEngine#onChange}, with the commit that brought a change.
   *
   * @param holder the engine's handle; nothing is told any more once it is closed
   * @return ends it when run
   */
  Runnable onApplied(Object holder, Handler<AppliedChange> handler);

  /**
   * A change in force on this node, and where it came from.
   *
   * @param before what was in force
   * @param after what is in force now
   * @param changed the documents that differ
   * @param routes the routes concerned, those included of which an edge was announced
   * @param commit the commit that brought it; null after a reload, which cannot tell
   */
  record AppliedChange(
      Snapshot before,
      Snapshot after,
      Set<DocumentKey> changed,
      Set<String> routes,
      @Nullable Commit commit) {}

  /**
   * Commits a change as it is, with its own request id and the versions it expects, and does not
   * plan again. What was accepted is in force on this node when the future completes; the failures
   * are those of changes made through the engine.
   */
  Future<CommitResult> relay(Change change);

  /**
   * Draws level with what the store holds now, be it that another node changed it a moment ago. A
   * store that cannot be asked is not waited for. Does not fail while the engine is open.
   */
  Future<Void> drawLevel();

  /** Where the present epoch of the store comes from. */
  Future<Lineage> lineage();

  /**
   * Whether one head of the store came from an earlier one, see {@link
   * io.shield.spi.ShieldBackend#descent}; forgotten as long as the store cannot be asked.
   */
  Future<Lineage.Descent> descent(Head earlier, Head later);

  /** How this engine stands to what controls it. May be called from any thread. */
  Control control();

  /** What controls an engine beside its own process. */
  enum Control {
    /** Nothing: it reads its store itself, or was not started yet. */
    NONE,
    /** A server. */
    SERVER,
    /** A server that refuses it. */
    REFUSED
  }

  /**
   * What to commit.
   *
   * @param edits the edits, each with the version it expects
   * @param audit the audit entries they bring, or entries alone
   */
  record Proposal(List<Edit> edits, List<AuditEntry> audit) {
    public Proposal {
      edits = List.copyOf(edits);
      audit = List.copyOf(audit);
    }
  }

  /** Something that knows of routes, known by its identity. */
  @FunctionalInterface
  interface RouteSource {
    /** Declares its routes anew if they changed. */
    void refresh();

    /** Whether it judged a request. */
    default boolean isAsked() {
      return false;
    }

    /** See {@link EngineInternals#matches}; null if it cannot tell. */
    default @Nullable List<Match> matches(String method, String path) {
      return null;
    }
  }

  /**
   * Everything that one {@link EngineInternals.RouteSource} declares.
   *
   * @param routes its routes; of several of one key an explicit one counts, else the last
   * @param policies the rate limits beside them; of several of one key the last counts
   */
  record Declarations(List<Route> routes, List<RateLimitPolicy> policies) {
    /** Nothing. */
    public static final Declarations NONE = new Declarations(List.of(), List.of());

    public Declarations {
      routes = List.copyOf(routes);
      policies = List.copyOf(policies);
    }

    /**
     * One route that code declares.
     *
     * @param state its initial state: origin {@code code}, version 0
     * @param explicit whether somebody wrote the state down. The plain declaration of a route that
     *     is merely there gives way to an explicit one of the same key
     */
    public record Route(RouteState state, boolean explicit) {
      public Route {
        RouteKey.parse(state.path());
        if (state.origin() != Origin.CODE || state.version() != 0) {
          throw new InvalidValueException(
              "origin", state.origin().wireName(), "a declaration: origin code, version 0");
        }
      }

      // Written out for the same reason as those of a state.
      @Override
      public boolean equals(@Nullable Object other) {
        return other instanceof Route route
            && explicit == route.explicit
            && state.equals(route.state);
      }

      @Override
      public int hashCode() {
        return state.hashCode();
      }

      /** The one that counts of two of one key: this one, unless only the other is explicit. */
      public Route over(Route other) {
        return other.explicit && !explicit ? other : this;
      }
    }
  }
}
