package io.shield.internal.limit.key;

import io.netty.util.NetUtil;
import io.shield.decision.Caller;
import io.shield.decision.Cidr;
import io.shield.error.InvalidValueException;
import io.shield.model.KeyStrategy;
import io.shield.model.RouteKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The names of counters: {@code ip:192.0.2.1}, {@code ip:2001:db8:1:2::/64}, {@code user:alice},
 * {@code key:} and a digest, since an API key is a secret, {@code custom:...}, {@code
 * route:/payments}. They stand in hits and name the counter to reset.
 */
public final class LimitKeys {
  /** Longer names are replaced by a digest, so that clients do not choose how much is stored. */
  private static final int MAX_LENGTH = 200;

  private static final int DIGEST_BYTES = 16;
  private static final String DIGEST = "[0-9a-f]{32}";
  private static final String USER = "user:";
  private static final String CUSTOM = "custom:";
  private static final String API_KEY = "key:";
  private static final String UNKNOWN_ADDRESS = "ip:unknown";
  private static final int PREFIX_64_BYTES = 8;

  private LimitKeys() {}

  /** The counter of a caller, or null if the caller has no such key. */
  public static @Nullable String of(KeyStrategy strategy, LimitCaller caller) {
    return switch (strategy) {
      case IP -> caller.addressKey();
      case USER -> named(USER, caller.user());
      case API_KEY -> ofApiKey(caller.apiKey());
      case CUSTOM -> ofCustom(caller.customKey());
      case GLOBAL -> throw new IllegalArgumentException("no caller has the key of a route");
    };
  }

  /** The counter of a key that the application computed; null if there is none. */
  public static @Nullable String ofCustom(@Nullable String key) {
    return named(CUSTOM, key);
  }

  /** The one counter of a route. */
  public static String ofRoute(String path) {
    return "route:" + path;
  }

  /** An IPv6 client has a /64 at least, and may use any address in it. */
  public static String ofAddress(@Nullable String address) {
    if (address == null) {
      return UNKNOWN_ADDRESS;
    }
    byte[] bytes =
        address.indexOf(':') < 0 ? null : NetUtil.createByteArrayFromIpAddressString(address);
    if (bytes == null || bytes.length == 4) {
      return "ip:" + address;
    }
    byte[] network = Arrays.copyOf(Arrays.copyOf(bytes, PREFIX_64_BYTES), bytes.length);
    return "ip:" + NetUtil.bytesToIpAddress(network) + "/64";
  }

  /** Reads a counter's name, see {@code RateLimiting.counterKeys}. */
  public static List<String> read(String text) {
    String name = text.substring(text.indexOf(':') + 1);
    String prefix = text.substring(0, text.length() - name.length());
    String counter =
        switch (prefix) {
          case "ip:" -> readAddress(name);
          case USER, CUSTOM -> named(prefix, name);
          case API_KEY -> name.matches(DIGEST) ? text : null;
          case "route:" -> name.startsWith("/") ? ofRoute(RouteKey.parse(name).path()) : null;
          default -> null;
        };
    if (counter == null) {
      throw new InvalidValueException(
          "key",
          text,
          "a counter's key as hits show it: ip:ADDRESS, user:NAME, key:DIGEST, custom:KEY or"
              + " route:/PATH");
    }
    // Hits show a name's digest, which is a name that somebody else may have.
    boolean isEither = counter.startsWith(prefix + "#") && name.matches("#" + DIGEST);
    return isEither ? List.of(text, counter) : List.of(counter);
  }

  private static @Nullable String readAddress(String name) {
    if (name.equals("unknown")) {
      return UNKNOWN_ADDRESS;
    }
    String address =
        Cidr.canonical(name.endsWith("/64") ? name.substring(0, name.length() - 3) : name);
    return address == null ? null : ofAddress(address);
  }

  private static @Nullable String ofApiKey(@Nullable String apiKey) {
    return apiKey == null || apiKey.isEmpty() ? null : API_KEY + digest(apiKey);
  }

  private static @Nullable String named(String prefix, @Nullable String name) {
    if (name == null || name.isEmpty()) {
      return null;
    }
    boolean plain = name.length() <= MAX_LENGTH && name.chars().allMatch(c -> c > ' ' && c < 0x7f);
    return prefix + (plain && name.charAt(0) != '#' ? name : "#" + digest(name));
  }

  private static String digest(String secret) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Who sends a request, as far as limits ask. What throws lets the request pass. */
  public interface LimitCaller extends Caller {
    /** The name of the counters of the caller's address. */
    default String addressKey() {
      return ofAddress(address());
    }

    /** The plan that an attribute of the user names, or null. */
    @Nullable String plan(String attribute);

    /** The key that the application computed, or null. */
    @Nullable String customKey();

    /**
     * Whether the request has been answered or its connection was closed. From any thread; for
     * requests under way that nobody released.
     */
    default boolean isOver() {
      return false;
    }
  }
}
