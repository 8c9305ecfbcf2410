package io.shield.impl.registration;

import io.shield.internal.EngineInternals.Declarations;
import io.shield.internal.EngineInternals.Match;
import io.shield.internal.EngineInternals.RouteSource;
import io.shield.internal.value.Parameters;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.store.DocumentKey;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.stream.Stream;
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
      all.routes().forEach(r -> byKey.merge(keyOf(r.state()), r, (a, b) -> b.over(a)));
      return byKey;
    }

    Map<String, RateLimitPolicy> policies() {
      Map<String, RateLimitPolicy> byKey = new LinkedHashMap<>();
      all.policies().forEach(policy -> byKey.put(policy.key(), policy));
      return byKey;
    }
  }

  /**
   * Under what a route is declared, however its parameters are spelt: both spellings are one, and a
   * key that mixes them is one by itself, as a store finds it.
   */
  static String keyOf(String routeKey) {
    if (routeKey.indexOf('{') < 0) {
      return routeKey;
    }
    String colons = Parameters.colons(routeKey);
    return Parameters.braces(colons).equals(routeKey) ? colons : routeKey;
  }

  static String keyOf(RouteState state) {
    return keyOf(state.path());
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

  /** Whether one of the sources judged a request. */
  public boolean isAsked() {
    return alive().stream().anyMatch(RouteSource::isAsked);
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
   * @param some what it declares now, by {@link #keyOf}
   * @return the documents of which that is news
   */
  synchronized Set<DocumentKey> add(RouteSource source, Map<String, Declarations.Route> some) {
    routes.replace(declaredBy(source).number, Map.of(), some, this::newRoute);
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
    routes.keys().forEach(key -> documents.add(DocumentKey.state(key)));
    policies.keys().forEach(key -> documents.add(DocumentKey.policy(key)));
    return documents;
  }

  /** The initial state of a route; null if none is declared. */
  public synchronized @Nullable RouteState state(String key) {
    Declarations.Route route = routes.value(keyOf(key));
    return route == null ? null : route.state();
  }

  /** A rate limit; null if none is declared under that key. */
  synchronized @Nullable RateLimitPolicy policy(String key) {
    return policies.value(key);
  }

  /** How many routes are declared. */
  synchronized int size() {
    return routes.size();
  }

  /** The keys of all routes declared. */
  public synchronized Set<String> keys() {
    return Set.copyOf(routes.keys());
  }

  /** The initial states of all routes declared. */
  synchronized List<RouteState> states() {
    return routes.values().map(Declarations.Route::state).toList();
  }

  /** The rate limits declared. */
  synchronized List<RateLimitPolicy> policies() {
    return policies.values().toList();
  }

  /** What several sources say about the same keys, and what that comes to. Not thread-safe. */
  private static final class Merged<T> {
    private final BinaryOperator<T> merge;

    /** By key, in the order in which keys became known, what the youngest source says. */
    private final Map<String, Said<T>> byKey = new LinkedHashMap<>();

    /**
     * @param merge what an older source's word and a younger one's come to
     */
    Merged(BinaryOperator<T> merge) {
      this.merge = merge;
    }

    Set<String> keys() {
      return Collections.unmodifiableSet(byKey.keySet());
    }

    int size() {
      return byKey.size();
    }

    /** What it comes to; null if nobody says anything. */
    @Nullable T value(String key) {
      return valueOf(byKey.get(key));
    }

    /** What it comes to, in the order of the keys. */
    Stream<T> values() {
      return byKey.values().stream().map(said -> Objects.requireNonNull(valueOf(said)));
    }

    private @Nullable T valueOf(@Nullable Said<T> said) {
      if (said == null) {
        return null;
      }
      T older = valueOf(said.older);
      return older == null ? said.value : merge.apply(older, said.value);
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

    /** Whether the key has a new value then, or none any more. */
    private boolean set(int source, String key, @Nullable T value) {
      Said<T> before = byKey.get(key);
      Said<T> after = with(before, source, value);
      if (after == null) {
        return byKey.remove(key) != null;
      }
      byKey.put(key, after);
      return !Objects.equals(valueOf(before), valueOf(after));
    }

    /** The same with what one source says now. */
    private static <T> @Nullable Said<T> with(
        @Nullable Said<T> said, int source, @Nullable T value) {
      if (said != null && said.source > source) {
        return new Said<>(said.source, said.value, with(said.older, source, value));
      }
      Said<T> older = said != null && said.source == source ? said.older : said;
      return value == null ? older : new Said<>(source, value, older);
    }
  }

  /** What a source says, and behind it what older ones say; mostly there is one. */
  private record Said<T>(int source, T value, @Nullable Said<T> older) {}
}
