package io.shield.admin.impl;

import io.shield.internal.EngineInternals;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.stream.Stream;

/**
 * One row of the table from which the router is made: there is no endpoint without its role.
 *
 * @param method the method
 * @param path the path as a template of Vert.x, below the mount point
 * @param access who may call it
 * @param action what it does
 * @param query the query parameters that it reads, in the order in which people read of them
 */
record Endpoint(HttpMethod method, String path, Access access, Action action, List<String> query) {
  /** The parameters of a list. */
  private static final List<String> PART = List.of("limit", "offset");

  /** What an endpoint does with a request that was let in. */
  @FunctionalInterface
  interface Action {
    /** Answers; a failure, or an exception, is rendered by {@link Errors}. */
    Future<Answer> answer(Call call);
  }

  /**
   * Answers a call. One on a condition is judged by what the store holds: the caller may have seen
   * it at another node, of which this one has not heard yet.
   */
  Future<Answer> answer(Call call, EngineInternals engine) {
    return call.ifMatch() == null || method.equals(HttpMethod.GET)
        ? action.answer(call)
        : engine.drawLevel().compose(v -> action.answer(call));
  }

  static Endpoint get(String path, Access access, Action action) {
    return new Endpoint(HttpMethod.GET, path, access, action, List.of());
  }

  static Endpoint post(String path, Access access, Action action) {
    return new Endpoint(HttpMethod.POST, path, access, action, List.of());
  }

  static Endpoint patch(String path, Access access, Action action) {
    return new Endpoint(HttpMethod.PATCH, path, access, action, List.of());
  }

  static Endpoint delete(String path, Access access, Action action) {
    return new Endpoint(HttpMethod.DELETE, path, access, action, List.of());
  }

  /** The same, reading query parameters. */
  Endpoint reads(String... parameters) {
    return new Endpoint(method, path, access, action, List.of(parameters));
  }

  /** The same, answering a part of a list. */
  Endpoint listing(String... parameters) {
    List<String> all = Stream.concat(Stream.of(parameters), PART.stream()).toList();
    return new Endpoint(method, path, access, action, all);
  }
}
