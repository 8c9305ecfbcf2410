package io.shield.spi;

import java.util.List;
import java.util.Objects;

/**
 * Where the present epoch of a store comes from.
 *
 * @param epoch the present epoch
 * @param ancestors the epochs it was made to follow by an operator's {@link ShieldBackend#renew}: a
 *     node that holds one of them believes the present one
 */
public record Lineage(String epoch, List<String> ancestors) {
  public Lineage {
    Objects.requireNonNull(epoch, "epoch");
    ancestors = List.copyOf(ancestors);
  }

  /** What a store knows of whether one head of its present epoch came from an earlier one. */
  public enum Descent {
    /** It had both commits. */
    PROVEN,
    /** It had others: the store was set back, and may have gone on from there. */
    DENIED,
    /** It does not remember so far back. */
    FORGOTTEN
  }
}
