package io.shield.admin.impl;

import io.shield.internal.EngineInternals;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;

/**
 * One row of the table from which the router is made: there is no endpoint without its role.
 *
 * @param method the method
 * @param path the path as a template of Vert.x, below the mount point
 * @param access who may call it
 * @param action what it does
 */
record Endpoint(HttpMethod method, String path, Access access, Action action) {
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
    return new Endpoint(HttpMethod.GET, path, access, action);
  }

  static Endpoint post(String path, Access access, Action action) {
    return new Endpoint(HttpMethod.POST, path, access, action);
  }

  static Endpoint patch(String path, Access access, Action action) {
    return new Endpoint(HttpMethod.PATCH, path, access, action);
  }

  static Endpoint delete(String path, Access access, Action action) {
    return new Endpoint(HttpMethod.DELETE, path, access, action);
  }
}
