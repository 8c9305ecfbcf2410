package io.shield.impl.registration;

import io.shield.decision.Decider;
import io.shield.decision.EffectiveStatus;
import io.shield.impl.change.Plan;
import io.shield.internal.EngineInternals.Declarations;
import io.shield.internal.EngineInternals.RouteSource;
import io.shield.internal.value.Parameters;
import io.shield.model.DocumentValue;
import io.shield.model.OpaqueDocument;
import io.shield.model.Origin;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the code of this process declares, and how that becomes stored state. A declaration replaces
 * an earlier declaration, never what was changed at run time, except that {@code force_active} of
 * the code always wins. A declaration is open until the store was seen to hold it; from then on the
 * store decides, and only what is declared anew is compared with it. Thread-safe.
 */
public final class DeclarationPlans {
  /** Stores take that many at a time without keeping others waiting. */
  private static final int MAX_EDITS = 4000;

  /** Fewer would not help a store that does not answer. */
  private static final int MIN_EDITS = 125;

  /** Up to so many routes, the record of what is declared is written with each that comes. */
  private static final int FEW = 1000;

  /** Of more it is written when it lacks so large a part of them; else by the reminder. */
  private static final int PART = 8;

  private final @Nullable String service;
  private final InstantSource clock;
  private final MergedDeclarations declared = new MergedDeclarations();

  /** Stands for what is registered without a handler. */
  private final RouteSource application = () -> {};

  /** What is not known to be stored. */
  private final Map<DocumentKey, Open> open = new LinkedHashMap<>();

  private boolean storeDecides;
  private int mostEdits = MAX_EDITS;
  private long generation;
  private long lastNumber;
  private long settled;

  /** How many routes the record had when it was last stored, and when it was last planned. */
  private int recorded;

  private int recordPlanned;

  /** What the last plan looked at, at which generation, and whether that was all. */
  private List<DocumentKey> planned = List.of();

  private long plannedAt;
  private boolean complete;

  /** How often a declaration was compared with a store. */
  private long compared;

  public DeclarationPlans(@Nullable String service, InstantSource clock) {
    this.service = service;
    this.clock = clock;
  }

  /**
   * When something was declared, and as which in all.
   *
   * @param again whether a store held it before
   */
  private record Open(long generation, long number, Instant at, boolean again) {}

  /**
   * What is declared anew, or no longer.
   *
   * @param generation which it is; those before it were told of before
   * @param keys the documents
   */
  public record News(long generation, Set<DocumentKey> keys) {}

  /** The routes declared, and who declares them. */
  public MergedDeclarations declared() {
    return declared;
  }

  /** Sets whether what is stored wins whatever its origin, except about {@code force_active}. */
  public synchronized void storeDecides(boolean value) {
    storeDecides = value;
  }

  /** Whether routes are declared at a control plane without the name of the service they are of. */
  synchronized boolean isNameless() {
    return storeDecides && service == null && declared.size() > 0;
  }

  /** Takes in all that a source declares; null if none of it is news. */
  public synchronized @Nullable News declare(RouteSource source, Declarations all) {
    return opened(declared.declare(source, all), false);
  }

  /** Takes in states registered beside those of handlers; null if none is news. */
  public synchronized @Nullable News register(List<RouteState> states) {
    Map<String, Declarations.Route> some = new LinkedHashMap<>();
    for (RouteState state : states) {
      some.put(MergedDeclarations.keyOf(state), new Declarations.Route(state, true));
    }
    return opened(declared.add(application, some), false);
  }

  private @Nullable News opened(Set<DocumentKey> news, boolean again) {
    if (news.isEmpty()) {
      return null;
    }
    generation++;
    Instant now = now();
    for (DocumentKey key : news) {
      if (isDeclared(key)) {
        open.put(key, new Open(generation, ++lastNumber, now, again));
      } else {
        open.remove(key);
      }
    }
    return new News(generation, news);
  }

  /** Counts how often something new was declared. */
  public synchronized long generation() {
    return generation;
  }

  /** How often a declaration was compared with a store: what registering costs. */
  synchronized long compared() {
    return compared;
  }

