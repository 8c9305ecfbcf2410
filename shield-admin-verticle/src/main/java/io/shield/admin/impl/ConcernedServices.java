package io.shield.admin.impl;

import io.shield.error.InvalidValueException;
import io.shield.internal.ReservedStates;
import io.shield.model.RouteKey;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The services whose business a change may be. It is found out once for all that follow: most
 * changes concern one service of thousands. Rather too many than too few: each is asked itself
 * then.
 */
final class ConcernedServices {
  private final Set<String> named = new HashSet<>();
  private boolean all;

  private ConcernedServices() {}

  static ConcernedServices of(Applied applied) {
    ConcernedServices concerned = new ConcernedServices();
    applied.change().changed().forEach(concerned::add);
    applied.change().routes().forEach(concerned::addRoute);
    applied.change().audit().forEach(concerned::add);
    Commit commit = applied.commit();
    if (commit != null) {
      commit.change().keys().forEach(concerned::add);
    }
    return concerned;
  }

  static ConcernedServices of(DocumentKey key) {
    ConcernedServices concerned = new ConcernedServices();
    concerned.add(key);
    return concerned;
  }

  /** Whether it may be of a service's business; without one, everything is. */
  boolean mayBe(@Nullable String service) {
    return service == null || all || named.contains(service);
  }

  private void add(DocumentKey key) {
    if (key.isReserved()) {
      add(ReservedStates.serviceOf(key.key()));
    } else if (key.kind() == DocumentKind.STATE) {
      addRoute(key.key());
    } else if (key.kind() == DocumentKind.POLICY) {
      addRoute(key.key().substring(key.key().indexOf(':') + 1));
    } else if (!ServiceNames.isOfWebhooks(key)) {
      add(ServiceNames.declaring(key));
    }
  }

  private void addRoute(String route) {
    try {
      String service = RouteKey.parse(route).service();
      if (service != null) {
        named.add(service);
      }
    } catch (InvalidValueException noRoute) {
      all = true;
    }
  }

  private void add(AuditEntry entry) {
    if (entry.service() != null || entry.path().startsWith("__")) {
      add(entry.service());
    }
  }

  /** Of one service, or the fleet's. */
  private void add(@Nullable String service) {
    if (service == null) {
      all = true;
    } else {
      named.add(service);
    }
  }
}
