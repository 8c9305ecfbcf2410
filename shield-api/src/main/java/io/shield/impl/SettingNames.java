package io.shield.impl;

import io.shield.internal.NearNames;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The environment variables that some part of Shield reads. */
final class SettingNames {
  private static final String PREFIX = "SHIELD_";

  /** Counters may be kept in another store, whose settings are those of a backend, so prefixed. */
  private static final String COUNTERS = "SHIELD_RATE_LIMIT_";

  private static final int NEAR = 2;

  private static final Set<String> KNOWN =
      Set.of(
          "SHIELD_ADMIN_CREDENTIALS_FILE",
          "SHIELD_ADMIN_HOST",
          "SHIELD_ADMIN_METRICS_PUBLIC",
          "SHIELD_ADMIN_OPEN_TO_NETWORK",
          "SHIELD_ADMIN_PASSWORD",
          "SHIELD_ADMIN_PORT",
          "SHIELD_ADMIN_REASON_REQUIRED",
          "SHIELD_ADMIN_TLS_CERT",
          "SHIELD_ADMIN_TLS_KEY",
          "SHIELD_ADMIN_TLS_KEYSTORE",
          "SHIELD_ADMIN_TLS_KEYSTORE_PASSWORD",
          "SHIELD_ADMIN_USER",
          "SHIELD_APP_ID",
          "SHIELD_AUDIT_LIMIT",
          "SHIELD_BACKEND",
          "SHIELD_BYPASS_LIFECYCLE",
          "SHIELD_BYPASS_RATE_LIMITS",
          "SHIELD_CACHE_DIR",
          "SHIELD_CA_FILE",
          "SHIELD_CLUSTER_MEMBERS",
          "SHIELD_COLD_START",
          "SHIELD_CUSTOM_PATH",
          "SHIELD_ENV",
          "SHIELD_FILE_PATH",
          "SHIELD_FORWARDED_HEADER",
          "SHIELD_INSTANCE",
          "SHIELD_JAVA_OPTS",
          "SHIELD_LOG_FORMAT",
          "SHIELD_PASSWORD",
          "SHIELD_RATE_LIMIT_BACKEND",
          "SHIELD_REDIS_CA_FILE",
          "SHIELD_REDIS_CERT_FILE",
          "SHIELD_REDIS_COUNTERS_PER_POLICY",
          "SHIELD_REDIS_DIALECT",
          "SHIELD_REDIS_EFFECTIVE_STATUS",
          "SHIELD_REDIS_HASH_TAG",
          "SHIELD_REDIS_KEY_FILE",
          "SHIELD_REDIS_KEY_PREFIX",
          "SHIELD_REDIS_MASTER_NAME",
          "SHIELD_REDIS_MIN_REPLICAS",
          "SHIELD_REDIS_TOPOLOGY",
          "SHIELD_REDIS_URL",
          "SHIELD_SECRET",
          "SHIELD_SECRET_KEY",
          "SHIELD_SECRET_KEY_PREVIOUS",
          "SHIELD_SERVER_CA_FILE",
          "SHIELD_SERVER_URL",
          "SHIELD_SERVICE",
          "SHIELD_SSE_KEEPALIVE",
          "SHIELD_STRICT",
          "SHIELD_TOKEN",
          "SHIELD_TRUSTED_PROXIES",
          "SHIELD_USERNAME",
          "SHIELD_WEBHOOKS",
          "SHIELD_WEBHOOK_ALLOWED_ADDRESSES",
          "SHIELD_WEBHOOK_SECRET",
          "SHIELD_WEBHOOK_URLS");

  private SettingNames() {}

  /** Whether some part of Shield reads a variable, or it is none of Shield's. */
  static boolean isKnown(String name) {
    return !name.startsWith(PREFIX)
        || KNOWN.contains(name)
        || (name.startsWith(COUNTERS)
            && KNOWN.contains(PREFIX + name.substring(COUNTERS.length())));
  }

  /** The line that tells of variables that nobody reads. */
  static String complaint(Collection<String> names) {
    return "nobody reads "
        + names.stream().map(SettingNames::withNear).collect(Collectors.joining(", "));
  }

  private static String withNear(String name) {
    List<String> near = NearNames.of(name, new TreeSet<>(KNOWN), NEAR);
    return near.isEmpty() ? name : name + " (did you mean " + String.join(", ", near) + "?)";
  }
}