  /**
   * Notes that what was planned last was stored. Of that the store decides from now on, also where
   * somebody else was faster to change it: then there is a new generation, to be enforced.
   *
   * @param stored a generation that the plan knew
   * @param held what this node holds now: what it lacks stays open, lest it be open to requests
   * @return false if more was declared meanwhile, or is left
   */
  public synchronized boolean settle(long stored, Snapshot held) {
    boolean overruled = false;
    for (DocumentKey key : planned) {
      Open known = open.get(key);
      if (known != null && known.generation <= plannedAt && isIn(held, key)) {
        overruled |= wanted(held, key, known) != null;
        open.remove(key);
      }
    }
    planned = List.of();
    if (complete) {
      settled = stored;
      recorded = recordPlanned;
    }
    if (overruled) {
      settled += settled == generation ? 1 : 0;
      generation++;
    }
    return isSettled();
  }

  private static boolean isIn(Snapshot held, DocumentKey key) {
    return key.kind() == DocumentKind.STATE
        ? stored(held, key.key()) != null
        : held.value(key) != null;
  }

  private static @Nullable RouteState stored(Snapshot snapshot, String key) {
    RouteState either =
        Decider.stateOfEither(snapshot, Parameters.colons(key), Parameters.braces(key));
    return either == null ? snapshot.state(key) : either;
  }

  /** Notes that the store was renewed and may lack what was stored before: what is open then. */
  public synchronized Set<DocumentKey> renewed() {
    opened(declared.documents(), true);
    return new LinkedHashSet<>(open.keySet());
  }

  /**
   * Looks for declared routes that the store held and holds no more, since somebody forgot them
   * wherever that was: they are open again, with their limits. One that went by itself is meant to.
   *
   * @param changed the documents that changed, or null if any may have
   * @return what of that is open, also if it was before, see {@link #stillLost}
   */
  public synchronized Set<DocumentKey> seekLost(
      Snapshot snapshot, @Nullable Set<DocumentKey> changed) {
    Set<DocumentKey> gone = new LinkedHashSet<>();
    for (DocumentKey key : changed == null ? declared.documents() : changed) {
      if (key.kind() == DocumentKind.STATE && isLost(snapshot, key)) {
        gone.add(DocumentKey.state(MergedDeclarations.keyOf(key.key())));
      }
    }
    Set<DocumentKey> lost = new LinkedHashSet<>(gone);
    lost.removeAll(open.keySet());
    openAgain(snapshot, lost);
    gone.addAll(lost);
    return gone;
  }

  /** Opens what was open when a snapshot came that lacks it, and was settled by the one before. */
  public synchronized void stillLost(Snapshot snapshot, Set<DocumentKey> lost) {
    Set<DocumentKey> closed = new LinkedHashSet<>(lost);
    closed.removeIf(key -> open.containsKey(key) || !isLost(snapshot, key));
    openAgain(snapshot, closed);
  }

  private void openAgain(Snapshot snapshot, Set<DocumentKey> lost) {
    if (lost.isEmpty()) {
      return;
    }
    declared.policies().stream()
        .filter(policy -> isOfAny(lost, policy))
        .map(policy -> DocumentKey.policy(policy.key()))
        .filter(key -> !isIn(snapshot, key))
        .forEach(lost::add);
    opened(lost, true);
  }

  private boolean isLost(Snapshot snapshot, DocumentKey key) {
    return snapshot.value(key) == null && isDeclared(key) && !isIn(snapshot, key);
  }

  /** Whether a limit is one of these routes': of its own method, or of all. */
  private static boolean isOfAny(Set<DocumentKey> routes, RateLimitPolicy policy) {
    RouteKey path = RouteKey.parse(policy.path());
    boolean all = policy.method().equals(RateLimitPolicy.ALL_METHODS);
    return routes.contains(stateOf(path.withMethod(null)))
        || (!all && routes.contains(stateOf(path.withMethod(policy.method()))));
  }

  private static DocumentKey stateOf(RouteKey route) {
    return DocumentKey.state(MergedDeclarations.keyOf(route.toString()));
  }

  /** Whether everything declared was stored once. */
  public synchronized boolean isSettled() {
    return settled == generation && open.isEmpty();
  }

  private RouteState ofService(RouteState state) {
    return service == null || state.service() != null
        ? state
        : state.toBuilder().service(service).build();
  }

  /** What the code declares of a route, as it would stand in place of what is stored, or null. */
  public @Nullable RouteState declarationOf(RouteState stored) {
    RouteState route = declared.state(stored.path());
    return route == null ? null : stamped(spelt(ofService(route), stored.path()), now());
  }

