package io.shield.bench.limits;

import io.shield.internal.limit.key.LimitKeys.LimitCaller;
import org.jspecify.annotations.Nullable;

/** A caller of whom nothing but the address is known. */
public record AddressCaller(String address) implements LimitCaller {
  @Override
  public @Nullable String user() {
    return null;
  }

  @Override
  public @Nullable String apiKey() {
    return null;
  }

  @Override
  public boolean hasRole(String role) {
    return false;
  }

  @Override
  public @Nullable String plan(String attribute) {
    return null;
  }

  @Override
  public @Nullable String customKey() {
    return null;
  }
}
