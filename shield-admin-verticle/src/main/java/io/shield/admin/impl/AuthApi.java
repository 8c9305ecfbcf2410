package io.shield.admin.impl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.admin.Account;
import io.shield.admin.AdminOptions;
import io.shield.admin.Role;
import io.shield.error.InvalidValueException;
import io.shield.internal.ClientAddress;
import io.shield.internal.value.Checks;
import io.shield.json.Fields;
import io.shield.model.RouteKey;
import io.shield.model.audit.Platform;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Signing in and out. */
final class AuthApi {
  private static final int MAX_USERNAME = 200;

  private final AdminSettings settings;
  private final Tokens tokens;
  private final TokenDocuments documents;
  private final SignIn signIn;
  private final ClientAddress addresses;

  AuthApi(
      AdminSettings settings,
      Tokens tokens,
      TokenDocuments documents,
      SignIn signIn,
      ClientAddress addresses) {
    this.settings = settings;
    this.tokens = tokens;
    this.documents = documents;
    this.signIn = signIn;
    this.addresses = addresses;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.post("/api/auth/login", Access.PUBLIC, this::login),
        Endpoint.post("/api/auth/logout", Access.ANY_ROLE, this::logout),
        Endpoint.get("/api/auth/me", Access.ANY_ROLE, this::me));
  }

  private Future<Answer> login(Call call) {
    Fields in = call.body();
    String username = in.string("username", "");
    String password = in.string("password", "");
    if (username.isEmpty() || password.isEmpty()) {
      throw new RefusedException(400, "INVALID_VALUE", "username and password are required");
    }
    if (username.length() > MAX_USERNAME) {
      throw new InvalidValueException(
          "username", username, "at most " + MAX_USERNAME + " characters");
    }
    if (password.length() > Account.MAX_PASSWORD_LENGTH) {
      throw new InvalidValueException(
          "password",
          password.length() + " characters",
          "at most " + Account.MAX_PASSWORD_LENGTH + " characters");
    }
    Platform platform = platform(in);
    String service = service(call.ctx());
    if (!settings.hasCredentials()) {
      throw noCredentials();
    }
    return signIn
        .check(username, password, address(call.ctx()))
        .map(signedIn -> answer(call.ctx(), issue(signedIn, platform, service), platform));
  }

  static RefusedException noCredentials() {
    return new RefusedException(
        400, "NO_CREDENTIALS", "no credentials are configured: requests need no token");
  }

  private static Platform platform(Fields in) {
    Platform platform = in.choice("platform", Platform::parse, Platform.CLI);
    if (platform.equals(Platform.SYSTEM)) {
      throw new InvalidValueException("platform", "system", "one of cli, dashboard, sdk");
    }
    return platform;
  }

  static @Nullable String service(RoutingContext ctx) {
    String service = Family.header(ctx.request(), "App-Id");
    return service == null || service.isEmpty()
        ? null
        : Checks.visible("service", RouteKey.checkService(service));
  }

  private String address(RoutingContext ctx) {
    String address = addresses.of(ctx.request());
    return address == null ? "" : address;
  }

  /** A token of a service can do what a service does, whoever asked for it. */
  private Tokens.Issued issue(SignIn.SignedIn who, Platform platform, @Nullable String service) {
    boolean sdk = platform.equals(Platform.SDK) || who.role() == Role.SDK;
    if (sdk && who.role() != Role.SDK && who.role() != Role.ADMIN) {
      throw RefusedException.forbidden("a token for a service needs the role sdk or admin");
    }
    AdminOptions options = settings.options();
    Duration lifetime = sdk ? options.getSdkTokenLifetime() : options.getTokenLifetime();
    return tokens.issue(
        who.name(),
        sdk ? Role.SDK : who.role(),
        sdk ? Platform.SDK : platform,
        sdk ? service : null,
        who.credential(),
        null,
        lifetime);
  }

  private Answer answer(RoutingContext ctx, Tokens.Issued issued, Platform platform) {
    if (platform.equals(Platform.DASHBOARD)) {
      Duration lifetime = settings.options().getTokenLifetime();
      ctx.response().addCookie(Authenticator.cookie(ctx, issued.token(), lifetime));
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("token", issued.token());
    return Answer.json(body.setAll(shown(issued.principal())));
  }

  static ObjectNode shown(Principal who) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("username", who.name());
    node.put("platform", who.platform().wireName());
    node.put("role", who.role().wireName());
    node.put("service", who.service());
    node.put("name", who.program());
    node.put("token_id", who.tokenId());
    Instant expiresAt = who.expiresAt();
    node.put("expires_at", expiresAt == null ? null : expiresAt.toString());
    return node;
  }

  private Future<Answer> me(Call call) {
    return Answer.json(shown(call.principal())).now();
  }

  private Future<Answer> logout(Call call) {
    Principal who = call.principal();
    String id = who.tokenId();
    Instant expiresAt = who.expiresAt();
    if (id == null || expiresAt == null) {
      return Answer.ok().now();
    }
    call.ctx().response().addCookie(Authenticator.cookie(call.ctx(), "", Duration.ZERO));
    return documents.revoke(id, expiresAt).map(v -> Answer.ok());
  }
}
