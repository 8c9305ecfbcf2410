package io.shield.web.impl;

import io.shield.error.InvalidValueException;
import io.shield.internal.EngineInternals;
import io.shield.internal.EngineInternals.Declarations;
import io.shield.model.Origin;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.web.impl.Run.Target;
import io.shield.web.index.Endpoint;
import io.shield.web.index.RouteIndex;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An index of routes whose endpoints have their slots in an engine. */
final class BoundIndex {
  private static final Logger LOG = LoggerFactory.getLogger(BoundIndex.class);

  private final RouteIndex index;

  /** Held, so that the slots stay those of the endpoints. */
  @SuppressWarnings("UnusedVariable")
  private final int[] slots;

  private final Target[] targets;
  private final boolean anyOutside;

  /** Finds the slots of an index's endpoints. */
  BoundIndex(RouteIndex index, EngineInternals engine) {
    this.index = index;
    this.slots = engine.gates().lease(index.endpoints().stream().map(Endpoint::template).toList());
    this.targets = targets(index.endpoints(), slots);
    this.anyOutside = index.endpoints().stream().anyMatch(Endpoint::outside);
  }

  private static Target[] targets(List<Endpoint> endpoints, int[] slots) {
    Target[] targets = new Target[slots.length];
    for (int i = 0; i < slots.length; i++) {
      targets[i] = target(endpoints.get(i), slots[i]);
    }
    return targets;
  }

  /** An endpoint with its slot, which somebody holds. */
  static Target target(Endpoint endpoint, int slot) {
    return new Target(slot, endpoint.template(), RouteDeclaration.of(endpoint.metadata()));
  }

  /** Everything that is declared beside the routes. */
  Declarations declarations() {
    return new Declarations(declarations(index), policies(index));
  }

  /** Tells of what is declared whether a handler for the router guards it. */
  void tellGuarded(RouterHandler handler) {
    for (Endpoint endpoint : index.endpoints()) {
      if (endpoint.metadata() != null) {
        ProtectedRoute.found(endpoint, handler, index.isBehind(endpoint, handler));
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // a changed router has a new index
  boolean isOf(RouteIndex other) {
    return index == other;
  }

  /** The first endpoint that a request may run; null if there is none. */
  @Nullable Endpoint first(String path, String rawPath, HttpMethod method) {
    return index.find(path, rawPath, method, 0);
  }

  /** As {@link RouteIndex#behind}. */
  @Nullable Endpoint behind(Endpoint found, String path, String rawPath, HttpMethod method) {
    return index.behind(found, path, rawPath, method);
  }

  /** As {@link RouteIndex#answering}. */
  @Nullable Endpoint answering(String path, String rawPath, HttpMethod method) {
    return index.answering(path, rawPath, method);
  }

  /**
   * The mount of a router that enforcement leaves alone to which a request may come: nothing before
   * it is sure to take the request. Null if there is none.
   */
  @Nullable Endpoint outside(String path, String rawPath, HttpMethod method) {
    Endpoint endpoint = anyOutside ? first(path, rawPath, method) : null;
    while (endpoint != null && !endpoint.outside() && !isEnd(endpoint)) {
      endpoint = behind(endpoint, path, rawPath, method);
    }
    return endpoint != null && endpoint.outside() ? endpoint : null;
  }

  /** Whether some route charges what was left for later. */
  boolean isChargedLater() {
    return index.hasHandler(LimitsHandler.class);
  }

  /** Whether a request that comes to an endpoint is sure to be meant for it. */
  static boolean isEnd(Endpoint endpoint) {
    return endpoint.certain() && !endpoint.wildcard();
  }

  Target target(Endpoint endpoint) {
    return targets[endpoint.ordinal()];
  }

  private static List<Declarations.Route> declarations(RouteIndex index) {
    Set<String> withMethods = new HashSet<>();
    for (Endpoint endpoint : index.endpoints()) {
      if (!endpoint.methods().isEmpty()) {
        withMethods.add(endpoint.template());
      }
    }
    List<Declarations.Route> declared = new ArrayList<>();
    for (Endpoint endpoint : index.endpoints()) {
      if (endpoint.outside()) {
        continue;
      }
      boolean plain = endpoint.metadata() == null;
      if (plain && endpoint.methods().isEmpty() && withMethods.contains(endpoint.template())) {
        // stands beside the same path's methods, which have states of their own
        continue;
      }
      declared.addAll(declarations(endpoint));
    }
    return declared;
  }

  /** What is declared for an endpoint; nothing, with a warning, if it has no key for it. */
  static List<Declarations.Route> declarations(Endpoint endpoint) {
    RouteState declared = RouteDeclaration.of(endpoint.metadata()).state();
    boolean explicit = endpoint.metadata() != null;
    try {
      return keys(endpoint).stream()
          .map(key -> new Declarations.Route(declared.toBuilder().path(key).build(), explicit))
          .toList();
    } catch (InvalidValueException e) {
      LOG.warn(
          "The route {} cannot be controlled by itself, give it a name that begins with '/': {}",
          endpoint,
          e.getMessage());
      return List.of();
    }
  }

  private static List<RateLimitPolicy> policies(RouteIndex index) {
    List<RateLimitPolicy> policies = new ArrayList<>();
    index.endpoints().forEach(endpoint -> policies.addAll(policies(endpoint)));
    return policies;
  }

  /** The rate limits declared for an endpoint: one for each method, or one for all. */
  static List<RateLimitPolicy> policies(Endpoint endpoint) {
    RateLimitPolicy declared = RouteDeclaration.of(endpoint.metadata()).policy();
    if (declared == null) {
      return List.of();
    }
    Stream<String> methods =
        endpoint.methods().isEmpty()
            ? Stream.of(RateLimitPolicy.ALL_METHODS)
            : endpoint.methods().stream().map(HttpMethod::name).sorted();
    return methods.map(method -> policy(declared, endpoint.template(), method)).toList();
  }

  private static RateLimitPolicy policy(RateLimitPolicy declared, String path, String method) {
    return declared.toBuilder().path(path).method(method).origin(Origin.CODE).build();
  }

  private static List<String> keys(Endpoint endpoint) {
    if (endpoint.methods().isEmpty()) {
      return List.of(endpoint.template());
    }
    return endpoint.methods().stream()
        .map(method -> RouteKey.of(method.name(), endpoint.template()).toString())
        .sorted()
        .toList();
  }
}
