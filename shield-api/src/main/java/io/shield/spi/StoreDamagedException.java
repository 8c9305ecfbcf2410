package io.shield.spi;

import io.shield.error.ShieldException;
import io.shield.model.store.Head;
import java.util.Objects;

/**
 * The store lost a part of what it holds. What is left is not believed: a node keeps what it knows,
 * and one that knows nothing does not start. An operator decides, see {@link ShieldBackend#renew}.
 */
public final class StoreDamagedException extends ShieldException {
  private static final long serialVersionUID = 1L;

  private final transient Head found;

  /**
   * @param found where the store says it is
   */
  public StoreDamagedException(String message, Head found) {
    super(message);
    this.found = Objects.requireNonNull(found, "found");
  }

  /** Where the store says it is. */
  public Head found() {
    return found;
  }
}
