package io.shield.model;

import io.shield.error.InvalidValueException;
import io.shield.internal.value.Checks;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The name under which a route's state is kept: {@code GET:/payments} for one method, {@code
 * /payments} for all methods, {@code payments-service:GET:/payments} on a Shield Server. The path
 * is the route's template ({@code /orders/:id}), never one request's URL.
 *
 * <p>A single upper-case word before the path is read as a method, anything else there as a
 * service.
 *
 * @param service the owning service, or null outside a Shield Server
 * @param method an upper-case HTTP method, or null for all methods
 * @param path the template; begins with a slash
 */
public record RouteKey(@Nullable String service, @Nullable String method, String path) {
  /** The longest key accepted, in characters. */
  public static final int MAX_LENGTH = 512;

  /** How the keys of Shield's own documents begin; no route can have such a key. */
  public static final String RESERVED_PREFIX = "__shield:";

  public RouteKey {
    Objects.requireNonNull(path, "path");
    if (!path.startsWith("/")) {
      throw new InvalidValueException("path", path, "a path that begins with '/'");
    }
    checkCharacters(path);
    if (method != null && !isMethod(method)) {
      throw new InvalidValueException("method", method, "an upper-case HTTP method");
    }
    if (service != null) {
      checkService(service);
      if (method == null && isMethod(lastPart(service))) {
        throw new InvalidValueException(
            "service", service, "told from an HTTP method: not all upper-case");
      }
    }
    if (length(service) + length(method) + path.length() > MAX_LENGTH) {
      throw notAKey(written(service, method, path));
    }
  }

  /** The key of a path for one method, or for all methods when {@code method} is null. */
  public static RouteKey of(@Nullable String method, String path) {
    return new RouteKey(null, method, path);
  }

  /**
   * Reads a key.
   *
   * @throws InvalidValueException if it is none; the message shows the three forms
   */
  public static RouteKey parse(String key) {
    Objects.requireNonNull(key, "key");
    int slash = key.startsWith("/") ? 0 : key.indexOf(":/") + 1;
    boolean prefixed = slash > 0;
    if (!prefixed && !key.startsWith("/")) {
      throw notAKey(key);
    }
    String path = key.substring(slash);
    if (!prefixed) {
      return new RouteKey(null, null, path);
    }
    String prefix = key.substring(0, slash - 1);
    String last = lastPart(prefix);
    if (isMethod(last)) {
      int colon = prefix.length() - last.length() - 1;
      return new RouteKey(colon < 0 ? null : prefix.substring(0, colon), last, path);
    }
    return new RouteKey(prefix, null, path);
  }

  private static String lastPart(String prefix) {
    return prefix.substring(prefix.lastIndexOf(':') + 1);
  }

  /** How many characters a part takes, its colon included. */
  private static int length(@Nullable String part) {
    return part == null ? 0 : part.length() + 1;
  }

  private static InvalidValueException notAKey(String key) {
    return new InvalidValueException(
        "route",
        key,
        "a route key of at most "
            + MAX_LENGTH
            + " characters: METHOD:/path, /path or service:METHOD:/path");
  }

  /** Whether the key belongs to one of Shield's own documents rather than to a route. */
  public static boolean isReserved(String key) {
    return key.startsWith(RESERVED_PREFIX);
  }

  /**
   * Checks a service's name: 1 to 100 printable characters without slash.
   *
   * @throws InvalidValueException if it is not one
   */
  public static String checkService(String service) {
    Checks.nonEmptyLine("service", service, 100);
    if (service.indexOf('/') >= 0 || isReserved(service)) {
      throw new InvalidValueException(
          "service", service, "without '/' and '" + RESERVED_PREFIX + "'");
    }
    checkCharacters(service);
    return service;
  }

  private static void checkCharacters(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || Character.isSpaceChar(c) || Checks.isUnpaired(text, i)) {
        throw new InvalidValueException(
            "route", text, "free of spaces, control characters and unpaired surrogates");
      }
    }
  }

  private static boolean isMethod(String word) {
    if (word.isEmpty()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      boolean upper = c >= 'A' && c <= 'Z';
      boolean inner = i > 0 && (c == '-' || c == '_' || (c >= '0' && c <= '9'));
      if (!upper && !inner) {
        return false;
      }
    }
    return true;
  }

  /** The same path and service for another method. */
  public RouteKey withMethod(@Nullable String other) {
    return new RouteKey(service, other, path);
  }

  /** The key in its written form. */
  @Override
  public String toString() {
    return written(service, method, path);
  }

  private static String written(@Nullable String service, @Nullable String method, String path) {
    StringBuilder out = new StringBuilder();
    if (service != null) {
      out.append(service).append(':');
    }
    if (method != null) {
      out.append(method).append(':');
    }
    return out.append(path).toString();
  }
}
