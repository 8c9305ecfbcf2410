package io.shield;

import io.shield.error.VersionMismatchException;
import io.shield.model.OpaqueDocument;
import io.shield.model.store.Versioned;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Small documents kept beside the state, each written by compare-and-set. They bring no audit
 * entries. Names that Shield uses itself begin with {@code edge:}, {@code registered:}, {@code
 * setting:} and {@code reset:}.
 */
public interface Documents {
  /** A document as this node knows it. */
  Optional<Versioned<OpaqueDocument>> get(String name);

  /**
   * Writes a document.
   *
   * @param expectedVersion the version it must have, 0 if it must be absent
   * @return fails with {@link VersionMismatchException} if it has another
   */
  Future<Versioned<OpaqueDocument>> put(String name, String content, long expectedVersion);

  /**
   * Deletes a document.
   *
   * @param expectedVersion the version it must have, at least 1
   * @return fails with {@link VersionMismatchException} if it has another
   */
  Future<Void> delete(String name, long expectedVersion);
}
