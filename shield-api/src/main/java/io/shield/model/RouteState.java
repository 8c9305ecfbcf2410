package io.shield.model;

import io.shield.error.InvalidValueException;
import io.shield.internal.value.Checks;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is stored about one route. What it means at a moment is {@code
 * io.shield.decision.EffectiveStatus}.
 *
 * @param path the route key, or the reserved path of a document kept in the form of a state
 * @param service the owning service, or null
 * @param status the stored status
 * @param reason why, shown to clients of a closed route
 * @param allowedEnvs the environments in which an environment-gated route is open
 * @param allowedRoles roles whose holders pass the closed gate
 * @param allowedIps addresses or CIDR blocks that pass the closed gate
 * @param declaredAllowed whom the code lets pass, while {@code allowedRoles} and {@code allowedIps}
 *     were given at run time; else null
 * @param window a planned maintenance, or null
 * @param laterWindows further planned maintenances, in order, none before the end of the one before
 *     it; with {@code window} at most {@link #MAX_WINDOWS}
 * @param sunsetDate when a deprecated route will go: an HTTP-date or an ISO-8601 time, or null
 * @param successorPath what replaces a deprecated route, or null
 * @param rolloutPercentage 0 to 100; kept for the original's sake, never evaluated
 * @param forceActive whether the route is active whatever else is stored
 * @param until when the stored status ends and the route is active again, or null
 * @param canaryPercentage the share of callers, 0 to 100, that pass the closed gate
 * @param deprecatedAt when the route became deprecated, or null
 * @param since when the stored status, window or {@code until} was last set, or null if unknown
 * @param version the revision of the commit that last wrote this state; 0 before its first commit
 * @param origin whether code or a person at run time decided
 */
public record RouteState(
    String path,
    @Nullable String service,
    RouteStatus status,
    String reason,
    List<String> allowedEnvs,
    List<String> allowedRoles,
    List<String> allowedIps,
    @Nullable AllowedCallers declaredAllowed,
    @Nullable MaintenanceWindow window,
    List<MaintenanceWindow> laterWindows,
    @Nullable String sunsetDate,
    @Nullable String successorPath,
    int rolloutPercentage,
    boolean forceActive,
    @Nullable Instant until,
    int canaryPercentage,
    @Nullable Instant deprecatedAt,
    @Nullable Instant since,
    long version,
    Origin origin)
    implements DocumentValue {
  /** The longest reason of a route, in characters. */
  public static final int MAX_REASON_LENGTH = 4096;

  /** The earliest time that any field can hold; an earlier one is a mistake. */
  public static final Instant EARLIEST = Checks.EARLIEST;

  /** The latest time that any field can hold: later ones cannot be written with four digits. */
  public static final Instant LATEST = Checks.LATEST;

  /** How many maintenances may be planned for one route. */
  public static final int MAX_WINDOWS = 100;

  private static final int MAX_LIST = 1000;
  private static final int MAX_NAME = 200;

  public RouteState {
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(origin, "origin");
    if (RouteKey.isReserved(path)) {
      Checks.nonEmptyLine("path", path, RouteKey.MAX_LENGTH);
      Checks.encodable("reason", reason);
    } else {
      RouteKey.parse(path);
      Checks.text("reason", reason, MAX_REASON_LENGTH);
    }
    Checks.optionalLine("service", service, MAX_NAME);
    allowedEnvs = Checks.names("allowed_envs", allowedEnvs, MAX_LIST, MAX_NAME);
    allowedRoles = Checks.names("allowed_roles", allowedRoles, MAX_LIST, MAX_NAME);
    allowedIps = Checks.names("allowed_ips", allowedIps, MAX_LIST, MAX_NAME);
    laterWindows = List.copyOf(laterWindows);
    checkOrder(window, laterWindows);
    Checks.optionalLine("sunset_date", sunsetDate, MAX_NAME);
    Checks.optionalLine("successor_path", successorPath, 2048);
    Checks.range("rollout_percentage", rolloutPercentage, 0, 100);
    Checks.optionalTime("until", until);
    Checks.range("canary_percentage", canaryPercentage, 0, 100);
    Checks.optionalTime("deprecated_at", deprecatedAt);
    Checks.optionalTime("since", since);
    Checks.atLeast("version", version, 0);
  }

  /** Whom the gate lets pass now that it is closed, or would. */
  public AllowedCallers allowed() {
    return new AllowedCallers(allowedIps, allowedRoles);
  }

  private static void checkOrder(
      @Nullable MaintenanceWindow window, List<MaintenanceWindow> later) {
    MaintenanceWindow before = window;
    for (MaintenanceWindow next : later) {
      if (before == null || next.start().isBefore(before.end())) {
        throw new InvalidValueException(
            "windows", next.start(), "in order, and none before the end of the one before it");
      }
      before = next;
    }
    Checks.range("windows", later.size() + 1, 0, MAX_WINDOWS);
  }

  /** All planned maintenances, in order. */
  public List<MaintenanceWindow> windows() {
    if (window == null) {
      return List.of();
    }
    return laterWindows.isEmpty()
        ? List.of(window)
        : Stream.concat(Stream.of(window), laterWindows.stream()).toList();
  }

  /** The window in force at a moment, or else the next one, or else the last; null if none. */
  public @Nullable MaintenanceWindow windowAt(Instant now) {
    MaintenanceWindow found = window;
    for (MaintenanceWindow later : laterWindows) {
      if (found != null && now.isBefore(found.end())) {
        return found;
      }
      found = later;
    }
    return found;
  }

  /** Whether a window is in force at a moment. */
  public boolean isInWindow(Instant now) {
    MaintenanceWindow at = windowAt(now);
    return at != null && at.contains(now);
  }

  /** An active route that code declares, with nothing else set. */
  public static RouteState active(String key) {
    return builder(key).build();
  }

  /** Starts a state that is active, declared by code, with nothing else set. */
  public static Builder builder(String key) {
    return new Builder(key);
  }

  /** Starts from a copy of this state. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** The parsed key of a route's state. */
  public RouteKey key() {
    return RouteKey.parse(path);
  }

  /** The same state as the commit of the given revision wrote it. */
  public RouteState withVersion(long revision) {
    return revision == version ? this : toBuilder().version(revision).build();
  }

  // Written out: linking what the compiler would make for so many components takes longer than all
  // else that a state costs while an application starts.
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof RouteState state
            && path.equals(state.path)
            && version == state.version
            && status == state.status
            && origin == state.origin
            && forceActive == state.forceActive
            && rolloutPercentage == state.rolloutPercentage
            && canaryPercentage == state.canaryPercentage
            && reason.equals(state.reason)
            && Objects.equals(service, state.service)
            && allowedEnvs.equals(state.allowedEnvs)
            && allowedRoles.equals(state.allowedRoles)
            && allowedIps.equals(state.allowedIps)
            && Objects.equals(declaredAllowed, state.declaredAllowed)
            && Objects.equals(window, state.window)
            && laterWindows.equals(state.laterWindows)
            && Objects.equals(sunsetDate, state.sunsetDate)
            && Objects.equals(successorPath, state.successorPath)
            && Objects.equals(until, state.until)
            && Objects.equals(deprecatedAt, state.deprecatedAt)
            && Objects.equals(since, state.since));
  }

  @Override
  public int hashCode() {
    return 31 * path.hashCode() + Long.hashCode(version);
  }

  /** Collects the fields of a state; {@link #build} validates them. Not thread-safe. */
  public static final class Builder {
    private String path;
    private @Nullable String service;
    private RouteStatus status = RouteStatus.ACTIVE;
    private String reason = "";
    private List<String> allowedEnvs = List.of();
    private List<String> allowedRoles = List.of();
    private List<String> allowedIps = List.of();
    private @Nullable AllowedCallers declaredAllowed;
    private @Nullable MaintenanceWindow window;
    private List<MaintenanceWindow> laterWindows = List.of();
    private @Nullable String sunsetDate;
    private @Nullable String successorPath;
    private int rolloutPercentage = 100;
    private boolean forceActive;
    private @Nullable Instant until;
    private int canaryPercentage;
    private @Nullable Instant deprecatedAt;
    private @Nullable Instant since;
    private long version;
    private Origin origin = Origin.CODE;

    private Builder(String path) {
      this.path = Objects.requireNonNull(path, "path");
    }

    private Builder(RouteState from) {
      path = from.path;
      service = from.service;
      status = from.status;
      reason = from.reason;
      allowedEnvs = from.allowedEnvs;
      allowedRoles = from.allowedRoles;
      allowedIps = from.allowedIps;
      declaredAllowed = from.declaredAllowed;
      window = from.window;
      laterWindows = from.laterWindows;
      sunsetDate = from.sunsetDate;
      successorPath = from.successorPath;
      rolloutPercentage = from.rolloutPercentage;
      forceActive = from.forceActive;
      until = from.until;
      canaryPercentage = from.canaryPercentage;
      deprecatedAt = from.deprecatedAt;
      since = from.since;
      version = from.version;
      origin = from.origin;
    }

    /** Sets {@link RouteState#path}. */
    public Builder path(String value) {
      path = value;
      return this;
    }

    /** Sets {@link RouteState#service}. */
    public Builder service(@Nullable String value) {
      service = value;
      return this;
    }

    /** Sets {@link RouteState#status}. */
    public Builder status(RouteStatus value) {
      status = value;
      return this;
    }

    /** Sets {@link RouteState#reason}. */
    public Builder reason(String value) {
      reason = value;
      return this;
    }

    /** Sets {@link RouteState#allowedEnvs}. */
    public Builder allowedEnvs(List<String> value) {
      allowedEnvs = value;
      return this;
    }

    /** Sets {@link RouteState#allowedRoles}. */
    public Builder allowedRoles(List<String> value) {
      allowedRoles = value;
      return this;
    }

    /** Sets {@link RouteState#allowedIps}. */
    public Builder allowedIps(List<String> value) {
      allowedIps = value;
      return this;
    }

    /** Sets {@link RouteState#declaredAllowed}. */
    public Builder declaredAllowed(@Nullable AllowedCallers value) {
      declaredAllowed = value;
      return this;
    }

    /** Sets the one planned maintenance, or none. */
    public Builder window(@Nullable MaintenanceWindow value) {
      window = value;
      laterWindows = List.of();
      return this;
    }

    /** Sets {@link RouteState#windows}, in any order. */
    public Builder windows(List<MaintenanceWindow> values) {
      List<MaintenanceWindow> sorted =
          values.stream().sorted(Comparator.comparing(MaintenanceWindow::start)).toList();
      window = sorted.isEmpty() ? null : sorted.get(0);
      laterWindows = sorted.isEmpty() ? List.of() : sorted.subList(1, sorted.size());
      return this;
    }

    /** Sets {@link RouteState#sunsetDate}. */
    public Builder sunsetDate(@Nullable String value) {
      sunsetDate = value;
      return this;
    }

    /** Sets {@link RouteState#successorPath}. */
    public Builder successorPath(@Nullable String value) {
      successorPath = value;
      return this;
    }

    /** Sets {@link RouteState#rolloutPercentage}. */
    public Builder rolloutPercentage(int value) {
      rolloutPercentage = value;
      return this;
    }

    /** Sets {@link RouteState#forceActive}. */
    public Builder forceActive(boolean value) {
      forceActive = value;
      return this;
    }

    /** Sets {@link RouteState#until}. */
    public Builder until(@Nullable Instant value) {
      until = value;
      return this;
    }

    /** Sets {@link RouteState#canaryPercentage}. */
    public Builder canaryPercentage(int value) {
      canaryPercentage = value;
      return this;
    }

    /** Sets {@link RouteState#deprecatedAt}. */
    public Builder deprecatedAt(@Nullable Instant value) {
      deprecatedAt = value;
      return this;
    }

    /** Sets {@link RouteState#since}. */
    public Builder since(@Nullable Instant value) {
      since = value;
      return this;
    }

    /** Sets {@link RouteState#version}. */
    public Builder version(long value) {
      version = value;
      return this;
    }

    /** Sets {@link RouteState#origin}. */
    public Builder origin(Origin value) {
      origin = value;
      return this;
    }

    /**
     * The state.
     *
     * @throws InvalidValueException if a field is not allowed
     */
    public RouteState build() {
      return new RouteState(
          path,
          service,
          status,
          reason,
          allowedEnvs,
          allowedRoles,
          allowedIps,
          declaredAllowed,
          window,
          laterWindows,
          sunsetDate,
          successorPath,
          rolloutPercentage,
          forceActive,
          until,
          canaryPercentage,
          deprecatedAt,
          since,
          version,
          origin);
    }
  }

  /**
   * Callers that pass a route's closed gate.
   *
   * @param ips addresses or CIDR blocks, at most 1000
   * @param roles roles, at most 1000
   */
  public record AllowedCallers(List<String> ips, List<String> roles) {
    static final int MAX_COUNT = 1000;
    static final int MAX_LENGTH = 200;

    public AllowedCallers {
      ips = Checks.names("allowed_ips", ips, MAX_COUNT, MAX_LENGTH);
      roles = Checks.names("allowed_roles", roles, MAX_COUNT, MAX_LENGTH);
    }
  }
}
