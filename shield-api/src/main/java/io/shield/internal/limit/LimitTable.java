package io.shield.internal.limit;

import io.shield.decision.Decider;
import io.shield.decision.Site;
import io.shield.error.InvalidValueException;
import io.shield.internal.value.Parameters;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.Origin;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The policies in force, found by route. What applies to a route is worked out when it is first
 * asked for and kept. Thread-safe.
 */
final class LimitTable {
  /** No policy at all. */
  static final LimitTable NONE =
      new LimitTable(Snapshot.empty(Head.NONE), new Site("none", null), Map.of());

  /** Methods that are told apart besides those that policies name. */
  private static final List<HttpMethod> USUAL =
      List.of(
          HttpMethod.GET,
          HttpMethod.HEAD,
          HttpMethod.POST,
          HttpMethod.PUT,
          HttpMethod.PATCH,
          HttpMethod.DELETE,
          HttpMethod.OPTIONS);

  /** Stands for all methods that are not told apart. */
  private static final HttpMethod OTHERS = HttpMethod.valueOf("*");

  private final Snapshot snapshot;
  private final Site site;
  private final Map<String, PolicyLimit> limits;
  private final Map<String, List<RateLimitPolicy>> byPath;
  private final Map<String, Map<HttpMethod, RouteLimits>> known = new ConcurrentHashMap<>();

  /**
   * @param limits the policies with their counters, by policy key or reserved path
   */
  LimitTable(Snapshot snapshot, Site site, Map<String, PolicyLimit> limits) {
    this(snapshot, site, limits, new HashMap<>());
    for (RateLimitPolicy policy : newest(snapshot)) {
      if (policy.enabled()) {
        String path = Parameters.colons(RouteKey.parse(policy.path()).path());
        byPath.computeIfAbsent(path, p -> new ArrayList<>()).add(policy);
      }
    }
  }

  private LimitTable(
      Snapshot snapshot,
      Site site,
      Map<String, PolicyLimit> limits,
      Map<String, List<RateLimitPolicy>> byPath) {
    this.snapshot = snapshot;
    this.site = site;
    this.limits = limits;
    this.byPath = byPath;
  }

  /** The same policies beside other states. */
  LimitTable with(Snapshot other) {
    return new LimitTable(other, site, limits, byPath);
  }

  /**
   * Of a policy that is stored in two spellings of its parameters, what somebody decided at run
   * time, and of two such the later.
   */
  static List<RateLimitPolicy> newest(Snapshot snapshot) {
    Map<String, Versioned<?>> bySpelling = new LinkedHashMap<>();
    for (Versioned<?> stored : snapshot.policies().values()) {
      if (stored.value() instanceof RateLimitPolicy policy) {
        bySpelling.merge(
            Parameters.colons(policy.key()),
            stored,
            (one, other) -> isAfter(one, other) ? one : other);
      }
    }
    return bySpelling.values().stream().map(stored -> (RateLimitPolicy) stored.value()).toList();
  }

  private static boolean isAfter(Versioned<?> one, Versioned<?> other) {
    Origin ofOne = ((RateLimitPolicy) one.value()).origin();
    return ofOne == ((RateLimitPolicy) other.value()).origin()
        ? one.version() > other.version()
        : ofOne == Origin.RUNTIME;
  }

  boolean isEmpty() {
    return byPath.isEmpty() && wide().stream().noneMatch(GlobalRateLimitPolicy::enabled);
  }

  private List<GlobalRateLimitPolicy> wide() {
    return snapshot.policies().values().stream()
        .map(Versioned::value)
        .filter(GlobalRateLimitPolicy.class::isInstance)
        .map(GlobalRateLimitPolicy.class::cast)
        .toList();
  }

  /** What applies to a method of a template. */
  RouteLimits of(String template, HttpMethod method) {
    Map<HttpMethod, RouteLimits> methods = known.get(template);
    if (methods == null) {
      methods = known.computeIfAbsent(template, this::compile);
    }
    RouteLimits own = methods.get(method);
    return own == null ? methods.getOrDefault(OTHERS, RouteLimits.NONE) : own;
  }

