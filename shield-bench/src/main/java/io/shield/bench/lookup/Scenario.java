package io.shield.bench.lookup;

import java.util.List;

/** The requests of one kind to an API of one size. */
final class Scenario {
  private final String kind;
  private final SampleApi api;
  private final Requests requests;

  /**
   * Chooses the requests.
   *
   * @param kind {@code static}, {@code template} or {@code unknown}
   * @param routes the number of routes of all kinds
   */
  Scenario(String kind, int routes) {
    this.kind = kind;
    this.api = new SampleApi(routes);
    this.requests = new Requests(asked().stream().map(this::path).toList());
  }

  SampleApi api() {
    return api;
  }

  /** The routes the requests are made from. */
  List<SampleRoute> asked() {
    return switch (kind) {
      case "static" -> api.routes().stream().filter(route -> !route.isTemplate()).toList();
      case "template" -> api.routes().stream().filter(SampleRoute::isTemplate).toList();
      default -> api.routes();
    };
  }

  /** Whether there are routes for the requests. */
  boolean isKnown() {
    return !kind.equals("unknown");
  }

  /** The path of the request made from a route. */
  String path(SampleRoute route) {
    return isKnown() ? route.request() : route.unknownRequest();
  }

  String nextPath() {
    return requests.next();
  }
}
