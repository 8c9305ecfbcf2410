package io.shield.decision;

import io.shield.error.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The proxies whose word on the client's address is taken, and the header they give it in.
 *
 * @param blocks addresses and CIDR blocks of proxies; none by default, and nobody is believed
 * @param sockets whether the peers of Unix domain sockets are proxies: they have no address
 * @param header the header they write
 */
public record TrustedProxies(List<Cidr> blocks, boolean sockets, ForwardedHeader header) {
  /** Nobody is believed: the client is the peer. */
  public static final TrustedProxies NONE =
      new TrustedProxies(List.of(), false, ForwardedHeader.X_FORWARDED_FOR);

  private static final String SOCKETS = "unix";
  private static final String BLOCKS = "SHIELD_TRUSTED_PROXIES";
  private static final String HEADER = "SHIELD_FORWARDED_HEADER";

  public TrustedProxies {
    blocks = List.copyOf(blocks);
    Objects.requireNonNull(header, "header");
  }

  /**
   * Reads the variables {@code SHIELD_TRUSTED_PROXIES}, blocks or {@code unix} separated by commas,
   * and {@code SHIELD_FORWARDED_HEADER}.
   *
   * @param blocks null if the variable is not set
   * @param header null if the variable is not set
   * @throws InvalidValueException if one cannot be read
   */
  public static TrustedProxies parse(@Nullable String blocks, @Nullable String header) {
    TrustedProxies proxies = blocks == null ? NONE : of(BLOCKS, List.of(blocks.split(",", -1)));
    return header == null
        ? proxies
        : new TrustedProxies(
            proxies.blocks, proxies.sockets, ForwardedHeader.parse(HEADER, header.trim()));
  }

  /**
   * Reads a list of addresses and CIDR blocks, in which {@code unix} stands for the peers of Unix
   * domain sockets.
   *
   * @param field what the list is called in an error
   * @throws InvalidValueException if an element is none of them
   */
  public static TrustedProxies of(String field, List<String> elements) {
    List<Cidr> blocks = new ArrayList<>();
    boolean sockets = false;
    for (String element : elements) {
      if (element.trim().equals(SOCKETS)) {
        sockets = true;
      } else {
        blocks.add(Cidr.parse(field, element.trim()));
      }
    }
    return new TrustedProxies(blocks, sockets, NONE.header);
  }

  /** Whether an address is one of theirs. */
  public boolean trust(String address) {
    for (Cidr block : blocks) {
      if (block.contains(address)) {
        return true;
      }
    }
    return false;
  }
}
