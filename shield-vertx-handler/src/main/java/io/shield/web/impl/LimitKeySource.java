package io.shield.web.impl;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The keys that an application computes for its limits. */
public final class LimitKeySource {
  private LimitKeySource() {}

  /** A key that is known at once, as one that may be known later. */
  public static Function<RoutingContext, Future<@Nullable String>> now(
      Function<RoutingContext, @Nullable String> source) {
    Objects.requireNonNull(source, "limitKey");
    return ctx -> Future.succeededFuture(source.apply(ctx));
  }
}
