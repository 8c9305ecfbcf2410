package io.shield.admin.impl;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a request does not come from a page of another site. A request that carries its token
 * in a header was sent by somebody who knows the token; any other that is not safe must come from
 * this origin, and with a cookie it must say so. Without credentials it must come from this machine
 * and not through a proxy. What says two things at once is refused.
 */
final class RequestOrigin {
  /** What proxies add, and the beginnings of what they add. */
  private static final List<String> FORWARDED =
      List.of(
          "forwarded",
          "via",
          "client-ip",
          "proxy-client-ip",
          "wl-proxy-client-ip",
          "true-client-ip",
          "x-client-ip",
          "x-cluster-client-ip",
          "x-real-ip",
          "x-remote-addr",
          "x-remote-ip",
          "x-host",
          "x-rewrite-url",
          "x-scheme",
          "x-varnish",
          "cdn-loop",
          "fastly-client-ip");

  private static final List<String> FORWARDED_PREFIXES =
      List.of(
          "x-forwarded",
          "x-original-",
          "x-envoy-",
          "x-proxyuser-",
          "x-arr-",
          "x-azure-",
          "x-appengine-",
          "cf-",
          "cloudfront-");

  /** Headers that decide something; given twice they could mean either. */
  private static final List<String> ONCE =
      List.of(
          "Host",
          "Origin",
          "Sec-Fetch-Site",
          "Authorization",
          "X-Shield-Token",
          "X-Shield-App-Id",
          "X-Waygate-Token",
          "X-Waygate-App-Id",
          "If-Match",
          "Last-Event-ID");

  private final boolean credentials;
  private final boolean openToNetwork;

  RequestOrigin(AdminSettings settings) {
    credentials = settings.hasCredentials();
    openToNetwork = settings.openToNetwork();
  }

  /**
   * Checks what holds for every request, public endpoints included.
   *
   * @throws RefusedException if it may not be answered at all
   */
  void check(HttpServerRequest request) {
    checkOnce(request.headers());
    checkTarget(request);
    if (!credentials && !openToNetwork) {
      checkLocal(request);
    }
    // Without credentials no token shows that somebody means it.
    boolean safe = isSafe(request.method()) || Authenticator.headerToken(request) != null;
    if (credentials && safe) {
      return;
    }
    // A browser says by itself where a request comes from, whatever name a proxy gave this API.
    String site = request.getHeader("Sec-Fetch-Site");
    if (credentials && "same-origin".equals(site)) {
      return;
    }
    String origin = request.getHeader("Origin");
    boolean foreign = site != null && !site.equals("same-origin") && !site.equals("none");
    boolean missing = origin == null && credentials && Family.session(request) != null;
    if (foreign || missing || (origin != null && !isOwn(origin, request))) {
      throw new RefusedException(403, "CROSS_ORIGIN", "requests of other sites are not served");
    }
  }

  private static boolean isSafe(HttpMethod method) {
    return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
  }

  private static void checkOnce(MultiMap headers) {
    for (String name : ONCE) {
      if (headers.getAll(name).size() > 1) {
        throw new RefusedException(400, "BAD_REQUEST", "the header " + name + " is there twice");
      }
    }
  }

  /** A target in absolute form names a host too, and it is the same (RFC 9112, section 3.2.2). */
  private static void checkTarget(HttpServerRequest request) {
    String uri = request.uri();
    boolean absolute = !uri.startsWith("/") && !uri.equals("*");
    if (absolute && !isSame(authority(uri), request.getHeader("Host"))) {
      throw new RefusedException(400, "BAD_REQUEST", "the request does not name one host");
    }
  }

  /** The authority of a target in absolute form; empty if it is none. */
  private static String authority(String uri) {
    try {
      String authority = new URI(uri).getRawAuthority();
      return authority == null ? "" : authority;
    } catch (URISyntaxException e) {
      return "";
    }
  }

  private static boolean isSame(String one, @Nullable String other) {
    HostAndPort first = HostAndPort.parseAuthority(one, -1);
    HostAndPort second = other == null ? null : HostAndPort.parseAuthority(other, -1);
    return first != null
        && second != null
        && bare(first.host()).equals(bare(second.host()))
        && first.port() == second.port();
  }

  /**
   * The host's name is checked because a foreign page's name may be made to mean this machine. A
   * proxy on this machine speaks for others.
   */
  private static void checkLocal(HttpServerRequest request) {
    // HTTP/2 has a place of its own for the name, and may have the header beside it.
    HostAndPort host = request.authority();
    String header = request.getHeader("Host");
    boolean local =
        isLoopback(request.remoteAddress())
            && isLoopback(request.localAddress())
            && isLocalName(host)
            && (header == null || isLocalName(HostAndPort.parseAuthority(header, -1)))
            && request.headers().names().stream().noneMatch(RequestOrigin::isOfProxy);
    if (!local) {
      throw RefusedException.forbidden(
          "without credentials this API is served to this machine only, as localhost and not"
              + " through a proxy");
    }
  }

  private static boolean isOfProxy(String header) {
    String name = header.toLowerCase(Locale.ROOT);
    return FORWARDED.contains(name) || FORWARDED_PREFIXES.stream().anyMatch(name::startsWith);
  }

  private static boolean isLoopback(@Nullable SocketAddress address) {
    return address != null && Loopback.isLoopback(address.hostAddress());
  }

  private static boolean isLocalName(@Nullable HostAndPort named) {
    String host = named == null ? "" : bare(named.host());
    return host.equals("localhost") || Loopback.isLoopback(host);
  }

  /** An origin is a scheme, a host and a port, and nothing else (RFC 6454, section 7). */
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
          && uri.getRawUserInfo() == null
          && uri.getRawPath().isEmpty()
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null
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
}
