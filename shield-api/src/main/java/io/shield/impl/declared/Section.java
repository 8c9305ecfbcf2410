package io.shield.impl.declared;

import io.shield.impl.webhook.WebhookDocuments;
import io.shield.internal.ReservedStates;
import io.shield.model.RouteKey;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import org.jspecify.annotations.Nullable;

/** The parts of a document, and the names of what stands in them. */
public enum Section {
  ROUTES("routes"),
  MAINTENANCE("maintenance"),
  RATE_LIMITS("rate_limits"),
  WEBHOOKS("webhooks");

  static final String GLOBAL = "global";
  static final String SERVICES = "services";

  private final String field;

  Section(String field) {
    this.field = field;
  }

  /** Its name in a document. */
  public String field() {
    return field;
  }

  /** The part that a stored document belongs to, or null if it is no part of the declared state. */
  static @Nullable Section of(DocumentKey key) {
    return switch (key.kind()) {
      case STATE -> RouteKey.isReserved(key.key()) ? null : ROUTES;
      case MAINTENANCE -> MAINTENANCE;
      case POLICY -> RATE_LIMITS;
      case DOCUMENT -> WebhookDocuments.isWebhook(key) ? WEBHOOKS : null;
    };
  }

  /** What an entry is called: {@code routes/GET:/payments}, {@code maintenance/global}. */
  static String nameOf(DocumentKey key) {
    if (key.kind() == DocumentKind.STATE) {
      return ROUTES.field + "/" + key.key();
    }
    if (key.kind() == DocumentKind.DOCUMENT) {
      return WEBHOOKS.field + "/" + WebhookDocuments.nameOf(key);
    }
    String section = key.kind() == DocumentKind.MAINTENANCE ? MAINTENANCE.field : RATE_LIMITS.field;
    if (!key.isReserved()) {
      return section + "/" + ROUTES.field + "/" + key.key();
    }
    String service = ReservedStates.serviceOf(key.key());
    return section + "/" + (service == null ? GLOBAL : SERVICES + "/" + service);
  }

  /** What an entry of that name is stored as. */
  static DocumentKey keyOf(String name) {
    String[] parts = name.split("/", 3);
    boolean mode = parts[0].equals(MAINTENANCE.field);
    if (mode || parts[0].equals(RATE_LIMITS.field)) {
      return switch (parts[1]) {
        case GLOBAL -> mode ? DocumentKey.globalMaintenance() : DocumentKey.globalRateLimit();
        case SERVICES ->
            mode
                ? DocumentKey.serviceMaintenance(parts[2])
                : DocumentKey.serviceRateLimit(parts[2]);
        default -> DocumentKey.policy(parts[2]);
      };
    }
    String key = name.substring(name.indexOf('/') + 1);
    return parts[0].equals(ROUTES.field) ? DocumentKey.state(key) : WebhookDocuments.webhook(key);
  }

  /** The service that an entry belongs to, or null. */
  static @Nullable String serviceOf(DocumentKey key) {
    if (key.isReserved()) {
      return ReservedStates.serviceOf(key.key());
    }
    if (key.kind() == DocumentKind.DOCUMENT) {
      return null;
    }
    // A policy's key is a method and a path, which may be the key of a service's route.
    String route = key.kind() == DocumentKind.POLICY ? pathOf(key.key()) : key.key();
    return RouteKey.parse(route).service();
  }

  private static String pathOf(String policyKey) {
    return policyKey.substring(policyKey.indexOf(':') + 1);
  }
}
