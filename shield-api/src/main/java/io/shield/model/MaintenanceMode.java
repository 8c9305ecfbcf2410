package io.shield.model;

import io.shield.internal.value.Checks;
import io.shield.internal.value.Parameters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The maintenance of the whole fleet or of one service.
 *
 * @param enabled whether it is in force
 * @param reason shown to clients, at most {@link RouteState#MAX_REASON_LENGTH} characters
 * @param exemptPaths bare paths (all methods) or route keys that stay open, at most 1000
 * @param includeForceActive whether routes that are force-active are closed too
 */
public record MaintenanceMode(
    boolean enabled, String reason, List<String> exemptPaths, boolean includeForceActive)
    implements DocumentValue {
  /** No maintenance. */
  public static final MaintenanceMode OFF = new MaintenanceMode(false, "", List.of(), false);

  public MaintenanceMode {
    Checks.text("reason", reason, RouteState.MAX_REASON_LENGTH);
    exemptPaths = Checks.names("exempt_paths", exemptPaths, 1000, RouteKey.MAX_LENGTH);
  }

  /** A maintenance in force that exempts nothing and leaves force-active routes open. */
  public static MaintenanceMode on(String reason) {
    return new MaintenanceMode(true, reason, List.of(), false);
  }

  /**
   * Whether a route is exempt: by its bare path, its route key, or its key with the service.
   *
   * @param service the service it belongs to, or null
   * @param method the request's method, or null when none is meant
   * @param path the route's template
   */
  public boolean exempts(@Nullable String service, @Nullable String method, String path) {
    if (exemptPaths.isEmpty()) {
      return false;
    }
    List<String> exempt = exemptPaths.stream().map(Parameters::colons).toList();
    String bare = Parameters.colons(path);
    String key = method == null ? bare : method + ":" + bare;
    return exempt.contains(bare)
        || exempt.contains(key)
        || (service != null
            && (exempt.contains(service + ":" + bare) || exempt.contains(service + ":" + key)));
  }
}
