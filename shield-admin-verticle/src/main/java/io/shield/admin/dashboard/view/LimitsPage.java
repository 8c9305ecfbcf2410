package io.shield.admin.dashboard.view;

import java.util.List;

/**
 * The rate limits.
 *
 * @param services all that there are, to choose from
 * @param service whose limits are shown; empty for all
 * @param wide those of the fleet and of services
 * @param policies those of routes
 * @param unprotected routes without any, the first of them
 * @param unprotectedCount how many there are
 * @param hits who ran into a limit
 * @param hitsPager which of them those are
 */
public record LimitsPage(
    List<String> services,
    String service,
    List<Wide> wide,
    List<Policy> policies,
    List<Unprotected> unprotected,
    int unprotectedCount,
    List<Hit> hits,
    Pager hitsPager) {
  public LimitsPage {
    services = List.copyOf(services);
    wide = List.copyOf(wide);
    policies = List.copyOf(policies);
    unprotected = List.copyOf(unprotected);
    hits = List.copyOf(hits);
  }

  /**
   * The limit of the fleet or of a service.
   *
   * @param id names its card
   * @param key its key in forms
   * @param name what it is of
   * @param status whether it is in force; its label is empty if there is none
   * @param limit how much is let through
   * @param details how it counts
   */
  public record Wide(
      String id, String key, String name, Status status, String limit, String details) {
    /** Whether there is one. */
    public boolean isSet() {
      return !status.label().isEmpty();
    }
  }

  /**
   * The limit of a route.
   *
   * @param id names the row
   * @param key its key
   * @param status whether it is in force
   * @param limit how much is let through
   * @param details how it counts
   * @param tiers other limits for some, or empty
   * @param paused whether it is paused
   */
  public record Policy(
      String id,
      String key,
      Status status,
      String limit,
      String details,
      String tiers,
      boolean paused) {}

  /**
   * Refusals of one key.
   *
   * @param last when the last one was
   * @param route the route's template with its method
   * @param key who
   * @param limit which limit
   * @param scope whose limit it is, in words; empty if that is not known
   * @param count how often
   * @param shadow whether it would only have been refused
   */
  public record Hit(
      When last,
      String route,
      String key,
      String limit,
      String scope,
      long count,
      boolean shadow) {}

  /**
   * A route without a limit of its own.
   *
   * @param id names its button
   * @param route the route key
   * @param key the key that a limit of it has
   * @param status what a request gets now
   */
  public record Unprotected(String id, String route, String key, Status status) {}
}
