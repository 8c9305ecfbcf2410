package io.shield.web.index;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Route;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A route a request may end in, at one place in the tree of routers. A router mounted twice gives
 * two endpoints for each of its routes. Immutable once it is in an index.
 */
public final class Endpoint extends SeenRoute {
  /** The mount of its router; null in the root. */
  private final @Nullable Endpoint parent;

  private final Prefix mount;
  private final String template;
  private final Set<HttpMethod> methods;

  /** The method, where there is one: most routes have one. */
  private final @Nullable HttpMethod only;

  private final int ordinal;
  private final boolean certain;
  private final boolean wildcard;
  private final boolean slashed;
  private final boolean outside;
  private final boolean strict;

  // What follows the index finds out before anybody asks it. It stands here and not in tables of
  // the index, because where there are many routes each place in memory counts.

  /** The next in match order whose path is the same but for the final slash; null if none. */
  private @Nullable Endpoint sibling;

  private boolean foremost;
  private int following;

  /**
   * @param parent the mount of its router, or null in the root
   */
  Endpoint(
      SeenRoute seen,
      Prefix mount,
      Set<HttpMethod> methods,
      @Nullable Endpoint parent,
      int ordinal) {
    super(seen);
    this.parent = parent;
    this.mount = mount;
    this.template = template(seen, mount);
    this.methods = methods;
    this.only = methods.size() == 1 ? methods.iterator().next() : null;
    this.ordinal = ordinal;
    this.certain = (parent == null || parent.certain) && seen.text.certain();
    this.wildcard = seen.isWildcard() || (seen.isRegex() && isOpenEnded(template));
    this.slashed = template.endsWith("/");
    this.outside = seen.isOutside();
    this.strict = mount.hasParameters();
    this.following = ordinal + 1;
  }

  /**
   * A route by itself.
   *
   * @param mountPoint the mount point of its router, or null for the root
   * @param metadataKey the key under which it carries Shield metadata
   */
  public static Endpoint of(Route route, @Nullable String mountPoint, String metadataKey) {
    SeenRoute seen = new SeenRoute(route, metadataKey);
    return new Endpoint(seen, Prefix.of(mountPoint), seen.ownMethods(), null, 0);
  }

  /** Whether a route has a handler of a class. */
  public static boolean isHandledBy(Route route, Class<?> type) {
    return RouteText.of(route).hasHandler(type.getName());
  }

  private static String template(SeenRoute seen, Prefix mount) {
    if (seen.isRegex()) {
      return regexTemplate(seen, mount);
    }
    if (seen.isWildcard()) {
      return mount.below(seen.path).wildcardText();
    }
    return mount.join(String.valueOf(seen.path));
  }

  private static String regexTemplate(SeenRoute seen, Prefix mount) {
    String name = seen.givenName();
    if (name != null && name.startsWith("/")) {
      return name;
    }
    String text = String.valueOf(seen.pattern()).replace("\\/", "/");
    text = text.startsWith("^") ? text.substring(1) : text;
    return mount.join(text.startsWith("/") ? text : "/" + text);
  }

  private static boolean isOpenEnded(String regex) {
    return regex.endsWith(".*") || regex.endsWith(".*)");
  }

  /** The route as the application made it. */
  public Route route() {
    return route;
  }

  /**
   * The path with all mount points, as in {@code /v1/items/:id}. A final slash is kept where a
   * request must have it too: the route {@code /} of a sub-router mounted on {@code /v1/*} has the
   * template {@code /v1/}. A wildcard ends with a star. A regular expression is named by the
   * route's own name if that begins with a slash, else by its mount point and its text, in which
   * {@code \/} is written {@code /}.
   */
  public String template() {
    return template;
  }

  /** The methods the route and all mounts above it take; empty = all. */
  public Set<HttpMethod> methods() {
    return methods;
  }

  /**
   * Its place in the order in which Vert.x tries the endpoints; the index in {@link
   * RouteIndex#endpoints}.
   */
  public int ordinal() {
    return ordinal;
  }

  /**
   * Whether it may be on the way of requests that end elsewhere: a route without a path, with a
   * path that ends with a star, with a regular expression that ends with {@code .*}, or the mount
   * of a sub-router.
   */
  public boolean wildcard() {
    return wildcard;
  }

