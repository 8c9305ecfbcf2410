package io.shield.decision;

import io.netty.util.NetUtil;
import io.shield.error.InvalidValueException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A block of IP addresses: one address, or {@code address/prefix}. An IPv4 address written as an
 * IPv4-mapped IPv6 address ({@code ::ffff:192.0.2.1}), or as NAT64 translates it ({@code
 * 64:ff9b::192.0.2.1}, RFC 6052), is the IPv4 address.
 */
public final class Cidr {
  /** {@code ::ffff:0:0/96}. */
  private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

  /** {@code 64:ff9b::/96}. */
  private static final byte[] TRANSLATED = {0, 0x64, -1, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

  private final byte[] network;
  private final int prefix;

  private Cidr(byte[] network, int prefix) {
    this.network = network;
    this.prefix = prefix;
  }

  /**
   * Reads a block.
   *
   * @throws InvalidValueException if it is none
   */
  public static Cidr parse(String field, String text) {
    int slash = text.indexOf('/');
    byte[] address = bytes(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      throw notABlock(field, text);
    }
    int bits = address.length * 8;
    int prefix = slash < 0 ? bits : prefixLength(field, text, slash, bits);
    return new Cidr(masked(address, prefix), prefix);
  }

  private static int prefixLength(String field, String text, int slash, int bits) {
    String digits = text.substring(slash + 1);
    if (digits.isEmpty()
        || digits.length() > 3
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw notABlock(field, text);
    }
    int written = Integer.parseInt(digits);
    boolean carried = bits == 32 && text.indexOf(':') >= 0;
    int prefix = carried ? written - 96 : written;
    if (prefix < 0 || prefix > bits) {
      throw notABlock(field, text);
    }
    return prefix;
  }

  private static InvalidValueException notABlock(String field, String text) {
    return new InvalidValueException(
        field, text, "an IP address or a CIDR block such as 10.0.0.0/8 or 2001:db8::/32");
  }

  /** Whether an address lies inside; false for text that is no address. */
  public boolean contains(String address) {
    byte[] bytes = bytes(address);
    return bytes != null
        && bytes.length == network.length
        && Arrays.equals(masked(bytes, prefix), network);
  }

  /**
   * An address in its usual form, or null for text that is none. A zone is left out; an address
   * that carries an IPv4 address is that address.
   */
  public static @Nullable String canonical(String address) {
    byte[] bytes = bytes(address);
    return bytes == null ? null : NetUtil.bytesToIpAddress(bytes);
  }

  private static byte @Nullable [] bytes(String address) {
    int zone = address.indexOf('%');
    String plain = zone < 0 ? address : address.substring(0, zone);
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(plain);
    if (bytes == null || bytes.length == 4) {
      return bytes;
    }
    return begins(bytes, MAPPED) || begins(bytes, TRANSLATED)
        ? Arrays.copyOfRange(bytes, 12, 16)
        : bytes;
  }

  private static boolean begins(byte[] address, byte[] with) {
    return Arrays.equals(address, 0, with.length, with, 0, with.length);
  }

  private static byte[] masked(byte[] address, int prefix) {
    byte[] out = address.clone();
    for (int i = 0; i < out.length; i++) {
      int keep = Math.max(0, Math.min(8, prefix - i * 8));
      out[i] &= (byte) (0xff << (8 - keep));
    }
    return out;
  }
}
