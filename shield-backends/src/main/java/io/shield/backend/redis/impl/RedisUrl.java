package io.shield.backend.redis.impl;

import io.shield.error.InvalidValueException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;

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
      boolean tls = "rediss".equals(uri.getScheme());
      boolean known = tls || "redis".equals(uri.getScheme());
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