  /** What the code declares in place of a rate limit, or null. */
  public @Nullable RateLimitPolicy declarationOf(RateLimitPolicy stored) {
    return declared.policy(stored.key());
  }

  /** A snapshot with what is declared and not stored yet laid over it. */
  public synchronized Snapshot over(Snapshot snapshot) {
    Map<DocumentKey, DocumentValue> missing = missing(snapshot, open.keySet());
    return missing.isEmpty() ? snapshot : snapshot.with(missing);
  }

  /**
   * The same, made of what was shown before.
   *
   * @param shown what this gave for a snapshot from which the new one, and what is open, differ in
   *     some documents only
   * @param different those documents, in all {@link #spellings}
   */
  public synchronized Snapshot over(Snapshot snapshot, Snapshot shown, Set<DocumentKey> different) {
    return open.isEmpty()
        ? snapshot
        : shown.following(snapshot, different, missing(snapshot, different));
  }

  /** The documents, and those of the same routes that spell parameters in the other way. */
  public static Set<DocumentKey> spellings(Collection<DocumentKey> keys) {
    Set<DocumentKey> all = new LinkedHashSet<>(keys);
    for (DocumentKey key : keys) {
      if (key.kind() == DocumentKind.STATE) {
        all.add(DocumentKey.state(Parameters.colons(key.key())));
        all.add(DocumentKey.state(Parameters.braces(key.key())));
      }
    }
    return all;
  }

  private Map<DocumentKey, DocumentValue> missing(Snapshot snapshot, Set<DocumentKey> keys) {
    Map<DocumentKey, DocumentValue> missing = new LinkedHashMap<>();
    Map<DocumentKey, Open> sources = new HashMap<>();
    for (DocumentKey key : keys) {
      Open known = open.get(key);
      Edit edit = known == null ? null : wanted(snapshot, key, known);
      Open other = edit == null ? null : sources.get(edit.key());
      // Of two spellings that are stored under one the later declaration counts, whatever is asked.
      if (edit != null && known != null && (other == null || other.number < known.number)) {
        missing.put(edit.key(), Objects.requireNonNull(edit.value()));
        sources.put(edit.key(), known);
      }
    }
    return missing;
  }

  /**
   * The edits that make a store agree with the declarations, or as many as one commit may have. No
   * audit entries.
   */
  public synchronized Plan plan(Snapshot snapshot) {
    List<Edit> edits = new ArrayList<>();
    List<DocumentKey> looked = new ArrayList<>();
    Set<DocumentKey> edited = new HashSet<>();
    complete = true;
    for (var each = open.entrySet().iterator(); each.hasNext(); ) {
      Map.Entry<DocumentKey, Open> entry = each.next();
      if (!isDeclared(entry.getKey())) {
        each.remove();
        continue;
      }
      if (edits.size() == mostEdits) {
        complete = false;
        break;
      }
      Edit edit = wanted(snapshot, entry.getKey(), entry.getValue());
      if (edit != null && !edited.add(edit.key())) {
        // Another spelling of the same route, for the next plan.
        continue;
      }
      looked.add(entry.getKey());
      if (edit != null) {
        edits.add(edit);
      }
    }
    planned = looked;
    plannedAt = generation;
    recordPlanned = recorded;
    if (complete && isRecordDue()) {
      edits.addAll(today(snapshot, now()));
    }
    return new Plan(edits, List.of(), List.of());
  }

  private boolean isDeclared(DocumentKey key) {
    return key.kind() == DocumentKind.STATE
        ? declared.state(key.key()) != null
        : declared.policy(key.key()) != null;
  }

  /** Writing the record takes time in proportion to all routes. */
  private boolean isRecordDue() {
    int routes = declared.size();
    return routes <= FEW || routes - recorded > routes / PART;
  }

  /** Notes that the store did not answer in time, which it may if it is asked for less at once. */
  synchronized void askForLess() {
    mostEdits = Math.max(MIN_EDITS, mostEdits / 2);
  }

