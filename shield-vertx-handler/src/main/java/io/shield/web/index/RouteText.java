package io.shield.web.index;

import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import org.jspecify.annotations.Nullable;

/**
 * What a route tells in its text form only. {@link Route} has no getter for its handlers (a route
 * with failure handlers alone never takes a request), for whether it matches the path as it was
 * sent, for the regular expression of a route with a name, and for what lets Vert.x pass it over: a
 * virtual host, the media types it consumes and produces, and that it is disabled. Its text has all
 * of them. A text of another form tells nothing; the index then assumes the usual, and that it may
 * be passed over.
 *
 * @param handlers the text of its handlers, empty if none of them is asked for; null if it has
 *     none, or none but failure handlers
 * @param unconditional whether a request whose method, path and host match is routed to it in any
 *     case
 * @param host the regular expression of its virtual host; null if it has none
 * @param normalized whether it matches the normalized path, as is the default
 * @param pattern its regular expression; null when unknown
 */
record RouteText(
    @Nullable String handlers,
    boolean unconditional,
    @Nullable String host,
    boolean normalized,
    @Nullable String pattern) {
  static final RouteText UNKNOWN = new RouteText("", false, null, true, null);

  private static final String NONE = "null";
  private static final String ENABLED = ", enabled=";
  private static final String CONSUMES = ", consumes=";
  private static final String PRODUCES = ", produces=";
  private static final String HANDLERS = ", contextHandlers=";
  private static final String FAILURE_HANDLERS = ", failureHandlers=";
  private static final String PATTERN = ", pattern=";
  private static final String GROUPS = ", groups=";
  private static final String NORMALIZED = ", useNormalizedPath=";
  private static final String VIRTUAL_HOST = ", virtualHostPattern=";
  private static final String SUB_ROUTER = ", subRouter=";

  static RouteText of(Route route) {
    try {
      return parse(withoutSubRouter(route));
    } catch (RuntimeException | StackOverflowError e) {
      // The text contains the application's handlers and metadata, whose own text may fail.
      return UNKNOWN;
    }
  }

  /** The text of a mount contains that of all routes below it. */
  private static String withoutSubRouter(Route route) {
    String text = route.toString();
    Router subRouter = route.getSubRouter();
    return subRouter == null
        ? text
        : text.substring(0, Math.max(0, text.lastIndexOf(SUB_ROUTER + subRouter)));
  }

  /** Read from its end: before stands text of the application's, which may contain anything. */
  private static RouteText parse(String text) {
    int host = text.lastIndexOf(VIRTUAL_HOST);
    int normalized = text.lastIndexOf(NORMALIZED, host);
    int groups = text.lastIndexOf(GROUPS, normalized);
    int pattern = text.lastIndexOf(PATTERN, groups);
    int failureHandlers = text.lastIndexOf(FAILURE_HANDLERS, pattern);
    int handlers = text.lastIndexOf(HANDLERS, failureHandlers);
    int produces = text.lastIndexOf(PRODUCES, handlers);
    int consumes = text.lastIndexOf(CONSUMES, produces);
    int enabled = text.lastIndexOf(ENABLED, consumes);
    if (enabled < 0) {
      return UNKNOWN;
    }
    String handlersText = text.substring(handlers + HANDLERS.length(), failureHandlers);
    return new RouteText(
        handlersText.equals(NONE) ? null : known(handlersText),
        has(text, enabled, ENABLED, "true")
            && has(text, consumes, CONSUMES, "null")
            && has(text, produces, PRODUCES, "null"),
        has(text, host, VIRTUAL_HOST, "null")
            ? null
            : text.substring(host + VIRTUAL_HOST.length(), text.indexOf(", ", host + 2)),
        !has(text, normalized, NORMALIZED, "false"),
        shared(text.substring(pattern + PATTERN.length(), groups)));
  }

  /** Routes are many, and most have handlers of the application alone. */
  private static String known(String handlers) {
    return handlers.contains("io.shield.web.") || handlers.contains("io.vertx.") ? handlers : "";
  }

  private static String shared(String pattern) {
    return pattern.equals(NONE) ? NONE : pattern;
  }

  private static boolean has(String text, int at, String name, String value) {
    return text.startsWith(value + ",", at + name.length());
  }

  /** Whether a request whose method and path match is routed to it in any case. */
  boolean certain() {
    return unconditional && host == null;
  }

  /**
   * Whether a request for a host whose method and path match is sure to be routed to it.
   *
   * @param requested the host without a port; null if the request names none
   */
  boolean takes(@Nullable String requested) {
    return unconditional && (host == null || (requested != null && requested.matches(host)));
  }

  /** Whether requests, and not failures alone, are routed to it. */
  boolean hasHandlers() {
    return handlers != null;
  }

  /** Whether it has a handler of a class whose name begins so. */
  boolean hasHandlerOf(String packages) {
    return handlers != null && handlers.contains(packages);
  }

  /** Whether it has this handler, whose class must not have a text of its own. */
  boolean has(Object handler) {
    String text = handler.getClass().getName() + "@" + Integer.toHexString(handler.hashCode());
    return handlers != null && (handlers.contains(text + ",") || handlers.contains(text + "]"));
  }

  /** Whether it has a handler of a class, which must not have a text of its own. */
  boolean hasHandler(String className) {
    return handlers != null && handlers.contains(className + "@");
  }
}
