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
 * @param header the header they write
 */
public record TrustedProxies(List<Cidr> blocks, ForwardedHeader header) {
  /** Nobody is believed: the client is the peer. */
  public static final TrustedProxies NONE =
      new TrustedProxies(List.of(), ForwardedHeader.X_FORWARDED_FOR);

  private static final String BLOCKS = "SHIELD_TRUSTED_PROXIES";
  private static final String HEADER = "SHIELD_FORWARDED_HEADER";

  public TrustedProxies {
    blocks = List.copyOf(blocks);
    Objects.requireNonNull(header, "header");
  }

  /**
   * Reads the variables {@code SHIELD_TRUSTED_PROXIES}, blocks separated by commas, and {@code
   * SHIELD_FORWARDED_HEADER}.
   *
   * @param blocks null if the variable is not set
   * @param header null if the variable is not set
   * @throws InvalidValueException if one cannot be read
   */
  public static TrustedProxies parse(@Nullable String blocks, @Nullable String header) {
    List<Cidr> parsed = new ArrayList<>();
    if (blocks != null) {
      for (String block : blocks.split(",", -1)) {
        parsed.add(Cidr.parse(BLOCKS, block.trim()));
      }
    }
    return new TrustedProxies(
        parsed, header == null ? NONE.header : ForwardedHeader.parse(HEADER, header.trim()));
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
