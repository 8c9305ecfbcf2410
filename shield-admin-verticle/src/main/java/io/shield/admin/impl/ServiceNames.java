package io.shield.admin.impl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.InvalidValueException;
import io.shield.internal.ReservedStates;
import io.shield.json.CommitJson;
import io.shield.json.ShieldJson;
import io.shield.model.DocumentValue;
import io.shield.model.OpaqueDocument;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which documents of the store are the business of one service, and what its own code calls them:
 * {@code GET:/pay} is what the store keeps as {@code payments:GET:/pay}. Beside its own routes and
 * policies these are the maintenance and the rate limit of the service and of the fleet, what
 * resets its counters, and the record of when its code declared its routes. Without a service it is
 * everything, as the store calls it. Immutable.
 */
final class ServiceNames {
  /** Everything, as the store calls it. */
  static final ServiceNames ALL = new ServiceNames(null);

  private static final String RESET = "reset:";
  private static final String RESET_ALL = RESET + "all";
  private static final String REGISTERED = "registered:";

  /** Begins the names of what webhooks keep, their secrets among it: nobody's business outside. */
  private static final String WEBHOOKS = "webhook";

  private final @Nullable String service;
  private final String prefix;

  /**
   * Begins the names of what is kept of the tokens of the admin API that the service itself serves:
   * they end there, and those of this server do not.
   */
  private final String ofTokens;

  private ServiceNames(@Nullable String service) {
    this.service = service;
    this.prefix = service + ":";
    this.ofTokens = "service:" + prefix;
  }

  static ServiceNames of(@Nullable String service) {
    return service == null ? ALL : new ServiceNames(service);
  }

  @Nullable String service() {
    return service;
  }

  /** What the service calls a document of the store, or null if it is not its business. */
  @Nullable DocumentKey local(DocumentKey stored) {
    if (service == null) {
      return isOfWebhooks(stored) ? null : stored;
    }
    String key = stored.key();
    return switch (stored.kind()) {
      case STATE -> {
        String route = localRoute(key);
        yield route == null ? null : DocumentKey.state(route);
      }
      case MAINTENANCE -> isOwn(stored) ? stored : null;
      case POLICY -> {
        String policy = stored.isReserved() ? own(stored) : localPolicy(key);
        yield policy == null ? null : DocumentKey.policy(policy);
      }
      case DOCUMENT -> {
        String name = localDocument(key);
        yield name == null ? null : DocumentKey.document(name);
      }
    };
  }

  /** Whether it is what webhooks keep. */
  static boolean isOfWebhooks(DocumentKey key) {
    return key.kind() == DocumentKind.DOCUMENT && key.key().startsWith(WEBHOOKS);
  }

  /** The service whose record of declared routes it is, or null if it is none. */
  static @Nullable String declaring(DocumentKey document) {
    String name = document.key();
    return name.startsWith(REGISTERED) ? name.substring(REGISTERED.length()) : null;
  }

  private @Nullable String own(DocumentKey stored) {
    return isOwn(stored) ? stored.key() : null;
  }

  /** Whether a reserved document is this service's or the fleet's. */
  private boolean isOwn(DocumentKey stored) {
    if (!ReservedStates.holds(stored)) {
      return false;
    }
    String named = ReservedStates.serviceOf(stored.key());
    return named == null || named.equals(service);
  }

  private @Nullable String localRoute(String key) {
    boolean own = key.startsWith(prefix) && String.valueOf(service).equals(serviceOf(key));
    return own ? key.substring(prefix.length()) : null;
  }

  private static @Nullable String serviceOf(String route) {
    return RouteKey.parse(route).service();
  }

  /** A policy that was set for the method's route and one set for the path are one to a service. */
  private @Nullable String localPolicy(String key) {
    int colon = key.indexOf(':');
    if (colon < 0 || !key.startsWith(prefix, colon + 1)) {
      return null;
    }
    String route = localRoute(key.substring(colon + 1));
    return route == null ? null : key.substring(0, colon + 1) + RouteKey.parse(route).path();
  }

  private @Nullable String localDocument(String name) {
    if (name.equals(RESET_ALL) || name.equals(REGISTERED + service)) {
      return name;
    }
    if (name.startsWith(ofTokens)) {
      String own = name.substring(ofTokens.length());
      return TokenDocuments.isOne(own) ? own : null;
    }
    if (!name.startsWith(RESET)) {
      return null;
    }
    String scope = name.substring(RESET.length());
    String local = RouteKey.isReserved(scope) ? own(DocumentKey.policy(scope)) : localPolicy(scope);
    return local == null ? null : RESET + local;
  }

  /** What the store calls a document that the service names, or null if it can have none such. */
  @Nullable DocumentKey stored(DocumentKey local) {
    if (service == null) {
      return isOfWebhooks(local) ? null : local;
    }
    String key = local.key();
    DocumentKey stored =
        switch (local.kind()) {
          case STATE -> DocumentKey.state(prefix + key);
          case MAINTENANCE -> local;
          case POLICY -> local.isReserved() ? local : DocumentKey.policy(storedPolicy(key));
          case DOCUMENT -> DocumentKey.document(storedDocument(key));
        };
    return local.equals(local(stored)) ? stored : null;
  }

  private String storedPolicy(String key) {
    int colon = key.indexOf(':') + 1;
    return key.substring(0, colon) + prefix + key.substring(colon);
  }

  private String storedDocument(String name) {
    if (TokenDocuments.isOne(name)) {
      return ofTokens + name;
    }
    String scope = name.startsWith(RESET) ? name.substring(RESET.length()) : "";
    boolean own = scope.isEmpty() || name.equals(RESET_ALL) || RouteKey.isReserved(scope);
    return own ? name : RESET + storedPolicy(scope);
  }

