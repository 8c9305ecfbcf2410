package io.shield.web.index;

import io.vertx.core.http.HttpMethod;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint that has to be tried: a wildcard, a regular expression, a template with mixed
 * segments ({@code /files/:name.:ext}), and any route that matches the path as it was sent.
 */
final class ListedEndpoint {
  private final Endpoint endpoint;
  private final Prefix mount;

  /** What it stands for if that can be compared without an expression; else null. */
  private final @Nullable Prefix wildcard;

  /** What is left of a path behind the mount point, and how it begins. */
  private final Pattern rest;

  private final String literal;
  private final boolean raw;

  /** Whether Vert.x cuts the length of the mount point off the path, whatever stands there. */
  private final boolean cut;

  ListedEndpoint(Endpoint endpoint) {
    String regex = regex(endpoint, endpoint.mount());
    boolean pathless = endpoint.path == null && !endpoint.isRegex();
    this.endpoint = endpoint;
    mount = endpoint.mount();
    raw = !endpoint.text.normalized() && !pathless;
    cut = endpoint.pattern() != null;
    wildcard = endpoint.isWildcard() && !raw ? mount.below(endpoint.path) : null;
    rest = Pattern.compile(regex);
    literal = PathTemplate.literalStart(regex);
  }

  private static String regex(SeenRoute seen, Prefix mount) {
    String pattern = seen.pattern();
    if (pattern != null) {
      return pattern;
    }
    boolean mountPoint = seen.path == null || seen.path.equals("/");
    String path = mountPoint ? mount.lastSlash() : String.valueOf(seen.path);
    boolean slash = path.endsWith("/");
    String text = PathTemplate.quoted(slash ? path.substring(0, path.length() - 1) : path);
    if (seen.isWildcard()) {
      return "(?s)" + text + (slash ? "(?:/.*)?" : ".*");
    }
    return text + (slash ? "/" : "/?");
  }

  Endpoint endpoint() {
    return endpoint;
  }

  int ordinal() {
    return endpoint.ordinal();
  }

  /** Text with which the normalized path of every request begins that it takes. */
  String start() {
    if (raw) {
      return "";
    }
    if (wildcard != null) {
      return wildcard.start();
    }
    return mount.hasParameters() ? mount.start() : mount.start() + literal;
  }

  boolean accepts(String normalizedPath, String rawPath, HttpMethod method) {
    return endpoint.accepts(method)
        && (wildcard == null
            ? matches(normalizedPath, raw ? rawPath : normalizedPath)
            : wildcard.strip(normalizedPath) >= 0);
  }

  private boolean matches(String normalizedPath, String path) {
    int from = mount.strip(normalizedPath);
    return from >= 0
        && (cut || path.regionMatches(0, normalizedPath, 0, from))
        && path.startsWith(literal, from)
        && rest.matcher(path).region(from, path.length()).matches();
  }
}
