package io.shield.impl.registration;

import io.shield.internal.EngineInternals.Declarations;
import io.shield.internal.EngineInternals.Match;
import io.shield.internal.EngineInternals.RouteSource;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.store.DocumentKey;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the code declares, kept by source. Where several sources declare one key, an explicit
 * declaration beats a plain one, and of equals the younger source's counts: an older one that
 * declares the same again changes nothing. A source that is garbage takes its declarations along.
 * Thread-safe.
 */
public final class MergedDeclarations {
  private static final Logger LOG = LoggerFactory.getLogger(MergedDeclarations.class);

  private final ReferenceQueue<RouteSource> garbage = new ReferenceQueue<>();
  private final Set<Declared> sources = new LinkedHashSet<>();
  private final Merged<Declarations.Route> routes = new Merged<>((a, b) -> b.over(a));
  private final Merged<RateLimitPolicy> policies = new Merged<>((a, b) -> b);
  private int lastNumber;

  /** Of what something else is declared than was told. */
  private Set<DocumentKey> news = new LinkedHashSet<>();

  /** A source and what it declared last. */
  private static final class Declared extends WeakReference<RouteSource> {
    private final int number;
    private Declarations all = Declarations.NONE;

    Declared(RouteSource source, ReferenceQueue<RouteSource> queue, int number) {
      super(source, queue);
      this.number = number;
    }

    Map<String, Declarations.Route> routes() {
      Map<String, Declarations.Route> byKey = new LinkedHashMap<>();
      all.routes().forEach(r -> byKey.merge(r.state().path(), r, (a, b) -> b.over(a)));
      return byKey;
    }

    Map<String, RateLimitPolicy> policies() {
      Map<String, RateLimitPolicy> byKey = new LinkedHashMap<>();
      all.policies().forEach(policy -> byKey.put(policy.key(), policy));
      return byKey;
    }
  }

  /** Adds something to ask for declarations. Held weakly. */
  public synchronized void add(RouteSource source) {
    declaredBy(source);
  }

  private Declared declaredBy(RouteSource source) {
    forgetGarbage();
    for (Declared declared : sources) {
      if (declared.refersTo(source)) {
        return declared;
      }
    }
    Declared declared = new Declared(source, garbage, ++lastNumber);
    sources.add(declared);
    return declared;
  }

  private void forgetGarbage() {
    for (Reference<?> gone = garbage.poll(); gone != null; gone = garbage.poll()) {
      Declared declared = (Declared) gone;
      replace(declared, Declarations.NONE);
      sources.remove(declared);
    }
  }

  /** Has every source declare what is new. */
  public void refresh() {
    for (RouteSource source : alive()) {
      try {
        source.refresh();
      } catch (RuntimeException e) {
        LOG.error("A handler could not tell its routes; those known before can be changed", e);
      }
    }
  }

  /** What a request may run, each template once; null if some source cannot tell. */
  public @Nullable List<Match> matches(String method, String path) {
    Map<String, Match> found = new LinkedHashMap<>();
    boolean known = true;
    List<RouteSource> sources = alive();
    for (RouteSource source : sources) {
      List<Match> matches = source.matches(method, path);
      known &= matches != null;
      if (matches != null) {
        matches.forEach(match -> found.putIfAbsent(match.template(), match));
      }
    }
    return found.isEmpty() && (!known || sources.isEmpty()) ? null : List.copyOf(found.values());
  }

  private synchronized List<RouteSource> alive() {
    return sources.stream().map(Reference::get).filter(Objects::nonNull).toList();
  }

  /** Takes in all that a source declares; the documents of which that is news, mostly none. */
  public synchronized Set<DocumentKey> declare(RouteSource source, Declarations all) {
    Declared declared = declaredBy(source);
    boolean same =
        declared.all.routes().equals(all.routes())
            && declared.all.policies().equals(all.policies());
    if (!same) {
      replace(declared, all);
    }
    return takeNews();
  }