  /**
   * The edits that say that the declarations still stand. Nothing that is stored is renewed, since
   * newer code may have declared it otherwise.
   */
  synchronized Plan reminder(Snapshot snapshot) {
    Instant now = now();
    List<Edit> edits = new ArrayList<>(today(snapshot, now));
    Open again = new Open(generation, lastNumber, now, true);
    for (String key : declared.keys()) {
      boolean lacks = stored(snapshot, key) == null;
      Edit edit = lacks ? wanted(snapshot, DocumentKey.state(key), again) : null;
      if (edit != null) {
        edits.add(edit);
      }
    }
    return new Plan(edits, List.of(), List.of());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** The edit that makes a store agree about one document, or null if it does. */
  private @Nullable Edit wanted(Snapshot snapshot, DocumentKey key, Open declaration) {
    compared++;
    return key.kind() == DocumentKind.STATE
        ? wantedState(snapshot, key, declaration)
        : wantedPolicy(snapshot, key);
  }

  private @Nullable Edit wantedState(Snapshot snapshot, DocumentKey key, Open known) {
    RouteState route = declared.state(key.key());
    if (route == null) {
      return null;
    }
    RouteState declaration = ofService(route);
    RouteState stored = stored(snapshot, key.key());
    if (stored == null) {
      // As the next commit writes it, mostly, so that who applies that needs no copy.
      RouteState fresh = stamped(declaration, known.at).withVersion(snapshot.head().revision() + 1);
      return new Edit(DocumentKey.state(fresh.path()), 0, fresh);
    }
    RouteState wanted = wanted(stored, spelt(declaration, stored.path()), known);
    return wanted == null
        ? null
        : new Edit(DocumentKey.state(wanted.path()), stored.version(), wanted);
  }

  private @Nullable Edit wantedPolicy(Snapshot snapshot, DocumentKey key) {
    RateLimitPolicy policy = declared.policy(key.key());
    DocumentValue stored = snapshot.value(key);
    boolean ofCode =
        !storeDecides && stored instanceof RateLimitPolicy known && known.origin() == Origin.CODE;
    boolean due = stored == null || (ofCode && !stored.equals(policy));
    return policy == null || !due ? null : new Edit(key, snapshot.version(key), policy);
  }

  /** What is stored keeps its spelling: others read it too. */
  private static RouteState spelt(RouteState state, String path) {
    return state.path().equals(path) ? state : state.toBuilder().path(path).build();
  }

  /** A declaration as of then, unless it says when. */
  private static RouteState stamped(RouteState declaration, Instant declaredAt) {
    boolean deprecated =
        declaration.status() == RouteStatus.DEPRECATED && declaration.deprecatedAt() == null;
    return declaration.toBuilder()
        .since(declaration.since() == null ? declaredAt : declaration.since())
        .deprecatedAt(deprecated ? declaredAt : declaration.deprecatedAt())
        .build();
  }

  private List<Edit> today(Snapshot snapshot, Instant now) {
    recordPlanned = declared.size();
    OpaqueDocument days = DeclarationDays.marked(snapshot, service, declared.keys(), now);
    if (days == null) {
      return List.of();
    }
    DocumentKey key = DeclarationDays.documentOf(service);
    return List.of(new Edit(key, snapshot.version(key), days));
  }

  /** What should be stored, or null if it is. */
  private @Nullable RouteState wanted(RouteState stored, RouteState declaration, Open known) {
    if (stored.origin() == Origin.CODE && !storeDecides) {
      if (known.again && opens(stored, declaration, known.at)) {
        return null;
      }
      RouteState renewed = renewed(stored, declaration, known.at);
      return renewed.equals(stored) ? null : renewed;
    }
    if (stored.forceActive() != declaration.forceActive()) {
      return stored.toBuilder().forceActive(declaration.forceActive()).build();
    }
    return null;
  }

  /**
   * Whether a declaration would open what other code closed. While two builds run, both bring back
   * what somebody forgot, in any order; then the one that closes the route counts.
   */
  private static boolean opens(RouteState stored, RouteState declaration, Instant now) {
    return !declaration.forceActive()
        && EffectiveStatus.staysOpen(declaration, now)
        && !EffectiveStatus.staysOpen(stored, now);
  }

  /** The declaration with the stored bookkeeping, where that still applies. */
  private static RouteState renewed(RouteState stored, RouteState declaration, Instant declaredAt) {
    RouteState.Builder same =
        declaration.toBuilder().version(stored.version()).since(stored.since());
    if (declaration.deprecatedAt() == null) {
      same.deprecatedAt(stored.deprecatedAt());
    }
    RouteState unchanged = same.build();
    return unchanged.equals(stored) ? stored : stamped(declaration, declaredAt);
  }
}
