package io.shield.decision;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A caller of whom a test says what is known; what is not said is not known. */
final class TestCaller implements Caller {
  private @Nullable String user;
  private @Nullable String apiKey;
  private @Nullable String address;
  private Set<String> roles = Set.of();

  TestCaller user(String value) {
    user = value;
    return this;
  }

  TestCaller apiKey(String value) {
    apiKey = value;
    return this;
  }

  TestCaller address(String value) {
    address = value;
    return this;
  }

  TestCaller roles(String... values) {
    roles = Set.of(values);
    return this;
  }

  @Override
  public @Nullable String user() {
    return user;
  }

  @Override
  public boolean hasRole(String role) {
    return roles.contains(role);
  }

  @Override
  public @Nullable String apiKey() {
    return apiKey;
  }

  @Override
  public @Nullable String address() {
    return address;
  }
}
