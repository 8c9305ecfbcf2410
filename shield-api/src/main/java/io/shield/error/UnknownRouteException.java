package io.shield.error;

import java.util.List;

/** No route is known by a name. */
public final class UnknownRouteException extends ShieldException {
  private static final long serialVersionUID = 1L;

  private final String route;

  /**
   * @param route the name nobody knows
   * @param close known keys that resemble it, best first; may be empty
   */
  public UnknownRouteException(String route, List<String> close) {
    super(message(route, close));
    this.route = route;
  }

  private static String message(String route, List<String> close) {
    String hint =
        close.isEmpty()
            ? "Use 'shield status' to see all registered routes."
            : "Did you mean " + String.join(", ", close) + "?";
    return "Route '" + route + "' is not registered. " + hint;
  }

  /** The name nobody knows. */
  public String route() {
    return route;
  }
}
