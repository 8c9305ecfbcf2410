package io.shield.admin.impl;

import io.shield.admin.Role;
import io.shield.model.audit.Actor;
import io.shield.model.audit.Platform;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who sends a request, as the token says.
 *
 * @param name the account
 * @param role what it may do
 * @param platform the tool that signed in
 * @param service the service a service's token is bound to, or null
 * @param tokenId the token's id, or null where no token is needed
 * @param expiresAt when the token ends, or null where no token is needed
 * @param credential the fingerprint of the credentials that led to the token, or null likewise
 * @param program the name of the program that a token was issued for, or null
 */
record Principal(
    String name,
    Role role,
    Platform platform,
    @Nullable String service,
    @Nullable String tokenId,
    @Nullable Instant expiresAt,
    @Nullable String credential,
    @Nullable String program) {

  /** Everybody who reaches an API without credentials. */
  static final Principal ANYBODY =
      new Principal("anonymous", Role.ADMIN, Platform.CLI, null, null, null, null, null);

  /** The actor of audit entries. */
  Actor actor() {
    return new Actor(program == null ? name : program + " (token)", platform, null);
  }
}
