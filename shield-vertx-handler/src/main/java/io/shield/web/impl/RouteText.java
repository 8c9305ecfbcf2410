package io.shield.web.impl;

import io.vertx.ext.web.Route;
import org.jspecify.annotations.Nullable;

/**
 * What a route tells in its text form only. {@link Route} has no getter for whether it has handlers
 * at all (a route with failure handlers alone never takes a request), whether it matches the path
 * as it was sent, and for the regular expression of a route with a name. Its text has all three. A
 * text of another form tells nothing; the index then assumes the usual.
 *
 * @param hasHandlers whether requests, and not failures alone, are routed to it
 * @param normalized whether it matches the normalized path, as is the default
 * @param pattern its regular expression; null when unknown
 */
record RouteText(boolean hasHandlers, boolean normalized, @Nullable String pattern) {
  static final RouteText UNKNOWN = new RouteText(true, true, null);

  private static final String NO_HANDLERS = ", contextHandlers=null";
  private static final String FAILURE_HANDLERS = ", failureHandlers=";
  private static final String PATTERN = ", pattern=";
  private static final String GROUPS = ", groups=";
  private static final String NORMALIZED = ", useNormalizedPath=";

  static RouteText of(Route route) {
    try {
      return parse(route.toString());
    } catch (RuntimeException | StackOverflowError e) {
      // The text contains the application's handlers and metadata, whose own text may fail.
      return UNKNOWN;
    }
  }

  /** Read from its end: before stands text of the application's, which may contain anything. */
  private static RouteText parse(String text) {
    int normalized = text.lastIndexOf(NORMALIZED);
    int groups = text.lastIndexOf(GROUPS, normalized);
    int pattern = text.lastIndexOf(PATTERN, groups);
    int failureHandlers = text.lastIndexOf(FAILURE_HANDLERS, pattern);
    if (failureHandlers < 0) {
      return UNKNOWN;
    }
    return new RouteText(
        !text.startsWith(NO_HANDLERS, failureHandlers - NO_HANDLERS.length()),
        !text.startsWith("false", normalized + NORMALIZED.length()),
        text.substring(pattern + PATTERN.length(), groups));
  }
}
