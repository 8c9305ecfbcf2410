package io.shield.cli.config;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A kept sign-in.
 *
 * @param token the token
 * @param username whose it is
 * @param expiresAt when it ends, or null if unknown
 * @param serverUrl the server that issued it; it is sent to no other
 */
public record SignIn(String token, String username, @Nullable Instant expiresAt, String serverUrl) {
  /** Whether it has ended. */
  public boolean isOver(Instant now) {
    return expiresAt != null && !expiresAt.isAfter(now);
  }

  @Override
  public String toString() {
    return "SignIn[" + username + "]";
  }
}