  /**
   * Takes in what a source that only ever grows declares of some routes.
   *
   * @param before what it declared of them before
   * @return the documents of which that is news
   */
  synchronized Set<DocumentKey> add(
      RouteSource source,
      Map<String, Declarations.Route> before,
      Map<String, Declarations.Route> after) {
    routes.replace(declaredBy(source).number, before, after, this::newRoute);
    return takeNews();
  }

  private void replace(Declared declared, Declarations all) {
    Map<String, Declarations.Route> oldRoutes = declared.routes();
    Map<String, RateLimitPolicy> oldPolicies = declared.policies();
    declared.all = all;
    routes.replace(declared.number, oldRoutes, declared.routes(), this::newRoute);
    policies.replace(
        declared.number,
        oldPolicies,
        declared.policies(),
        key -> news.add(DocumentKey.policy(key)));
  }

  private void newRoute(String key) {
    news.add(DocumentKey.state(key));
  }

  private Set<DocumentKey> takeNews() {
    Set<DocumentKey> taken = news;
    news = new LinkedHashSet<>();
    return taken;
  }

  /** The documents of all that is declared. */
  synchronized Set<DocumentKey> documents() {
    Set<DocumentKey> documents = new LinkedHashSet<>();
    routes.values().keySet().forEach(key -> documents.add(DocumentKey.state(key)));
    policies.values().keySet().forEach(key -> documents.add(DocumentKey.policy(key)));
    return documents;
  }

  /** The initial state of a route; null if none is declared. */
  public synchronized @Nullable RouteState state(String key) {
    Declarations.Route route = routes.values().get(key);
    return route == null ? null : route.state();
  }

  /** A rate limit; null if none is declared under that key. */
  synchronized @Nullable RateLimitPolicy policy(String key) {
    return policies.values().get(key);
  }

  /** How many routes are declared. */
  synchronized int size() {
    return routes.values().size();
  }

  /** The keys of all routes declared. */
  public synchronized Set<String> keys() {
    return Set.copyOf(routes.values().keySet());
  }

  /** The initial states of all routes declared. */
  synchronized List<RouteState> states() {
    return routes.values().values().stream().map(Declarations.Route::state).toList();
  }

  /** The rate limits declared. */
  synchronized List<RateLimitPolicy> policies() {
    return List.copyOf(policies.values().values());
  }

  /** What several sources say about the same keys, and what that comes to. Not thread-safe. */
  private static final class Merged<T> {
    private final BinaryOperator<T> merge;

    /** By key, the oldest source first; mostly there is one. */
    private final Map<String, List<Said<T>>> bySource = new HashMap<>();

    private final Map<String, T> values = new LinkedHashMap<>();

    /**
     * @param merge what an older source's word and a younger one's come to
     */
    Merged(BinaryOperator<T> merge) {
      this.merge = merge;
    }

    /** What it comes to, by key, in the order in which keys became known. */
    Map<String, T> values() {
      return Collections.unmodifiableMap(values);
    }

    /** Replaces what a source said; tells each key that has a new value. */
    void replace(
        int source, Map<String, T> before, Map<String, T> after, Consumer<String> newValue) {
      for (String key : before.keySet()) {
        if (!after.containsKey(key) && set(source, key, null)) {
          newValue.accept(key);
        }
      }
      for (Map.Entry<String, T> entry : after.entrySet()) {
        if (!Objects.equals(before.get(entry.getKey()), entry.getValue())
            && set(source, entry.getKey(), entry.getValue())) {
          newValue.accept(entry.getKey());
        }
      }
    }

    /** Whether the key has a new value then. */
    private boolean set(int source, String key, @Nullable T value) {
      List<Said<T>> said = new ArrayList<>(bySource.getOrDefault(key, List.of()));
      said.removeIf(one -> one.source == source);
      if (value != null) {
        said.add(new Said<>(source, value));
        said.sort(Comparator.comparingInt(Said::source));
      }
      if (said.isEmpty()) {
        bySource.remove(key);
        values.remove(key);
        return false;
      }
      bySource.put(key, List.copyOf(said));
      T merged = said.stream().map(Said::value).reduce(merge).orElseThrow();
      return !Objects.equals(values.put(key, merged), merged);
    }
  }

  private record Said<T>(int source, T value) {}
}
