package io.shield.admin.impl;

import io.shield.Routes.RouteView;
import io.shield.admin.Role;
import io.shield.internal.ReservedStates;
import io.shield.model.DocumentValue;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a service's client sees of the fleet: its own, and what concerns everybody. */
final class ServiceView {
  private ServiceView() {}

  /**
   * The service that is asked about, or null for all. The token of a service sees that service
   * only.
   *
   * @param asked the service the request names, or null
   */
  static @Nullable String visible(Call call, @Nullable String asked) {
    Principal who = call.principal();
    if (who.role() != Role.SDK) {
      return asked;
    }
    String own = who.service();
    if (own == null || (asked != null && !asked.equals(own))) {
      throw RefusedException.forbidden("a service's token sees that service only");
    }
    return own;
  }

  /** The maintenance and the rate limits of the fleet and of a service, in the form of states. */
  static List<RouteView> reserved(Snapshot snapshot, String service) {
    List<RouteView> views = new ArrayList<>();
    for (DocumentKey key :
        List.of(
            DocumentKey.globalMaintenance(),
            DocumentKey.serviceMaintenance(service),
            DocumentKey.globalRateLimit(),
            DocumentKey.serviceRateLimit(service))) {
      DocumentValue value = snapshot.value(key);
      if (value != null) {
        RouteState state = ReservedStates.write(key, value);
        RouteState versioned = state.toBuilder().version(snapshot.version(key)).build();
        views.add(new RouteView(versioned, RouteStatus.ACTIVE, false, List.of()));
      }
    }
    return views;
  }

  /**
   * A service's policies as its own code names the routes: without the service. A policy of the
   * method's route wins over one of the route of all methods.
   */
  static List<Versioned<RateLimitPolicy>> local(
      List<Versioned<RateLimitPolicy>> policies, String service) {
    Map<String, Versioned<RateLimitPolicy>> local = new LinkedHashMap<>();
    for (Versioned<RateLimitPolicy> policy : policies) {
      RouteKey route = RouteKey.parse(policy.value().path());
      if (service.equals(route.service())) {
        RateLimitPolicy renamed = policy.value().toBuilder().path(route.path()).build();
        Versioned<RateLimitPolicy> shown = new Versioned<>(renamed, policy.version());
        if (route.method() == null) {
          local.putIfAbsent(renamed.key(), shown);
        } else {
          local.put(renamed.key(), shown);
        }
      }
    }
    return List.copyOf(local.values());
  }
}
