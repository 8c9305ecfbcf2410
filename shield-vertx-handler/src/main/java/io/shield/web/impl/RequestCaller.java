package io.shield.web.impl;

import io.shield.internal.ClientAddress;
import io.shield.internal.limit.key.LimitKeys.LimitCaller;
import io.shield.web.Identity;
import io.shield.web.ShieldHandlerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authorization.RoleBasedAuthorization;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The caller of one request; looked at only when an exemption or a limit asks. */
class RequestCaller implements LimitCaller {
  private final RoutingContext ctx;
  private final ShieldHandlerOptions options;
  private final ClientAddress addresses;
  private final @Nullable String customKey;
  private @Nullable Identity identity;

  /**
   * @param customKey what the application computed as the key of limits, or null
   */
  RequestCaller(
      RoutingContext ctx,
      ShieldHandlerOptions options,
      ClientAddress addresses,
      @Nullable String customKey) {
    this.ctx = ctx;
    this.options = options;
    this.addresses = addresses;
    this.customKey = customKey;
  }

  @Override
  public @Nullable String user() {
    Function<RoutingContext, @Nullable Identity> source = options.getIdentity();
    if (source != null) {
      return identity(source).user();
    }
    User user = ctx.user();
    return user == null ? null : user.subject();
  }

  @Override
  public boolean hasRole(String role) {
    Function<RoutingContext, @Nullable Identity> source = options.getIdentity();
    if (source != null) {
      return identity(source).roles().contains(role);
    }
    User user = ctx.user();
    return user != null && hasRole(user, role);
  }

  /** Roles are what authorization providers found, or what the token says itself. */
  private static boolean hasRole(User user, String role) {
    if (user.authorizations().verify(RoleBasedAuthorization.create(role))) {
      return true;
    }
    return user.principal().getValue("roles") instanceof JsonArray roles && roles.contains(role);
  }

  private Identity identity(Function<RoutingContext, @Nullable Identity> source) {
    Identity known = identity;
    if (known == null) {
      Identity told = ask(source);
      known = told == null ? Identity.UNKNOWN : told;
      identity = known;
    }
    return known;
  }

  /** Whatever the application throws is an error of one rule, which then exempts nobody. */
  private @Nullable Identity ask(Function<RoutingContext, @Nullable Identity> source) {
    try {
      return source.apply(ctx);
    } catch (VirtualMachineError fatal) {
      throw fatal;
    } catch (Throwable e) {
      throw new IllegalStateException("The identity option failed", e);
    }
  }

  @Override
  public @Nullable String apiKey() {
    return ctx.request().getHeader(options.getApiKeyHeader());
  }

  @Override
  public @Nullable String address() {
    return addresses.of(ctx.request());
  }

  @Override
  public String addressKey() {
    return addresses.keyOf(ctx.request());
  }

  @Override
  public @Nullable String plan(String attribute) {
    Function<RoutingContext, @Nullable Identity> source = options.getIdentity();
    if (source != null) {
      return identity(source).plan();
    }
    User user = ctx.user();
    Object plan = user == null ? null : user.get(attribute);
    return plan == null ? null : plan.toString();
  }

  @Override
  public @Nullable String customKey() {
    return customKey;
  }

  /** That of a WebSocket has ended with the handshake. */
  @Override
  public boolean isOver() {
    HttpServerResponse response = ctx.response();
    return response.ended() || response.closed();
  }
}
