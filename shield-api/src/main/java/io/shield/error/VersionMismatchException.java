package io.shield.error;

/** The caller named a version and the document has another; nothing was changed. */
public final class VersionMismatchException extends ShieldException {
  private static final long serialVersionUID = 1L;

  private final long actual;

  /**
   * @param name the route key or document
   * @param expected the version the caller named
   * @param actual the version it has; 0 = absent
   */
  public VersionMismatchException(String name, long expected, long actual) {
    super(name + " has version " + actual + ", not " + expected + ": somebody else changed it");
    this.actual = actual;
  }

  /** The version the document has; 0 = absent. */
  public long actual() {
    return actual;
  }
}
