package io.shield.web;

/** When requests are charged to their rate limits. */
public enum LimitTiming {
  /** By the handler that judges the route's state, after that. */
  NOW,
  /** By {@link ShieldHandler#limits}, which stands behind, after authentication for instance. */
  LATER
}
