package io.shield.admin.impl;

import io.shield.admin.Role;
import io.shield.model.audit.Platform;
import io.shield.spi.StoreUnreachableException;
import io.vertx.core.Future;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who sends a request: by the token in {@code X-Shield-Token} or {@code X-Waygate-Token},
 * in {@code Authorization: Bearer}, or in the dashboard's cookie. Without credentials it is anybody
 * on this machine.
 */
final class Authenticator {
  private final AdminSettings settings;
  private final Tokens tokens;
  private final TokenDocuments documents;
  private final SignIn signIn;

  Authenticator(AdminSettings settings, Tokens tokens, TokenDocuments documents, SignIn signIn) {
    this.settings = settings;
    this.tokens = tokens;
    this.documents = documents;
    this.signIn = signIn;
  }

  /** Who sends a request; fails as refused when nobody known does, or not one who may. */
  Future<@Nullable Principal> authenticate(RoutingContext ctx, Access access) {
    if (access == Access.PUBLIC) {
      return Future.succeededFuture();
    }
    return principal(ctx)
        .map(
            principal -> {
              if (!access.allows(principal.role())) {
                throw RefusedException.forbidden(
                    "the role "
                        + principal.role().wireName()
                        + " may not do this, it takes the role "
                        + access.roles());
              }
              return principal;
            });
  }

  private Future<Principal> principal(RoutingContext ctx) {
    if (!settings.hasCredentials()) {
      return Future.succeededFuture(Principal.ANYBODY);
    }
    String token = headerToken(ctx.request());
    if (token == null) {
      token = Family.session(ctx.request());
    }
    if (token == null) {
      return Future.failedFuture(RefusedException.unauthenticated());
    }
    return tokens.verify(token).map(this::standing);
  }

  /** A valid token may have been revoked, or its credentials changed. */
  private Principal standing(Principal principal) {
    if (!documents.isKnown()) {
      throw new StoreUnreachableException(
          "the store was not read since the start, so that nobody knows whether this token was revoked",
          null);
    }
    String id = String.valueOf(principal.tokenId());
    if (documents.isRevoked(id) || !signIn.stands(principal)) {
      throw RefusedException.unauthenticated();
    }
    boolean unbound = principal.role() == Role.SDK && principal.service() == null;
    return unbound ? bound(principal, id) : principal;
  }

  /** Whether somebody who was let in before may still look. */
  boolean stands(Principal principal, Instant now) {
    String id = principal.tokenId();
    Instant expiresAt = principal.expiresAt();
    if (id == null || expiresAt == null) {
      return !settings.hasCredentials();
    }
    return expiresAt.isAfter(now) && !documents.isRevoked(id) && signIn.stands(principal);
  }

  private Principal bound(Principal principal, String id) {
    return new Principal(
        principal.name(),
        principal.role(),
        Platform.SDK,
        documents.boundService(id),
        id,
        principal.expiresAt(),
        principal.credential(),
        principal.program());
  }

  /** The token in a header, or null. */
  static @Nullable String headerToken(HttpServerRequest request) {
    String own = Family.header(request, "Token");
    if (own != null) {
      return own;
    }
    String authorization = request.getHeader("Authorization");
    boolean bearer = authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7);
    return bearer ? authorization.substring(7).strip() : null;
  }

  /** The cookie for a dashboard. Scripts do not see it, and other sites do not send it. */
  static Cookie cookie(RoutingContext ctx, String value, Duration maxAge) {
    String mount = ctx.mountPoint();
    return Cookie.cookie(Family.of(ctx.request()).cookie(), value)
        .setHttpOnly(true)
        .setSameSite(CookieSameSite.STRICT)
        .setSecure(ctx.request().isSSL())
        .setPath(mount == null || mount.isEmpty() ? "/" : mount)
        .setMaxAge(maxAge.toSeconds());
  }
}
