package io.shield.web.index;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How Vert.x reads a path with parameters ({@code /orders/:id}): as a regular expression, in which
 * each parameter stands for one or more characters other than a slash. The same steps are taken
 * here, so that the same requests match.
 */
final class PathTemplate {
  /** The name of a parameter, with the property by which Vert.x lets an application extend it. */
  private static final String NAME =
      Boolean.getBoolean("io.vertx.web.route.param.extended-pattern")
          ? "[A-Za-z_$][A-Za-z0-9_$-]*"
          : "[A-Za-z0-9_]+";

  private static final Pattern PARAMETER = Pattern.compile(":" + NAME);
  private static final Pattern ESCAPED_BY_VERTX = Pattern.compile("[()$+.]");
  private static final Pattern NAMED_GROUP = Pattern.compile("\\(\\?<p\\d+>");

  /** What Vert.x does not escape in a path with parameters, and the regex engine interprets. */
  private static final String LEFT_TO_REGEX = "[]{}|?^\\*";

  private static final String METACHARACTERS = LEFT_TO_REGEX + "()$+.";

  private PathTemplate() {}

  /** Whether Vert.x makes a regular expression of this path. */
  static boolean isTemplate(String path) {
    return path.indexOf(':') >= 0;
  }

  /** The expression for an exact path: a final slash is optional unless the path has one itself. */
  static String exactRegex(String path) {
    return body(path) + (path.endsWith("/") ? "" : "/?");
  }

  /** The expression for the beginning of a path, without groups. */
  static String prefixRegex(String path) {
    return NAMED_GROUP.matcher(body(path)).replaceAll("(?:");
  }

  private static String body(String path) {
    Matcher parameter = PARAMETER.matcher(escaped(path));
    StringBuilder out = new StringBuilder();
    for (int i = 0; parameter.find(); i++) {
      parameter.appendReplacement(out, "(?<p" + i + ">[^/]+)");
    }
    return parameter.appendTail(out).toString();
  }

  private static String escaped(String path) {
    return ESCAPED_BY_VERTX.matcher(path).replaceAll("\\\\$0");
  }

  /** The expression that matches this text and nothing else. */
  static String quoted(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (METACHARACTERS.indexOf(text.charAt(i)) >= 0) {
        out.append('\\');
      }
      out.append(text.charAt(i));
    }
    return out.toString();
  }

  /** Whether every segment is either plain text or one parameter, so that no regex is needed. */
  static boolean isPlain(String path) {
    for (String segment : path.split("/", -1)) {
      if (!isPlainText(segment) && !PARAMETER.matcher(escaped(segment)).matches()) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPlainText(String segment) {
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      if (c == ':' || LEFT_TO_REGEX.indexOf(c) >= 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Text with which everything the expression matches begins. Comparing it first saves most
   * requests a matcher. Where it is not plain to see, it is empty.
   */
  static String literalStart(String regex) {
    StringBuilder out = new StringBuilder();
    int at = regex.indexOf('|') >= 0 ? regex.length() : 0;
    while (at < regex.length()) {
      boolean escape = regex.charAt(at) == '\\' && at + 1 < regex.length();
      char c = regex.charAt(escape ? at + 1 : at);
      boolean literal = escape ? !Character.isLetterOrDigit(c) : METACHARACTERS.indexOf(c) < 0;
      int next = at + (escape ? 2 : 1);
      boolean quantified = next < regex.length() && "?*+{".indexOf(regex.charAt(next)) >= 0;
      if (!literal || quantified || Character.isSurrogate(c)) {
        break;
      }
      out.append(c);
      at = next;
    }
    return out.toString();
  }
}
