package io.shield.decision;

import io.shield.error.InvalidValueException;
import io.shield.model.RouteState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who passes one route's closed gate: certain addresses, holders of a role, a share of callers. */
public final class Exemptions {
  private static final Logger LOG = LoggerFactory.getLogger(Exemptions.class);

  private final String routeKey;
  private final List<Cidr> addresses;
  private final Set<String> roles;
  private final int canaryPercentage;

  private Exemptions(String routeKey, List<Cidr> addresses, Set<String> roles, int canary) {
    this.routeKey = routeKey;
    this.addresses = addresses;
    this.roles = roles;
    this.canaryPercentage = canary;
  }

  /** The exemptions of a state, or null if it has none. */
  public static @Nullable Exemptions of(RouteState state) {
    if (state.allowedIps().isEmpty()
        && state.allowedRoles().isEmpty()
        && state.canaryPercentage() == 0) {
      return null;
    }
    return new Exemptions(
        state.path(),
        blocks(state.path(), state.allowedIps()),
        Set.copyOf(state.allowedRoles()),
        state.canaryPercentage());
  }

  /** Blocks that cannot be read exempt nobody. */
  private static List<Cidr> blocks(String routeKey, List<String> texts) {
    List<Cidr> blocks = new ArrayList<>(texts.size());
    for (String text : texts) {
      try {
        blocks.add(Cidr.parse("allowed_ips", text));
      } catch (InvalidValueException unreadable) {
        LOG.warn("allowed_ips of {} exempts nobody: {}", routeKey, unreadable.getMessage());
      }
    }
    return List.copyOf(blocks);
  }

  /** Whether roles matter. */
  public boolean needsRoles() {
    return !roles.isEmpty();
  }

  /** Whether the caller may pass. Each rule that fails with an error exempts nobody. */
  public boolean exempt(Caller caller) {
    return byAddress(caller) || byRole(caller) || byCanary(caller);
  }

  private boolean byAddress(Caller caller) {
    if (addresses.isEmpty()) {
      return false;
    }
    String address = addressOf(caller);
    if (address == null) {
      return false;
    }
    for (Cidr block : addresses) {
      if (block.contains(address)) {
        return true;
      }
    }
    return false;
  }

  private boolean byRole(Caller caller) {
    for (String role : roles) {
      if (hasRole(caller, role)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasRole(Caller caller, String role) {
    try {
      return caller.hasRole(role);
    } catch (RuntimeException notKnown) {
      return false;
    }
  }

  private boolean byCanary(Caller caller) {
    if (canaryPercentage == 0) {
      return false;
    }
    String identity = canaryIdentity(caller);
    return identity != null && canaryBucket(routeKey, identity) < canaryPercentage;
  }

  private static @Nullable String canaryIdentity(Caller caller) {
    try {
      String user = caller.user();
      if (user != null) {
        return "user:" + user;
      }
      String key = caller.apiKey();
      if (key != null) {
        return "key:" + key;
      }
    } catch (RuntimeException notKnown) {
      return null;
    }
    String address = addressOf(caller);
    return address == null ? null : "ip:" + address;
  }

  private static @Nullable String addressOf(Caller caller) {
    try {
      return caller.address();
    } catch (RuntimeException notKnown) {
      return null;
    }
  }

  /**
   * The bucket, 0 to 99, that a caller falls into for a route: the same on every node and after
   * every restart, and independent between routes. FNV-1a with a final mix.
   */
  static int canaryBucket(String routeKey, String identity) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : (routeKey + '\n' + identity).getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    hash ^= hash >>> 33;
    hash *= 0xff51afd7ed558ccdL;
    hash ^= hash >>> 33;
    return (int) Long.remainderUnsigned(hash, 100);
  }
}
