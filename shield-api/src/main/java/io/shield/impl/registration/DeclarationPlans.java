package io.shield.impl.registration;

import io.shield.decision.Decider;
import io.shield.impl.change.Plan;
import io.shield.internal.EngineInternals.Declarations;
import io.shield.internal.EngineInternals.RouteSource;
import io.shield.model.DocumentValue;
import io.shield.model.OpaqueDocument;
import io.shield.model.Origin;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the code of this process declares, and how that becomes stored state. A declaration replaces
 * an earlier declaration, never what was changed at run time, except that {@code force_active} of
 * the code always wins. Thread-safe.
 */
public final class DeclarationPlans {
  /** Stores take that many at a time without keeping others waiting. */
  private static final int MAX_EDITS = 4000;

  /** Fewer would not help a store that does not answer. */
  private static final int MIN_EDITS = 125;

  private final @Nullable String service;
  private final InstantSource clock;
  private final MergedDeclarations declared = new MergedDeclarations();

  /** Stands for what is registered without a handler. */
  private final RouteSource application = () -> {};

  private final Map<String, Declarations.Route> registered = new LinkedHashMap<>();
  private boolean storeDecides;
  private int mostEdits = MAX_EDITS;
  private boolean complete;
  private long generation;
  private long settled;
  private List<Prepared> prepared = List.of();
  private long preparedOf = -1;

  public DeclarationPlans(@Nullable String service, InstantSource clock) {
    this.service = service;
    this.clock = clock;
  }

  /** The routes declared, and who declares them. */
  public MergedDeclarations declared() {
    return declared;
  }

  /** Sets whether what is stored wins whatever its origin, except about {@code force_active}. */
  public synchronized void storeDecides(boolean value) {
    storeDecides = value;
    prepared = List.of();
    preparedOf = -1;
  }

  /** Takes in all that a source declares; tells whether any of it is news. */
  public synchronized boolean declare(RouteSource source, Declarations all) {
    boolean news = declared.declare(source, all);
    generation += news ? 1 : 0;
    return news;
  }

  /** Takes in states registered beside those of handlers; tells whether any is news. */
  public synchronized boolean register(List<RouteState> states) {
    List<Declarations.Route> more =
        states.stream().map(s -> new Declarations.Route(s, true)).toList();
    more.forEach(declaration -> registered.put(declaration.state().path(), declaration));
    return declare(application, new Declarations(List.copyOf(registered.values()), List.of()));
  }

  /** Counts how often something new was declared. */
  public synchronized long generation() {
    return generation;
  }

  /**
   * Notes that what was declared at a generation is stored. From then on the store decides.
   *
   * @return false if more was declared meanwhile
   */
  synchronized boolean settle(long stored) {
    settled = stored;
    return isSettled();
  }

  /** Notes that the store was renewed and may lack what was stored before. */
  public synchronized void renewed() {
    generation++;
  }

  /** Whether everything declared was stored once. */
  synchronized boolean isSettled() {
    return settled == generation;
  }

  private RouteState ofService(RouteState state) {
    return service == null || state.service() != null
        ? state
        : state.toBuilder().service(service).build();
  }

  /** A snapshot with what is declared and not stored yet laid over it. */
  public synchronized Snapshot over(Snapshot snapshot) {
    if (isSettled()) {
      return snapshot;
    }
    Map<DocumentKey, DocumentValue> missing = new LinkedHashMap<>();
    for (Edit edit : wanted(snapshot, now())) {
      missing.put(edit.key(), Objects.requireNonNull(edit.value()));
    }
    return missing.isEmpty() ? snapshot : snapshot.with(missing);
  }

  /**
   * The edits that make a store agree with the declarations, or as many as one commit may have. No
   * audit entries.
   */
  synchronized Plan plan(Snapshot snapshot) {
    Instant now = now();
    List<Edit> edits = new ArrayList<>(wanted(snapshot, now));
    complete = edits.size() <= mostEdits;
    if (complete) {
      edits.addAll(today(snapshot, now));
    }
    List<Edit> bounded = complete ? edits : List.copyOf(edits.subList(0, mostEdits));
    return new Plan(bounded, List.of(), List.of());
  }

