package io.shield;

import io.shield.model.MaintenanceMode;
import io.shield.model.audit.Actor;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * The maintenance of the whole fleet and of single services. Changes fail as those of {@link
 * Routes} do.
 *
 * <pre>{@code
 * MaintenanceMode mode = new MaintenanceMode(true, "upgrade", List.of("/health"), false);
 * engine.maintenance().setGlobal(mode, Actor.of("alice", "deployment"));
 * }</pre>
 */
public interface Maintenance {
  /** The fleet's maintenance. */
  MaintenanceMode global();

  /** A service's maintenance. */
  MaintenanceMode service(String service);

  /** Closes every route that is not force-active. */
  default Future<MaintenanceMode> enableGlobal(Actor actor, String reason) {
    return setGlobal(MaintenanceMode.on(reason), actor);
  }

  /** Ends the fleet's maintenance and forgets its exempt paths. */
  default Future<MaintenanceMode> disableGlobal(Actor actor) {
    return setGlobal(MaintenanceMode.OFF, actor);
  }

  /**
   * Sets the fleet's maintenance.
   *
   * @param mode exempt paths must be bare paths or route keys
   */
  default Future<MaintenanceMode> setGlobal(MaintenanceMode mode, Actor actor) {
    return setGlobal(mode, actor, null);
  }

  /**
   * Sets the fleet's maintenance.
   *
   * @param mode exempt paths must be bare paths or route keys
   * @param ifVersion the version it must have, 0 if it was never set, or null for any
   */
  Future<MaintenanceMode> setGlobal(MaintenanceMode mode, Actor actor, @Nullable Long ifVersion);

  /** Closes every route of a service that is not force-active. */
  default Future<MaintenanceMode> enableService(String service, Actor actor, String reason) {
    return setService(service, MaintenanceMode.on(reason), actor);
  }

  /** Ends a service's maintenance and forgets its exempt paths. */
  default Future<MaintenanceMode> disableService(String service, Actor actor) {
    return setService(service, MaintenanceMode.OFF, actor);
  }

  /**
   * Sets a service's maintenance.
   *
   * @param mode exempt paths must be bare paths or route keys
   */
  default Future<MaintenanceMode> setService(String service, MaintenanceMode mode, Actor actor) {
    return setService(service, mode, actor, null);
  }

  /**
   * Sets a service's maintenance.
   *
   * @param mode exempt paths must be bare paths or route keys
   * @param ifVersion the version it must have, 0 if it was never set, or null for any
   */
  Future<MaintenanceMode> setService(
      String service, MaintenanceMode mode, Actor actor, @Nullable Long ifVersion);
}
