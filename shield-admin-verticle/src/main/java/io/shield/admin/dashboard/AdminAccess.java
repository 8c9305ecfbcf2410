package io.shield.admin.dashboard;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** The door to the admin API: whoever uses it is let in, checked and logged as by HTTP. */
public interface AdminAccess {
  /** Whether anybody has to sign in at all. */
  boolean hasCredentials();

  /** Who sends a request, or null if nobody does who may look. */
  Future<@Nullable Visitor> visitor(RoutingContext ctx);

  /**
   * Whether the {@link #visitor} of a request may still look: has not signed out, and the token has
   * neither expired nor been revoked. The token is not read again.
   */
  boolean mayStillLook(RoutingContext ctx);

  /**
   * Reads the body of a request, which may be longer when its sender is signed in, and goes on with
   * the next handler.
   */
  void readBody(RoutingContext ctx, boolean signedIn);

  /** Answers a call in the name of who sends the request. Never fails: errors are answers too. */
  Future<Reply> call(RoutingContext ctx, ApiCall call);
}
