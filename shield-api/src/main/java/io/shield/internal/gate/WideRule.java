package io.shield.internal.gate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Something that overrides what single routes and limits say.
 *
 * @param kind what it is
 * @param service the service it is about, or null for all
 * @param reason why, may be empty
 */
public record WideRule(Kind kind, @Nullable String service, String reason) {
  /** What overrides routes and limits. */
  public enum Kind {
    /** This process enforces no state. */
    BYPASS_LIFECYCLE,
    /** This process enforces no rate limit. */
    BYPASS_RATE_LIMITS,
    /** Everything is closed that is not exempt. */
    GLOBAL_MAINTENANCE,
    /** A service is closed. */
    SERVICE_MAINTENANCE,
    /** Routes are closed until the store was read. */
    STARTING,
    /** The store does not answer: what was read last is in force. */
    STORE_UNREACHABLE,
    /** The store is not believed: what was read last is in force. */
    STORE_DISTRUSTED,
    /** Something that the code declares beside a route is enforced by no handler. */
    UNGUARDED
  }

  /**
   * What overrides routes and limits now; nothing is said of the store.
   *
   * @param enforced what is enforced
   * @param unlimited whether no rate limit is enforced in this process
   */
  public static List<WideRule> of(Gates enforced, boolean unlimited) {
    List<WideRule> rules = new ArrayList<>();
    GateRules gates = enforced.rules();
    if (gates.bypassed()) {
      rules.add(new WideRule(Kind.BYPASS_LIFECYCLE, null, ""));
    }
    if (unlimited) {
      rules.add(new WideRule(Kind.BYPASS_RATE_LIMITS, null, ""));
    }
    Snapshot snapshot = gates.snapshot();
    if (snapshot.globalMaintenance().enabled()) {
      String reason = snapshot.globalMaintenance().reason();
      rules.add(new WideRule(Kind.GLOBAL_MAINTENANCE, null, reason));
    }
    new TreeMap<>(snapshot.maintenance())
        .forEach(
            (key, mode) -> {
              boolean fleet = key.equals(DocumentKey.globalMaintenance().key());
              if (!fleet && mode.value().enabled()) {
                String why = mode.value().reason();
                rules.add(new WideRule(Kind.SERVICE_MAINTENANCE, service(key), why));
              }
            });
    if (gates.closedUntilLoaded()) {
      rules.add(new WideRule(Kind.STARTING, null, ""));
    }
    return rules;
  }

  /** The service in the key of its maintenance. */
  private static String service(String key) {
    String frame = DocumentKey.serviceMaintenancePath("");
    int start = frame.lastIndexOf(':') + 1;
    return key.substring(start, key.length() - (frame.length() - start));
  }

  /** As JSON. */
  public ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("kind", kind.name().toLowerCase(Locale.ROOT))
        .put("service", service)
        .put("reason", reason);
  }
}