  /** Notes that the store did not answer in time, which it may if it is asked for less at once. */
  synchronized void askForLess() {
    mostEdits = Math.max(MIN_EDITS, mostEdits / 2);
  }

  /** Whether the last plan was all that is to be stored. */
  synchronized boolean isComplete() {
    return complete;
  }

  /**
   * The edits that say that the declarations still stand. Nothing that is stored is renewed, since
   * newer code may have declared it otherwise.
   */
  synchronized Plan reminder(Snapshot snapshot) {
    Instant now = now();
    List<Edit> edits = new ArrayList<>(today(snapshot, now));
    states(snapshot, now).stream().filter(edit -> edit.expectedVersion() == 0).forEach(edits::add);
    return new Plan(edits, List.of(), List.of());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private List<Edit> wanted(Snapshot snapshot, Instant now) {
    List<Edit> edits = new ArrayList<>(states(snapshot, now));
    for (RateLimitPolicy policy : declared.policies()) {
      DocumentKey key = DocumentKey.policy(policy.key());
      DocumentValue stored = snapshot.value(key);
      boolean ofCode =
          !storeDecides && stored instanceof RateLimitPolicy known && known.origin() == Origin.CODE;
      if (stored == null || (ofCode && !stored.equals(policy))) {
        edits.add(new Edit(key, snapshot.version(key), policy));
      }
    }
    return edits;
  }

  @SuppressWarnings("ReferenceEquality") // the very state that was agreed with before
  private List<Edit> states(Snapshot snapshot, Instant now) {
    List<Edit> edits = new ArrayList<>();
    for (Prepared route : prepared(now)) {
      RouteState stored = Decider.stateOfEither(snapshot, route.colons, route.braces);
      if (stored == null) {
        edits.add(new Edit(route.key, 0, route.fresh));
      } else if (stored != route.agreed) {
        RouteState wanted = wanted(stored, spelt(route.state, stored.path()), now);
        route.agreed = wanted == null ? stored : null;
        if (wanted != null) {
          edits.add(new Edit(DocumentKey.state(wanted.path()), stored.version(), wanted));
        }
      }
    }
    return edits;
  }

  /** What is stored keeps its spelling: others read it too. */
  private static RouteState spelt(RouteState state, String path) {
    return state.path().equals(path) ? state : state.toBuilder().path(path).build();
  }

  private List<Prepared> prepared(Instant now) {
    long current = declared.changes();
    if (preparedOf != current) {
      prepared =
          declared.states().stream().map(state -> new Prepared(ofService(state), now)).toList();
      preparedOf = current;
    }
    return prepared;
  }

  private List<Edit> today(Snapshot snapshot, Instant now) {
    OpaqueDocument days = DeclarationDays.marked(snapshot, service, declared.keys(), now);
    if (days == null) {
      return List.of();
    }
    DocumentKey key = DeclarationDays.documentOf(service);
    return List.of(new Edit(key, snapshot.version(key), days));
  }

  /** What should be stored, or null if it is. */
  private @Nullable RouteState wanted(RouteState stored, RouteState declaration, Instant now) {
    if (stored.origin() == Origin.CODE && !storeDecides) {
      RouteState renewed = renewed(stored, declaration, now);
      return renewed.equals(stored) ? null : renewed;
    }
    if (stored.forceActive() != declaration.forceActive()) {
      return stored.toBuilder().forceActive(declaration.forceActive()).build();
    }
    return null;
  }

  /** The declaration with the stored bookkeeping, where that still applies. */
  private static RouteState renewed(RouteState stored, RouteState declaration, Instant now) {
    RouteState.Builder same =
        declaration.toBuilder().version(stored.version()).since(stored.since());
    if (declaration.deprecatedAt() == null) {
      same.deprecatedAt(stored.deprecatedAt());
    }
    RouteState unchanged = same.build();
    return unchanged.equals(stored) ? stored : Prepared.stamped(declaration, now);
  }
}