  /** The same value under the service's name for it. */
  DocumentValue local(DocumentKey local, DocumentValue value) {
    if (service == null) {
      return value;
    }
    if (value instanceof RouteState state) {
      return state.toBuilder().path(local.key()).service(service).build();
    }
    if (value instanceof RateLimitPolicy policy) {
      return policy.toBuilder().path(RouteKey.parse(policy.path()).path()).build();
    }
    return renamed(local, value, this::localRoute);
  }

  /** The same value under the store's name for it. */
  DocumentValue stored(DocumentKey stored, DocumentValue value) {
    if (service == null) {
      return value;
    }
    if (value instanceof RouteState state) {
      return state.toBuilder().path(stored.key()).service(service).build();
    }
    if (value instanceof RateLimitPolicy policy) {
      return policy.toBuilder().path(prefix + policy.path()).build();
    }
    return renamed(stored, value, route -> prefix + route);
  }

  /** An edit as the service sees it, or null if it is not its business. */
  @Nullable Edit local(Edit edit) {
    DocumentKey key = local(edit.key());
    if (key == null) {
      return null;
    }
    DocumentValue value = edit.value();
    return new Edit(key, edit.expectedVersion(), value == null ? null : local(key, value));
  }

  /** The record of declared routes has their keys inside. */
  private static DocumentValue renamed(
      DocumentKey key, DocumentValue value, UnaryOperator<@Nullable String> rename) {
    if (key.kind() != DocumentKind.DOCUMENT || !key.key().startsWith(REGISTERED)) {
      return value;
    }
    try {
      ObjectNode renamed = JsonNodeFactory.instance.objectNode();
      ShieldJson.parse(key.key(), ((OpaqueDocument) value).content())
          .fields()
          .forEachRemaining(
              field -> {
                String route = rename.apply(field.getKey());
                if (route != null) {
                  renamed.set(route, field.getValue());
                }
              });
      return new OpaqueDocument(ShieldJson.text(renamed));
    } catch (InvalidValueException unreadable) {
      return value; // Whoever reads it says so and writes it anew.
    }
  }

  /** What a route is called by the service; the name of anything else stays. */
  String localPath(String path) {
    String local = service == null || path.startsWith("__") ? path : localRoute(path);
    return local == null ? path : local;
  }

  /** What a route is called in the store; the name of anything else stays. */
  String storedPath(String path) {
    return service == null || path.startsWith("__") ? path : prefix + path;
  }

  /**
   * A document as a service sees it.
   *
   * @param key what the service calls it
   * @param version its version, 0 if it is absent
   * @param value its value, or null if it is absent
   */
  record Document(DocumentKey key, long version, @Nullable DocumentValue value) {
    ObjectNode json() {
      return CommitJson.write(key, version, value);
    }
  }

  /** All that is the service's business in a snapshot. */
  List<Document> view(Snapshot snapshot) {
    if (service == null) {
      return view(snapshot, snapshot.content().keySet());
    }
    List<DocumentKey> some = new ArrayList<>();
    gather(some, DocumentKind.STATE, snapshot.states().keySet());
    gather(some, DocumentKind.MAINTENANCE, snapshot.maintenance().keySet());
    gather(some, DocumentKind.POLICY, snapshot.policies().keySet());
    gather(some, DocumentKind.DOCUMENT, snapshot.documents().keySet());
    return view(snapshot, some);
  }

  /** Most are of other services, of which there may be thousands: a look at the name tells. */
  private void gather(List<DocumentKey> some, DocumentKind kind, Set<String> keys) {
    for (String key : keys) {
      if (mayBeOwn(kind, key)) {
        some.add(new DocumentKey(kind, key));
      }
    }
  }

  private boolean mayBeOwn(DocumentKind kind, String key) {
    return switch (kind) {
      case STATE -> key.startsWith(prefix);
      case POLICY -> RouteKey.isReserved(key) || key.startsWith(prefix, key.indexOf(':') + 1);
      case MAINTENANCE -> true;
      case DOCUMENT ->
          key.startsWith(RESET) || key.startsWith(ofTokens) || key.equals(REGISTERED + service);
    };
  }

  /** Those of some documents that are the service's business. */
  List<Document> view(Snapshot snapshot, Collection<DocumentKey> stored) {
    Map<DocumentKey, Document> view = new LinkedHashMap<>();
    for (DocumentKey key : stored) {
      DocumentKey local = local(key);
      if (local != null && !view.containsKey(local)) {
        view.put(local, current(snapshot, key, local));
      }
    }
    return List.copyOf(view.values());
  }

  private Document current(Snapshot snapshot, DocumentKey key, DocumentKey local) {
    DocumentKey counts = key;
    if (service != null && key.kind() == DocumentKind.POLICY && !key.isReserved()) {
      counts = policyThatCounts(snapshot, local);
    }
    DocumentValue value = snapshot.value(counts);
    return new Document(
        local, snapshot.version(counts), value == null ? null : local(local, value));
  }

  /** A policy of the method's route wins over one of the path. */
  private DocumentKey policyThatCounts(Snapshot snapshot, DocumentKey local) {
    int colon = local.key().indexOf(':') + 1;
    String method = local.key().substring(0, colon);
    DocumentKey ofMethod =
        DocumentKey.policy(method + prefix + method + local.key().substring(colon));
    return snapshot.version(ofMethod) == 0
        ? DocumentKey.policy(storedPolicy(local.key()))
        : ofMethod;
  }
}
