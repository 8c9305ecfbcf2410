package io.shield;

/** What can be left unenforced. */
public enum BypassKind {
  /** States and maintenance: every route is active ({@code SHIELD_BYPASS_LIFECYCLE}). */
  LIFECYCLE,
  /** Rate limits ({@code SHIELD_BYPASS_RATE_LIMITS}). */
  RATE_LIMITS
}
