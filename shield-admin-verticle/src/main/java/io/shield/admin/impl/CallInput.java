package io.shield.admin.impl;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the values of a call stand: in a request of the API, or in a form that means one. */
interface CallInput {
  /** The values of a query parameter. */
  List<String> parameters(String name);

  /** A parameter of the endpoint's path, or null. */
  @Nullable String pathParameter(String name);

  /** The header {@code If-Match}, or null. */
  @Nullable String ifMatch();

  /** The JSON text of the body, or null. */
  @Nullable Buffer body();

  /** The values of a request. */
  static CallInput of(RoutingContext ctx) {
    return new CallInput() {
      @Override
      public List<String> parameters(String name) {
        return ctx.queryParams().getAll(name);
      }

      @Override
      public @Nullable String pathParameter(String name) {
        return ctx.pathParam(name);
      }

      @Override
      public @Nullable String ifMatch() {
        return ctx.request().getHeader("If-Match");
      }

      @Override
      public @Nullable Buffer body() {
        return ctx.body() == null ? null : ctx.body().buffer();
      }
    };
  }
}
