package io.shield;

import io.shield.decision.Cidr;
import io.shield.error.InvalidValueException;
import io.shield.internal.value.Checks;
import io.shield.internal.value.Successors;
import io.shield.json.Times;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RouteState;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What can be done to a route. */
public sealed interface RouteAction {
  /**
   * Serve it again: clears window, {@code until}, canary, sunset and successor, and whom only the
   * closed route let pass.
   *
   * @param reason why, may be empty
   */
  record Enable(String reason) implements RouteAction {
    public Enable {
      checkReason(reason);
    }
  }

  /**
   * Whom a closed route lets pass until it is opened again; then whom its code declares. Without a
   * word about it a route that is closed already goes on letting the same callers pass.
   *
   * @param ips addresses and CIDR blocks; empty for none, null for no word about them
   * @param roles roles; empty for none, null for no word about them
   */
  record Allow(@Nullable List<String> ips, @Nullable List<String> roles) {
    /** No word about it. */
    public static final Allow AS_BEFORE = new Allow(null, null);

    public Allow {
      ips = ips == null ? null : List.copyOf(new LinkedHashSet<>(ips));
      roles = roles == null ? null : List.copyOf(new LinkedHashSet<>(roles));
      if (ips != null) {
        ips.forEach(block -> Cidr.parse("allowed_ips", block));
      }
    }
  }

  /**
   * Switch it off; a planned window stays.
   *
   * @param reason why, may be empty
   * @param until when it is active again, or null for "until enabled"; must lie in the future
   * @param allow whom it lets pass nevertheless
   */
  record Disable(String reason, @Nullable Instant until, Allow allow) implements RouteAction {
    public Disable {
      checkReason(reason);
      Objects.requireNonNull(allow, "allow");
    }

    /** Without a word about who passes. */
    public Disable(String reason, @Nullable Instant until) {
      this(reason, until, Allow.AS_BEFORE);
    }
  }

  /**
   * Close it for maintenance now; clears the window.
   *
   * @param reason why, may be empty
   * @param until when it is active again, or null for "until enabled"; must lie in the future
   * @param allow whom it lets pass nevertheless
   */
  record Maintenance(String reason, @Nullable Instant until, Allow allow) implements RouteAction {
    public Maintenance {
      checkReason(reason);
      Objects.requireNonNull(allow, "allow");
    }

    /** Without a word about who passes. */
    public Maintenance(String reason, @Nullable Instant until) {
      this(reason, until, Allow.AS_BEFORE);
    }
  }

  /**
   * Plan a maintenance: only windows and reason change. It is a conflict while the route is under
   * maintenance without a window, and while a window is in force and this one has not begun: either
   * would open the route before. On a disabled route a window that has begun sets {@code until} to
   * its end instead.
   *
   * @param window when; must end in the future
   * @param allow whom it lets pass nevertheless
   * @param add whether it comes beside those that are planned, which it must not overlap, instead
   *     of replacing them
   */
  record Schedule(MaintenanceWindow window, Allow allow, boolean add) implements RouteAction {
    public Schedule {
      Objects.requireNonNull(window, "window");
      Objects.requireNonNull(allow, "allow");
    }

    /** Instead of what is planned. */
    public Schedule(MaintenanceWindow window, Allow allow) {
      this(window, allow, false);
    }

    /** Instead of what is planned, without a word about who passes. */
    public Schedule(MaintenanceWindow window) {
      this(window, Allow.AS_BEFORE);
    }
  }

  /**
   * Remove the planned windows. A route that was stored as under maintenance together with its
   * window becomes active. Without a window nothing changes and nothing is committed.
   *
   * @param reason why, may be empty
   */
  record CancelSchedule(String reason) implements RouteAction {
    public CancelSchedule {
      checkReason(reason);
    }
  }

  /**
   * Open it in some environments only; a planned window stays.
   *
   * @param envs at least one environment
   * @param reason why, or null to keep the reason of a gate or a planned window that is there
   * @param until when it is active everywhere again, or null; must lie in the future
   * @param allow whom it lets pass nevertheless
   */
  record EnvGate(List<String> envs, @Nullable String reason, @Nullable Instant until, Allow allow)
      implements RouteAction {
    public EnvGate {
      if (envs.isEmpty()) {
        throw new InvalidValueException("envs", "[]", "a list of at least one environment");
      }
      envs = List.copyOf(new LinkedHashSet<>(envs));
      envs.forEach(env -> Checks.visible("envs", env));
      if (reason != null) {
        checkReason(reason);
      }
      Objects.requireNonNull(allow, "allow");
    }

    /** Without a word about who passes. */
    public EnvGate(List<String> envs, @Nullable String reason, @Nullable Instant until) {
      this(envs, reason, until, Allow.AS_BEFORE);
    }
  }

  /**
   * Serve it with deprecation headers; a planned window stays.
   *
   * @param sunsetDate when it will go, an HTTP-date or ISO-8601 time, or null
   * @param successorPath what replaces it, or null
   * @param reason why, may be empty
   * @param until when it is plainly active again, or null; must lie in the future
   */
  record Deprecate(
      @Nullable String sunsetDate,
      @Nullable String successorPath,
      String reason,
      @Nullable Instant until)
      implements RouteAction {
    public Deprecate {
      checkReason(reason);
      if (sunsetDate != null) {
        sunsetDate = Times.httpDate(Times.parseDate("sunset_date", sunsetDate));
      }
      if (successorPath != null) {
        Successors.check(successorPath);
      }
    }
  }

  /**
   * Let a share of callers pass while the route is closed. Of one that was closed for a time this
   * is forgotten when it is over: the next closing lets none pass.
   *
   * @param percentage 0 to 100; the same callers pass on every node, and raising it drops nobody
   * @param reason why, may be empty
   */
  record Canary(int percentage, String reason) implements RouteAction {
    public Canary {
      checkReason(reason);
      if (percentage < 0 || percentage > 100) {
        throw new InvalidValueException("percentage", percentage, "between 0 and 100");
      }
    }
  }

  /**
   * Put back what a route was. Its key, its service, and whether it is force-active stay what they
   * are.
   *
   * @param state what it was; null for a method that had no state of its own and followed that of
   *     all methods, as it does again then
   * @param reason why it is put back, for the audit log; may be empty
   */
  record Restore(@Nullable RouteState state, String reason) implements RouteAction {
    public Restore {
      checkReason(reason);
    }
  }

  private static void checkReason(String reason) {
    Objects.requireNonNull(reason, "reason");
    if (reason.length() > RouteState.MAX_REASON_LENGTH) {
      throw new InvalidValueException(
          "reason", reason, "at most " + RouteState.MAX_REASON_LENGTH + " characters");
    }
  }
}
