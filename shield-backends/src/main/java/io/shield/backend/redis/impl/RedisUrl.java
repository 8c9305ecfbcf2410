package io.shield.backend.redis.impl;

import io.shield.error.InvalidValueException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The address of a Redis server, fit to be shown: without user and password.
 *
 * @param host the host
 * @param port the port
 * @param database the number of the database
 * @param tls whether the connection is encrypted
 */
public record RedisUrl(String host, int port, int database, boolean tls) {
  private static final int DEFAULT_PORT = 6379;
  private static final int MAX_PORT = 65_535;
  private static final Set<String> PLAIN = Set.of("redis", "valkey");
  private static final Set<String> TLS = Set.of("rediss", "valkeys");
  private static final String ALLOWED =
      "a URL such as redis://user:password@localhost:6379/0, or rediss:// for TLS";

  /**
   * Reads a URL.
   *
   * @param field what the message names
   * @throws InvalidValueException if it is none; the message does not show user and password
   */
  public static RedisUrl parse(String field, String text) {
    Objects.requireNonNull(text, field);
    try {
      URI uri = new URI(text);
      boolean tls = TLS.contains(String.valueOf(uri.getScheme()));
      boolean known = tls || PLAIN.contains(String.valueOf(uri.getScheme()));
      String unsupported = unsupported(uri);
      if (unsupported != null) {
        throw new InvalidValueException(field, masked(text), unsupported);
      }
      int port = uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort();
      boolean more = uri.getRawQuery() != null || uri.getRawFragment() != null;
      if (known && uri.getHost() != null && port > 0 && port <= MAX_PORT && !more) {
        return new RedisUrl(uri.getHost(), port, database(uri.getPath()), tls);
      }
    } catch (URISyntaxException | NumberFormatException e) {
      // Told below; the exception's own message would show the password.
    }
    throw new InvalidValueException(field, masked(text), ALLOWED);
  }

  /** What to do instead where people mean something that does not work; null if they do not. */
  private static @Nullable String unsupported(URI uri) {
    String scheme = String.valueOf(uri.getScheme());
    if (scheme.equals("unix") || scheme.endsWith("+unix") || scheme.endsWith("+socket")) {
      return "redis://host:port: Unix sockets are not supported";
    }
    String authority = uri.getRawAuthority();
    String server = authority == null ? "" : authority.substring(authority.lastIndexOf('@') + 1);
    if (uri.getHost() == null && server.indexOf('_') >= 0) {
      return "a URL whose host has no underscore: no host name may have one, give it an alias";
    }
    String user = uri.getRawUserInfo();
    if (user != null && user.indexOf(':') != user.lastIndexOf(':')) {
      return "a URL with %3A for each colon in user and password";
    }
    // Redis would take the connection for that of the default user, who may do everything.
    if (user != null && (user.indexOf(':') < 0 || user.endsWith(":"))) {
      return "a URL with user and password, with :password@ for the default user, or with neither";
    }
    return null;
  }

  /** The URL as the client reads it: for it a plus stands for a space, as in a form. */
  static String forClient(String url) {
    URI uri = URI.create(url);
    String user =
        uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo().replace("+", "%2B") + "@";
    String scheme = TLS.contains(uri.getScheme()) ? "rediss" : "redis";
    String authority = uri.getRawAuthority();
    String server = authority.substring(authority.lastIndexOf('@') + 1);
    return scheme + "://" + user + server + uri.getRawPath();
  }

  /** The URL of another server that is reached the same way. */
  static String at(String url, String host, int port) {
    URI uri = URI.create(url);
    return rebuilt(uri, host, port, uri.getRawPath());
  }

  /** The URL without the number of a database. */
  static String withoutDatabase(String url) {
    URI uri = URI.create(url);
    return rebuilt(uri, uri.getHost(), uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort(), "");
  }

  private static String rebuilt(URI uri, String host, int port, String path) {
    String user = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo() + "@";
    String literal = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    return uri.getScheme() + "://" + user + literal + ":" + port + path;
  }

  private static int database(String path) {
    if (path.isEmpty() || path.equals("/")) {
      return 0;
    }
    int number = Integer.parseInt(path.substring(1));
    if (number < 0) {
      throw new NumberFormatException();
    }
    return number;
  }

  private static String masked(String whole) {
    // A query may hold a password too.
    int query = whole.indexOf('?');
    String text = query < 0 ? whole : whole.substring(0, query) + "?***";
    int at = text.lastIndexOf('@');
    int scheme = text.indexOf("://");
    String start = scheme < 0 || scheme > at ? "" : text.substring(0, scheme + 3);
    return at < 0 ? text : start + "***" + text.substring(at);
  }

  @Override
  public String toString() {
    return (tls ? "rediss://" : "redis://") + host + ":" + port + "/" + database;
  }
}
