package io.shield;

/** Something registered that can be taken back. */
public interface Registration extends AutoCloseable {
  /** Takes it back. Idempotent. */
  @Override
  void close();
}
