package io.shield.impl.webhook;

import io.shield.decision.Cidr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses a webhook may reach: public ones, and those that whoever runs the process allows.
 * Everything else would let who may set a webhook send requests into the network behind.
 */
final class Targets {
  /** What is not public (RFC 6890), and what leads to such addresses in disguise. */
  private static final List<Cidr> REFUSED =
      Stream.of(
              "0.0.0.0/8",
              "10.0.0.0/8",
              "100.64.0.0/10",
              "127.0.0.0/8",
              "169.254.0.0/16",
              "172.16.0.0/12",
              "192.0.0.0/24",
              "192.0.2.0/24",
              "192.88.99.0/24",
              "192.168.0.0/16",
              "198.18.0.0/15",
              "198.51.100.0/24",
              "203.0.113.0/24",
              "224.0.0.0/3",
              "::/8",
              "64:ff9b:1::/48",
              "100::/64",
              "2001::/23",
              "2001:db8::/32",
              "2002::/16",
              "fc00::/7",
              "fe80::/9",
              "ff00::/8")
          .map(block -> Cidr.parse("refused", block))
          .toList();

  private final List<Cidr> allowed;

  private Targets(List<Cidr> allowed) {
    this.allowed = allowed;
  }

  /**
   * Reads which addresses are allowed beside public ones: CIDR blocks separated by commas, or null.
   */
  static Targets parse(String variable, @Nullable String blocks) {
    return blocks == null
        ? new Targets(List.of())
        : new Targets(
            Arrays.stream(blocks.split(",", -1))
                .map(block -> Cidr.parse(variable, block.strip()))
                .toList());
  }

  /**
   * An address of a host that may be reached. Blocks.
   *
   * @throws UnknownHostException if it has none; the message says why
   */
  InetAddress resolve(String host) throws UnknownHostException {
    for (InetAddress address : InetAddress.getAllByName(host)) {
      if (isAllowed(address)) {
        return address;
      }
    }
    throw new UnknownHostException(
        "the address is not public and not in SHIELD_WEBHOOK_ALLOWED_ADDRESSES");
  }

  private boolean isAllowed(InetAddress of) {
    String text = of.getHostAddress();
    int scope = text.indexOf('%');
    String address = scope < 0 ? text : text.substring(0, scope);
    return allowed.stream().anyMatch(block -> block.contains(address))
        || REFUSED.stream().noneMatch(block -> block.contains(address));
  }
}
