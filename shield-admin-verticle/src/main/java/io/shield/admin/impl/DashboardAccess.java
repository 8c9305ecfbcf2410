package io.shield.admin.impl;

import io.shield.admin.dashboard.AdminAccess;
import io.shield.admin.dashboard.ApiCall;
import io.shield.admin.dashboard.Reply;
import io.shield.admin.dashboard.Visitor;
import io.shield.internal.EngineInternals;
import io.shield.json.ShieldJson;
import io.shield.model.audit.Platform;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lets the dashboard call the endpoints, in the name of who looks at it. */
final class DashboardAccess implements AdminAccess {
  /** Where a request keeps who sends it. */
  private static final String VISITOR = "io.shield.admin.visitor";

  /** Everybody who reaches an API without credentials, at the dashboard. */
  private static final Principal ANYBODY =
      new Principal(
          Principal.ANYBODY.name(),
          Principal.ANYBODY.role(),
          Platform.DASHBOARD,
          null,
          null,
          null,
          null,
          null);

  private final AdminSettings settings;
  private final Authenticator authenticator;
  private final EngineInternals engine;
  private final Map<String, Endpoint> endpoints = new HashMap<>();

  DashboardAccess(
      AdminSettings settings,
      Authenticator authenticator,
      EngineInternals engine,
      List<Endpoint> endpoints) {
    this.settings = settings;
    this.authenticator = authenticator;
    this.engine = engine;
    endpoints.forEach(each -> this.endpoints.put(each.method() + " " + each.path(), each));
  }

  @Override
  public boolean hasCredentials() {
    return settings.hasCredentials();
  }

  @Override
  public Future<@Nullable Visitor> visitor(RoutingContext ctx) {
    return authenticator
        .authenticate(ctx, Access.VIEWER)
        .onSuccess(principal -> ctx.put(VISITOR, principal))
        .map(DashboardAccess::visitor)
        .recover(
            failure ->
                failure instanceof RefusedException
                    ? Future.succeededFuture()
                    : Future.failedFuture(failure));
  }

  @Override
  public boolean mayStillLook(RoutingContext ctx) {
    Principal principal = ctx.get(VISITOR);
    return principal != null && authenticator.stands(principal, engine.clock().instant());
  }

  private static @Nullable Visitor visitor(@Nullable Principal who) {
    return who == null
        ? null
        : new Visitor(
            who.name(),
            who.role().wireName(),
            Access.OPERATOR.allows(who.role()),
            Access.ADMIN.allows(who.role()),
            who.tokenId());
  }

  @Override
  public void readBody(RoutingContext ctx, boolean signedIn) {
    Bodies.read(ctx, signedIn);
  }

  @Override
  public Future<Reply> call(RoutingContext ctx, ApiCall call) {
    Endpoint endpoint = endpoints.get(call.method() + " " + call.endpoint());
    if (endpoint == null) {
      throw new IllegalArgumentException("no endpoint " + call.method() + " " + call.endpoint());
    }
    return authenticator
        .authenticate(ctx, endpoint.access())
        .compose(principal -> endpoint.answer(newCall(ctx, call, principal), engine))
        .otherwise(Errors::answer)
        .map(answer -> new Reply(answer.status(), answer.body(), answer.headers()));
  }

  private Call newCall(RoutingContext ctx, ApiCall call, @Nullable Principal principal) {
    Principal who = Principal.ANYBODY.equals(principal) ? ANYBODY : principal;
    return new Call(ctx, new Input(call), who, settings.reasonRequired(), engine.clock().instant());
  }

  private record Input(ApiCall call) implements CallInput {
    @Override
    public List<String> parameters(String name) {
      return Stream.ofNullable(call.parameters().get(name)).toList();
    }

    @Override
    public @Nullable String pathParameter(String name) {
      return call.parameters().get(name);
    }

    @Override
    public @Nullable String ifMatch() {
      return call.ifMatch();
    }

    @Override
    public Buffer body() {
      return Buffer.buffer(ShieldJson.text(call.body()));
    }
  }
}
