package io.shield;

/** A scope in which Shield does not enforce. */
public interface Bypass extends AutoCloseable {
  /** Enforces again, when no other scope is open. Idempotent. */
  @Override
  void close();

  /** What can be left unenforced. */
  enum Kind {
    /** States and maintenance: every route is active ({@code SHIELD_BYPASS_LIFECYCLE}). */
    LIFECYCLE,
    /** Rate limits ({@code SHIELD_BYPASS_RATE_LIMITS}). */
    RATE_LIMITS
  }
}