  private Map<HttpMethod, RouteLimits> compile(String template) {
    Map<HttpMethod, RouteLimits> methods = new HashMap<>();
    Set<HttpMethod> named = new HashSet<>(USUAL);
    byPath.getOrDefault(Parameters.colons(template), List.of()).stream()
        .map(policy -> HttpMethod.valueOf(policy.method()))
        .forEach(named::add);
    wide().forEach(policy -> policy.exemptRoutes().forEach(route -> addMethod(named, route)));
    for (HttpMethod method : named) {
      methods.put(method, compile(template, method.name()));
    }
    methods.put(OTHERS, compile(template, null));
    return methods;
  }

  private static void addMethod(Set<HttpMethod> named, String route) {
    RouteKey key = keyOf(route);
    if (key != null && key.method() != null) {
      named.add(HttpMethod.valueOf(key.method()));
    }
  }

  private RouteLimits compile(String template, @Nullable String method) {
    String service = serviceOf(template, method);
    List<PolicyLimit> wide = limits(wideKeys(service, template, method));
    List<PolicyLimit> own = limits(ownKeys(service, template, method));
    return wide.isEmpty() && own.isEmpty()
        ? RouteLimits.NONE
        : new RouteLimits(template, wide, own);
  }

  private List<PolicyLimit> limits(List<String> keys) {
    return keys.stream().flatMap(key -> Stream.ofNullable(limits.get(key))).toList();
  }

  /** The keys of what applies to a method of a template, in the order in which it is charged. */
  List<String> keys(String template, String method) {
    String service = serviceOf(template, method);
    return Stream.concat(
            wideKeys(service, template, method).stream(),
            ownKeys(service, template, method).stream())
        .toList();
  }

  private List<String> wideKeys(
      @Nullable String service, String template, @Nullable String method) {
    return Stream.concat(
            Stream.of(DocumentKey.globalRateLimit()),
            Stream.ofNullable(service).map(DocumentKey::serviceRateLimit))
        .filter(key -> applies(key, service, template, method))
        .map(DocumentKey::key)
        .toList();
  }

  private List<String> ownKeys(@Nullable String service, String template, @Nullable String method) {
    return ofMethod(template, service, method).stream().map(RateLimitPolicy::key).toList();
  }

  private @Nullable String serviceOf(String template, @Nullable String method) {
    RouteState state = Decider.stateOf(snapshot, method, template);
    String own = state == null ? null : state.service();
    return own == null || own.isEmpty() ? site.service() : own;
  }

  private boolean applies(
      DocumentKey key, @Nullable String service, String template, @Nullable String method) {
    return snapshot.value(key) instanceof GlobalRateLimitPolicy policy
        && policy.enabled()
        && policy.exemptRoutes().stream()
            .noneMatch(route -> names(route, service, template, method));
  }

  private static boolean names(
      String route, @Nullable String service, String template, @Nullable String method) {
    RouteKey key = keyOf(route);
    return key != null
        && Parameters.colons(key.path()).equals(Parameters.colons(template))
        && (key.service() == null || key.service().equals(service))
        && (key.method() == null || isOrFollows(method, key.method()));
  }

  private static @Nullable RouteKey keyOf(String route) {
    try {
      return RouteKey.parse(route);
    } catch (InvalidValueException notAKey) {
      return null;
    }
  }

  private static boolean isOrFollows(@Nullable String method, String named) {
    return named.equals(method) || ("HEAD".equals(method) && named.equals("GET"));
  }

  /** The policies of the method itself; else of GET, for HEAD; else of all methods. */
  private List<RateLimitPolicy> ofMethod(
      String template, @Nullable String service, @Nullable String method) {
    List<RateLimitPolicy> here =
        byPath.getOrDefault(Parameters.colons(template), List.of()).stream()
            .filter(policy -> isHere(policy, service))
            .toList();
    List<String> wanted = new ArrayList<>();
    if (method != null) {
      wanted.add(method);
    }
    if ("HEAD".equals(method)) {
      wanted.add("GET");
    }
    wanted.add(RateLimitPolicy.ALL_METHODS);
    for (String name : wanted) {
      List<RateLimitPolicy> found =
          here.stream().filter(policy -> policy.method().equals(name)).toList();
      if (!found.isEmpty()) {
        return found;
      }
    }
    return List.of();
  }

  private static boolean isHere(RateLimitPolicy policy, @Nullable String service) {
    RouteKey key = RouteKey.parse(policy.path());
    return (key.service() == null || key.service().equals(service))
        && (key.method() == null || key.method().equals(policy.method()));
  }
}
