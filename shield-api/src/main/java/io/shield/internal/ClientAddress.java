package io.shield.internal;

import io.shield.decision.Cidr;
import io.shield.decision.ForwardedHeader;
import io.shield.decision.TrustedProxies;
import io.shield.internal.limit.key.LimitKeys;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The address of a request's client: the peer of the connection, unless that is a trusted proxy.
 * Then the proxies' header is walked from its end, where the proxy nearest to us wrote, to the
 * first hop that is not trusted: whatever stands before it is that hop's word and not believed. A
 * hop that cannot be read, is {@code unknown} or obfuscated (RFC 7239, section 6) ends the walk at
 * the proxy that named it. The peer of a Unix domain socket has no address; if such peers are
 * trusted the walk begins at the header. Thread-safe.
 */
public final class ClientAddress {
  private static final Logger LOG = LoggerFactory.getLogger(ClientAddress.class);

  /** A power of two. */
  private static final int PEERS = 1024;

  private final TrustedProxies proxies;
  private final Predicate<String> isFirst;

  /**
   * The peers of connections, each in one of the two places that the hash of its address object
   * says: a connection has one for all its requests. Where a third comes, the one that came first
   * is made again when it asks.
   */
  private final @Nullable Peer[] peers = new Peer[PEERS];

  /** The name of the proxies' header, encoded once. */
  private final CharSequence header;

  /**
   * What is made once of the peer of a connection.
   *
   * @param client its address in its usual form; null if it has none
   * @param key the name of its counters
   */
  private record Peer(
      @Nullable SocketAddress address, @Nullable String client, boolean trusted, String key) {}

  /**
   * Finds addresses with these proxies trusted.
   *
   * @param isFirst whether nothing was said about a topic yet
   */
  public ClientAddress(TrustedProxies proxies, Predicate<String> isFirst) {
    this.proxies = proxies;
    this.header = HttpHeaders.createOptimized(proxies.header().header().toLowerCase(Locale.ROOT));
    this.isFirst = isFirst;
  }

  /** The client's address in its usual form; null if the peer has none. */
  public @Nullable String of(HttpServerRequest request) {
    Peer peer = peer(request);
    return peer.trusted ? forwarded(request, peer.client) : peer.client;
  }

  /** The name of the counters of the client's address. */
  public String keyOf(HttpServerRequest request) {
    Peer peer = peer(request);
    return peer.trusted ? LimitKeys.ofAddress(forwarded(request, peer.client)) : peer.key;
  }

  /** Of the connection: the request's own can be rewritten from headers of anybody. */
  private Peer peer(HttpServerRequest request) {
    Peer peer = peer(request.connection().remoteAddress());
    String client = peer.client;
    if (!peer.trusted && client != null && request.headers().contains(header)) {
      tellOfStranger(client);
    }
    return peer;
  }

  @SuppressWarnings("ReferenceEquality") // as peers are found
  private Peer peer(@Nullable SocketAddress address) {
    int place = System.identityHashCode(address) & (PEERS - 1);
    Peer latest = peers[place];
    if (latest != null && latest.address == address) {
      return latest;
    }
    Peer earlier = peers[place ^ 1];
    if (earlier != null && earlier.address == address) {
      return earlier;
    }
    Peer peer = made(address);
    peers[place ^ 1] = latest;
    peers[place] = peer;
    return peer;
  }

  private Peer made(@Nullable SocketAddress address) {
    String text = address == null ? null : address.hostAddress();
    String client = text == null ? null : Cidr.canonical(text);
    if (client == null) {
      tell();
    }
    boolean trusted = client == null ? proxies.sockets() : proxies.trust(client);
    return new Peer(address, client, trusted, LimitKeys.ofAddress(client));
  }

  /** What a trusted proxy says. */
  private @Nullable String forwarded(HttpServerRequest request, @Nullable String peer) {
    String client = peer;
    List<String> hops = hops(request.headers().getAll(header));
    for (int i = hops.size() - 1; i >= 0; i--) {
      String hop = address(hops.get(i));
      if (hop == null) {
        return client;
      }
      client = hop;
      if (!proxies.trust(hop)) {
        return client;
      }
    }
    return client;
  }

  private void tell() {
    if (!proxies.sockets() && isFirst.test("peers of sockets")) {
      LOG.warn(
          "Requests come by a Unix domain socket, whose peers have no address: limits count them as"
              + " one caller, and allowed_ips match none of them. If a proxy is there, trust it:"
              + " SHIELD_TRUSTED_PROXIES=unix");
    }
  }

  private void tellOfStranger(String peer) {
    if (isFirst.test("headers of strangers")) {
      LOG.warn(
          "{} came from {}, which is no trusted proxy: it is not believed, here and later, and"
              + " limits and allowed_ips count by {}. If a proxy is there that writes this header"
              + " itself, trust it: SHIELD_TRUSTED_PROXIES={}",
          proxies.header().header(),
          peer,
          peer,
          peer);
    }
  }

  /** The elements of all lines of the header, in order; one that names nobody is empty. */
  private List<String> hops(List<String> lines) {
    List<String> hops = new ArrayList<>();
    boolean pairs = proxies.header() == ForwardedHeader.FORWARDED;
    for (String line : lines) {
      for (String element : pairs ? unquoted(line, ',') : List.of(line.split(","))) {
        String hop = element.trim();
        if (!hop.isEmpty()) {
          hops.add(pairs ? forParameter(hop) : hop);
        }
      }
    }
    return hops;
  }

  private static String forParameter(String element) {
    for (String pair : unquoted(element, ';')) {
      String text = pair.trim();
      if (text.toLowerCase(Locale.ROOT).startsWith("for=")) {
        return text.substring("for=".length());
      }
    }
    return "";
  }

  /**
   * Splits where the separator stands outside quotes. A quote that nothing closes is none: else a
   * client could hide behind it what a proxy adds to its line.
   */
  private static List<String> unquoted(String text, char separator) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == separator && !quoted) {
        parts.add(text.substring(from, i));
        from = i + 1;
      }
    }
    if (quoted) {
      return List.of(text.split(String.valueOf(separator)));
    }
    parts.add(text.substring(from));
    return parts;
  }

  /** The address of a hop, without quotes, brackets and port; null if it is none. */
  private static @Nullable String address(String hop) {
    String text = hop;
    if (text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")) {
      text = text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1").trim();
    }
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      return end > 0 && isPort(text, end + 1) ? Cidr.canonical(text.substring(1, end)) : null;
    }
    int colon = text.indexOf(':');
    if (colon >= 0 && colon == text.lastIndexOf(':')) {
      return isPort(text, colon) ? Cidr.canonical(text.substring(0, colon)) : null;
    }
    return Cidr.canonical(text);
  }

  /** Whether nothing, or a colon and a port, possibly an obfuscated one, begins at a place. */
  private static boolean isPort(String text, int at) {
    return at == text.length() || text.substring(at).matches(":(?:\\d{1,5}|_[A-Za-z0-9._-]+)");
  }
}
