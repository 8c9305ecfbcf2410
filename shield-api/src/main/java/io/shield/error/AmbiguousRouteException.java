package io.shield.error;

import java.util.List;

/** A bare path names several routes. */
public final class AmbiguousRouteException extends ShieldException {
  private static final long serialVersionUID = 1L;

  private final String[] matches;

  /**
   * @param route the bare path
   * @param matches the keys it could mean, at least two
   */
  public AmbiguousRouteException(String route, List<String> matches) {
    super(
        "Route '"
            + route
            + "' is ambiguous, it matches: "
            + String.join(", ", matches)
            + ". Specify the full key, e.g. "
            + matches.get(0)
            + ".");
    this.matches = matches.toArray(String[]::new);
  }

  /** The keys it could mean. */
  public List<String> matches() {
    return List.of(matches);
  }
}
