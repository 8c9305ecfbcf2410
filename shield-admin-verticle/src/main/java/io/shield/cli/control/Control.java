package io.shield.cli.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.DeclaredState;
import io.shield.RouteAction;
import io.shield.model.MaintenanceMode;
import io.shield.spi.AuditQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what Shield controls and changes it. Answers are JSON as the REST API shows it. Every
 * method blocks, and fails with a {@link io.shield.cli.terminal.CommandFailure} or a {@link
 * io.shield.error.ShieldException}.
 */
public interface Control extends AutoCloseable {
  /**
   * All routes.
   *
   * @param service only those of a service, or null
   */
  List<JsonNode> routes(@Nullable String service);

  /**
   * What overrides what routes say of themselves: maintenance of fleet or services, a bypass, a
   * store that is not followed. Each has {@code kind}, {@code service} and {@code reason}.
   */
  List<JsonNode> overrides();

  /** One route. */
  JsonNode route(String route);

  /**
   * Does something to a route.
   *
   * @param ifVersion the version the route must have, or null for any
   * @return its new state
   */
  JsonNode apply(String route, RouteAction action, @Nullable Long ifVersion);

  /**
   * Does something to several routes: to all or, but for servers that are too old for that, to
   * none.
   *
   * @return their new states
   */
  List<JsonNode> applyAll(List<String> routes, RouteAction action);

  /**
   * What would become of routes.
   *
   * @return the states they would have
   */
  List<JsonNode> preview(List<String> routes, RouteAction action);

  /**
   * Forgets a route that is gone.
   *
   * @param force whether to forget it whatever speaks against it
   */
  JsonNode forget(String route, boolean force, String reason);

  /**
   * The maintenance of a service.
   *
   * @param service the service, or null for the fleet
   */
  JsonNode maintenance(@Nullable String service);

  /** Sets the maintenance of a service, or of the fleet. */
  JsonNode setMaintenance(@Nullable String service, MaintenanceMode mode);

  /**
   * Sets the maintenance of a service, or of the fleet, unless somebody changed it since it was
   * read.
   *
   * @param seen what {@link #maintenance} answered last on this control
   */
  JsonNode setMaintenance(@Nullable String service, MaintenanceMode mode, JsonNode seen);

  /** The audit entries that match, newest first. */
  List<JsonNode> audit(AuditQuery query);

  /** The rate limits of routes. */
  List<JsonNode> rateLimits();

  /**
   * Sets the rate limit of a route, or changes some of its fields.
   *
   * @return the policy; where the server tells it, with what changed
   */
  JsonNode setRateLimit(RouteLimit limit, LimitChange change);

  /** Takes the rate limit of a route out of force, or puts it into force again. */
  JsonNode pauseRateLimit(RouteLimit limit, boolean paused);

  /** Forgets what was counted for a route. */
  JsonNode resetRateLimit(RouteLimit limit);

  /** Deletes the rate limit of a route. */
  JsonNode deleteRateLimit(RouteLimit limit);

  /**
   * Requests that were refused, newest first.
   *
   * @param route only those of a route, or null
   * @param limit how many at most
   */
  List<JsonNode> hits(@Nullable String route, int limit);

  /**
   * The rate limit of a service: {@code {"enabled": ..., "policy": ...}}.
   *
   * @param service the service, or null for the fleet
   */
  JsonNode wideLimit(@Nullable String service);

  /**
   * Sets the rate limit of a service, or of the fleet, or changes some of its fields.
   *
   * @return the policy; where the server tells it, with what changed
   */
  JsonNode setWideLimit(@Nullable String service, LimitChange change);

  /** Does something to the rate limit of a service, or of the fleet. */
  void changeWideLimit(@Nullable String service, WideLimitAction action);

  /**
   * What is to come, the next first, as the REST API has it.
   *
   * @param service only what belongs to a service, or null
   */
  List<JsonNode> schedule(@Nullable String service);

  /** What is configured, as a document. */
  JsonNode export(DeclaredState.Scope scope);

  /**
   * Brings a document into force, or tells what that would change.
   *
   * @return {@code count}, {@code entries} and {@code warnings}, as the REST API has them
   */
  JsonNode apply(JsonNode document, DeclaredState.Options options, boolean dryRun);

  @Override
  void close();
}
