package io.shield.internal;

/** Marks what Shield itself serves: no maintenance and no limit may lock the operator out. */
public final class OutsideShield {
  /** The metadata of a router that enforcement leaves alone wherever it is mounted. */
  public static final String KEY = "io.shield.outside";

  private OutsideShield() {}
}
