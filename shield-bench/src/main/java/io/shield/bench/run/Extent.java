package io.shield.bench.run;

/** How long a run takes. */
public enum Extent {
  /** Under a minute or two: does it run, and about where do the figures lie. */
  QUICK,

  /** Figures to keep. */
  FULL,

  /** An hour where time is what is measured, else as {@link #FULL}. */
  LONG;

  /** Whether figures may be rough. */
  public boolean isQuick() {
    return this == QUICK;
  }
}
