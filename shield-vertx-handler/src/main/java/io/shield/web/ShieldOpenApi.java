package io.shield.web;

import io.shield.ShieldEngine;
import io.shield.decision.Decider;
import io.shield.decision.Decision;
import io.shield.internal.EngineInternals;
import io.shield.internal.gate.Gates;
import io.shield.internal.gate.InForce;
import io.shield.model.RouteState;
import io.shield.model.RouteStatus;
import io.shield.model.store.Snapshot;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Lets an application's own OpenAPI document follow its routes. */
public final class ShieldOpenApi {
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");
  private static final String STATUS = "x-shield-status";
  private static final String REASON = "x-shield-reason";

  private ShieldOpenApi() {}

  /**
   * A document as it is now. Operations of routes that are disabled, or closed in this environment,
   * are left out; of deprecated ones {@code deprecated} is set; those under maintenance or
   * deprecated have {@code x-shield-status} and, if there is one, {@code x-shield-reason}. What the
   * engine does not know stays as it is. Cheap enough for every request of the document;
   * thread-safe.
   *
   * @param document an OpenAPI document, version 3; it is not changed
   * @param engine the engine that the routes belong to
   * @return a copy
   */
  public static JsonObject decorate(JsonObject document, ShieldEngine engine) {
    JsonObject copy = document.copy();
    if (copy.getValue("paths") instanceof JsonObject paths
        && engine instanceof EngineInternals.Holder made) {
      Snapshot snapshot = engine.snapshot();
      Instant now = made.internals().clock().instant();
      for (String path : List.copyOf(paths.fieldNames())) {
        if (paths.getValue(path) instanceof JsonObject item) {
          decorate(path, item, snapshot, made.internals().gates(), now);
          if (isEmpty(item)) {
            paths.remove(path);
          }
        }
      }
    }
    return copy;
  }

  private static void decorate(
      String path, JsonObject item, Snapshot snapshot, Gates gates, Instant now) {
    String template = path.replaceAll("\\{([^/{}]+)}", ":$1");
    for (String method : List.copyOf(item.fieldNames())) {
      if (METHODS.contains(method) && item.getValue(method) instanceof JsonObject operation) {
        String name = method.toUpperCase(Locale.ROOT);
        RouteState state = Decider.stateOf(snapshot, name, template);
        if (state != null) {
          decorate(item, method, operation, InForce.of(gates, state, now), state.reason());
        }
      }
    }
  }

  private static void decorate(
      JsonObject item, String method, JsonObject operation, InForce inForce, String reason) {
    RouteStatus status = inForce.status();
    boolean hidden =
        status == RouteStatus.DISABLED || inForce.decision() instanceof Decision.EnvGated;
    if (hidden) {
      item.remove(method);
    } else if (status != RouteStatus.ACTIVE && status != RouteStatus.ENV_GATED) {
      String why =
          inForce.decision() instanceof Decision.Maintenance closed ? closed.reason() : reason;
      operation.put(STATUS, status.wireName());
      if (!why.isEmpty()) {
        operation.put(REASON, why);
      }
      if (status == RouteStatus.DEPRECATED) {
        operation.put("deprecated", true);
      }
    }
  }

  /** Whether nothing is left that could be called. */
  private static boolean isEmpty(JsonObject item) {
    return item.fieldNames().stream()
        .noneMatch(name -> METHODS.contains(name) || name.equals("$ref"));
  }
}