  /**
   * Whether Vert.x routes every request to it whose method and path match and that got this far.
   * Other endpoints may be passed over: they or a mount above them have a virtual host or media
   * types, or are disabled.
   */
  public boolean certain() {
    return certain;
  }

  /**
   * Whether a request whose method and path match, and that got this far, is sure to be routed to
   * it as things stand now. Unlike {@link #certain} it is read from the routes at each call, which
   * takes long: something may have been disabled, or given a host or media types, since they were
   * indexed.
   */
  public boolean takes(HttpServerRequest request) {
    HostAndPort authority = request.authority();
    String host = authority == null ? null : authority.host();
    for (Endpoint each = this; each != null; each = each.parent) {
      if (!each.isUnchanged() || !RouteText.of(each.route).takes(host)) {
        return false;
      }
    }
    return true;
  }

  /** Whether Vert.x has to decode a path to tell whether it is this one's. */
  public boolean readsPath() {
    return text.normalized() && (path != null || isRegex());
  }

  /** Whether it is the mount of a router that enforcement leaves alone. */
  public boolean outside() {
    return outside;
  }

  /** What the route has as metadata under the index's key; null if nothing. */
  public @Nullable Object metadata() {
    return metadata;
  }

  /** Whether its path can be compared segment by segment. */
  boolean isPlain() {
    if (path == null || isWildcard() || !text.normalized() || !mount.isPlain()) {
      return false;
    }
    String pattern = pattern();
    return pattern == null
        || (PathTemplate.isPlain(path) && pattern.equals(PathTemplate.exactRegex(path)));
  }

  String slashlessTemplate() {
    return slashed ? template.substring(0, template.length() - 1) : template;
  }

  Prefix mount() {
    return mount;
  }

  /**
   * Tells what its index found out about it.
   *
   * @param foremost whether it is known that no endpoint before it may take the same request
   * @param following the ordinal of the next endpoint that may take the same request, or the number
   *     of endpoints
   */
  void place(boolean foremost, int following) {
    this.foremost = foremost;
    this.following = following;
  }

  boolean isForemost() {
    return foremost;
  }

  int following() {
    return following;
  }

  /** Links endpoints in match order whose paths are the same but for the final slash. */
  static Endpoint linked(List<Endpoint> same) {
    for (int i = 1; i < same.size(); i++) {
      same.get(i - 1).sibling = same.get(i);
    }
    return same.get(0);
  }

  /**
   * The first from an ordinal on, of this and those linked behind it, that takes a request whose
   * path matches but for the final slash; null if none does.
   */
  @Nullable Endpoint firstAccepting(String path, HttpMethod method, int from) {
    for (Endpoint each = this; each != null; each = each.sibling) {
      if (each.ordinal >= from && each.accepts(path, method)) {
        return each;
      }
    }
    return null;
  }

  /** Whether it takes a request whose path matches, but for the final slash. */
  private boolean accepts(String path, HttpMethod method) {
    return (!slashed || path.endsWith("/"))
        && accepts(method)
        && (!strict || !hasLineTerminator(path) || mount.strip(path) >= 0);
  }

  boolean accepts(HttpMethod method) {
    return method.equals(only) || methods.isEmpty() || methods.contains(method);
  }

  /** Whether there are methods that both take. */
  boolean sharesMethod(Endpoint other) {
    return methods.isEmpty()
        || other.methods.isEmpty()
        || !Collections.disjoint(methods, other.methods);
  }

  /** Text with which the path of every request begins that it takes. */
  String start() {
    int parameter = template.indexOf(':');
    return parameter < 0 ? slashlessTemplate() : template.substring(0, parameter);
  }

  /** What the dot of the expression does not match that Vert.x makes of a mount with parameters. */
  private static boolean hasLineTerminator(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '\n' || c == '\r' || c == '\u0085' || c == '\u2028' || c == '\u2029') {
        return true;
      }
    }
    return false;
  }

  /** Shows the methods and the template. */
  @Override
  public String toString() {
    return (methods.isEmpty() ? "*" : methods.toString()) + " " + template;
  }
}
