package io.shield.web.index;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a path: what a wildcard route stands for, and the mount point of a sub-router.
 * Vert.x cuts a sub-router's mount point off a request's path and matches the rest; a final slash
 * of the mount point belongs to both.
 */
final class Prefix {
  /** Every path. */
  static final Prefix ROOT = new Prefix("/", "", null, null, true, true);

  private final String text;
  private final String regex;
  private final @Nullable Pattern pattern;

  /** A prefix with parameters this one continues, whose expression has to match as well. */
  private final @Nullable Prefix outer;

  private final String literal;
  private final boolean root;
  private final boolean plain;

  private Prefix(
      String text,
      String regex,
      @Nullable Pattern pattern,
      @Nullable Prefix outer,
      boolean root,
      boolean plain) {
    this.text = text;
    this.regex = regex;
    this.pattern = pattern;
    this.outer = outer;
    this.root = root;
    this.plain = plain;
    this.literal = pattern != null && plain ? text.substring(0, text.indexOf(':')) : "";
  }

  /** The mount point of a router; null for the root. */
  static Prefix of(@Nullable String mountPoint) {
    return mountPoint == null || mountPoint.equals("/") ? ROOT : ROOT.below(mountPoint);
  }

  /**
   * What a wildcard route with this path (null or without its star) stands for below this prefix.
   */
  Prefix below(@Nullable String path) {
    if (path == null || path.equals("/")) {
      return root ? new Prefix(text, regex, pattern, outer, false, plain) : this;
    }
    boolean template = PathTemplate.isTemplate(path);
    String own = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    String ownRegex = regex + (template ? PathTemplate.prefixRegex(own) : PathTemplate.quoted(own));
    boolean plainBelow = plain && (!template || PathTemplate.isPlain(path));
    boolean dynamic = template || pattern != null;
    String rest = path.endsWith("/") ? (template ? "/.*" : "(?:/.*)?") : ".*";
    Pattern patternBelow = dynamic ? Pattern.compile("(" + ownRegex + ")" + rest) : null;
    Prefix outerBelow = pattern == null ? null : this;
    return new Prefix(join(path), ownRegex, patternBelow, outerBelow, false, plainBelow);
  }

  /** The whole path of an exact route below this prefix; the path "/" is the mount point itself. */
  String join(String path) {
    return path.equals("/") ? text : text.substring(0, base()) + path;
  }

  private int base() {
    return text.endsWith("/") ? text.length() - 1 : text.length();
  }

  /** The prefix as a template; without parameters, as a request tells its mount point. */
  String mountPoint() {
    return text;
  }

  /** The prefix as a template, with a star for what follows. */
  String wildcardText() {
    return text + "*";
  }

  /** Whether parameters occur in it. */
  boolean hasParameters() {
    return pattern != null;
  }

  /** Whether its segments can be compared one by one. */
  boolean isPlain() {
    return plain;
  }

  /** The slash it ends with, if it does. */
  String lastSlash() {
    return text.substring(base());
  }

  /**
   * Whether Vert.x reaches the routes of a sub-router mounted below on a path with parameters.
   * Below a mount point that ends with a slash it computes the mount point one character off, and
   * then nothing matches.
   */
  boolean canMountTemplate() {
    return root || !text.endsWith("/");
  }

  /** Text with which every path begins that has this prefix. */
  String start() {
    return pattern == null ? text.substring(0, base()) : literal;
  }

  /** Where the rest begins, at the slash if there is one; -1 if the path has another beginning. */
  int strip(String path) {
    if (pattern == null) {
      return stripText(path);
    }
    if (!path.startsWith(literal)) {
      return -1;
    }
    Matcher matcher = pattern.matcher(path);
    boolean matches = matcher.matches() && (outer == null || outer.strip(path) >= 0);
    return matches ? matcher.end(1) : -1;
  }

  private int stripText(String path) {
    int base = base();
    // The star after a slash takes the slash along: /files/* also stands for /files.
    boolean begins = path.startsWith(text) || (path.length() == base && text.startsWith(path));
    return begins ? base : -1;
  }
}
