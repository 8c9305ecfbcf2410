package io.shield.spi;

/** What a store knows of whether one head of its present epoch came from an earlier one. */
public enum Descent {
  /** It had both commits. */
  PROVEN,
  /** It had others: the store was set back, and may have gone on from there. */
  DENIED,
  /** It does not remember so far back. */
  FORGOTTEN
}
