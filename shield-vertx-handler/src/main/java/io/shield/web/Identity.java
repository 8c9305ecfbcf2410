package io.shield.web;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who sends a request.
 *
 * @param user the user's name, or null
 * @param roles the roles the user holds
 * @param plan the user's plan, or null
 */
public record Identity(@Nullable String user, Set<String> roles, @Nullable String plan) {
  /** Nobody known. */
  public static final Identity UNKNOWN = new Identity(null, Set.of(), null);

  public Identity {
    roles = Set.copyOf(roles);
  }

  /** A user with roles. */
  public static Identity of(String user, String... roles) {
    return new Identity(user, Set.of(roles), null);
  }
}
