package io.shield.cli.control;

/** What can be done to the rate limit of the fleet or of a service. */
public enum WideLimitAction {
  /** Put a paused one into force again. */
  ENABLE,
  /** Pause it. */
  DISABLE,
  /** Forget what it counted. */
  RESET,
  /** Delete it. */
  DELETE
}
