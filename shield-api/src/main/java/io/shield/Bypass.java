package io.shield;

/** A scope in which Shield does not enforce. */
public interface Bypass extends AutoCloseable {
  /** Enforces again, when no other scope is open. Idempotent. */
  @Override
  void close();
}
