package io.shield.admin.impl;

import io.shield.admin.Role;
import io.shield.model.audit.Platform;
import io.vertx.core.Future;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who sends a request: by the token in {@code X-Shield-Token}, in {@code Authorization:
 * Bearer}, or in the dashboard's cookie. Without credentials it is anybody on this machine.
 *
 * <p>A page of another site must not act for the person who looks at it. A request that carries its
 * token in a header was sent by somebody who knows the token; any other that is not safe must come
 * from this origin, and with a cookie it must say so.
 */
final class Authenticator {
  static final String COOKIE = "shield_session";

  /** What proxies add. */
  private static final List<String> FORWARDED =
      List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via");

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

  /**
   * Checks what holds for every request, public endpoints included.
   *
   * @throws RefusedException if it may not be answered at all
   */
  void checkOrigin(RoutingContext ctx) {
    HttpServerRequest request = ctx.request();
    boolean credentials = settings.hasCredentials();
    if (!credentials && !settings.openToNetwork()) {
      checkLocal(request);
    }
    // Without credentials no token shows that somebody means it.
    boolean meant = credentials && (isSafe(request.method()) || headerToken(request) != null);
    if (meant) {
      return;
    }
    // A browser says by itself where a request comes from, whatever name a proxy gave this API.
    if (credentials && "same-origin".equals(request.getHeader("Sec-Fetch-Site"))) {
      return;
    }
    String origin = request.getHeader("Origin");
    boolean missing = origin == null && credentials && request.getCookie(COOKIE) != null;
    if (missing || (origin != null && !isOwn(origin, request))) {
      throw new RefusedException(403, "CROSS_ORIGIN", "requests of other sites are not served");
    }
  }

  private static boolean isSafe(HttpMethod method) {
    return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
  }

  /**
   * The host's name is checked because a foreign page's name may be made to mean this machine. A
   * proxy on this machine speaks for others.
   */
  private static void checkLocal(HttpServerRequest request) {
    HostAndPort host = request.authority();
    boolean local =
        isLoopback(request.remoteAddress())
            && isLoopback(request.localAddress())
            && host != null
            && isLocalName(host.host())
            && FORWARDED.stream().noneMatch(request.headers()::contains);
    if (!local) {
      throw RefusedException.forbidden(
          "without credentials this API is served to this machine only, as localhost and not"
              + " through a proxy");
    }
  }

  private static boolean isLoopback(@Nullable SocketAddress address) {
    return address != null && Loopback.isLoopback(address.hostAddress());
  }

  private static boolean isLocalName(String host) {
    return host.equalsIgnoreCase("localhost") || Loopback.isLoopback(host);
  }

  private static boolean isOwn(String origin, HttpServerRequest request) {
    HostAndPort own = request.authority();
    if (own == null) {
      return false;
    }
    try {
      URI uri = new URI(origin);
      String scheme = request.isSSL() ? "https" : "http";
      String host = uri.getHost();
      return host != null
          && scheme.equals(uri.getScheme())
          && bare(host).equals(bare(own.host()))
          && port(uri.getPort(), scheme) == port(own.port(), scheme);
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static String bare(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.startsWith("[") ? lower.substring(1, lower.length() - 1) : lower;
  }

  private static int port(int port, String scheme) {
    if (port > 0) {
      return port;
    }
    return scheme.equals("https") ? 443 : 80;
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
    Cookie cookie = ctx.request().getCookie(COOKIE);
    if (token == null && cookie != null) {
      token = cookie.getValue();
    }
    if (token == null) {
      return Future.failedFuture(RefusedException.unauthenticated());
    }
    return tokens.verify(token).map(this::standing);
  }

  /** A valid token may have been revoked, or its credentials changed. */
  private Principal standing(Principal principal) {
    String id = String.valueOf(principal.tokenId());
    if (documents.isRevoked(id) || !signIn.stands(principal)) {
      throw RefusedException.unauthenticated();
    }
    boolean unbound = principal.role() == Role.SDK && principal.service() == null;
    return unbound ? bound(principal, id) : principal;
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

  private static @Nullable String headerToken(HttpServerRequest request) {
    String own = request.getHeader("X-Shield-Token");
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
    return Cookie.cookie(COOKIE, value)
        .setHttpOnly(true)
        .setSameSite(CookieSameSite.STRICT)
        .setSecure(ctx.request().isSSL())
        .setPath(mount == null || mount.isEmpty() ? "/" : mount)
        .setMaxAge(maxAge.toSeconds());
  }
}
