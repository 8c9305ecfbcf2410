package io.shield.bench.limits;

import io.shield.internal.limit.key.LimitKeys.LimitCaller;
import org.jspecify.annotations.Nullable;

/** A caller of whom nothing but where it calls from is known. */
interface Stranger extends LimitCaller {
  @Override
  default @Nullable String user() {
    return null;
  }

  @Override
  default @Nullable String apiKey() {
    return null;
  }

  @Override
  default boolean hasRole(String role) {
    return false;
  }

  @Override
  default @Nullable String plan(String attribute) {
    return null;
  }

  @Override
  default @Nullable String customKey() {
    return null;
  }
}
