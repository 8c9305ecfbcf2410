package io.shield.internal;

import io.shield.decision.Site;
import io.shield.error.InvalidValueException;
import io.shield.internal.value.Parameters;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.audit.AuditAction;
import io.shield.model.store.Snapshot;
import io.shield.model.webhook.WebhookEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Names that were given and that nobody knows. They are no mistake for certain, since a service may
 * start tomorrow: what was asked for is done, and this is told beside it.
 */
public final class UnknownNames {
  private static final int NEAR = 3;

  private final Snapshot snapshot;
  private final Site site;
  private final List<String> told = new ArrayList<>();

  /**
   * @param snapshot what is known
   * @param site what this process knows of itself
   */
  public UnknownNames(Snapshot snapshot, Site site) {
    this.snapshot = snapshot;
    this.site = site;
  }

  /** What is to be told, a line for each name that nobody knows. */
  public List<String> told() {
    return List.copyOf(told);
  }

  /** Looks for environments: those of routes, and this process's own. */
  public UnknownNames environments(Collection<String> names) {
    TreeSet<String> known = new TreeSet<>();
    known.add(site.environment());
    snapshot.states().values().forEach(state -> known.addAll(state.allowedEnvs()));
    names.forEach(name -> look("environment", name, known));
    return this;
  }

  /** Looks for what is to be exempt: paths of routes, or their keys. */
  public UnknownNames exempt(Collection<String> names) {
    for (String name : names) {
      RouteKey wanted = parsed(name);
      boolean known =
          snapshot.states().keySet().stream()
              .map(RouteKey::parse)
              .anyMatch(route -> isExempt(wanted, route));
      if (wanted != null && !known) {
        tell("route", name, NearNames.routes(snapshot.states().keySet(), name));
      }
    }
    return this;
  }

  /** What is no key is refused by what was asked for. */
  private static @Nullable RouteKey parsed(String name) {
    try {
      return RouteKey.parse(name);
    } catch (InvalidValueException notAKey) {
      return null;
    }
  }

  private static boolean isExempt(@Nullable RouteKey wanted, RouteKey route) {
    return wanted != null
        && Parameters.colons(wanted.path()).equals(Parameters.colons(route.path()))
        && (wanted.service() == null || wanted.service().equals(route.service()))
        && (wanted.method() == null
            || route.method() == null
            || wanted.method().equals(route.method()));
  }

  /** Looks for a service: of routes, or this process's own. */
  public UnknownNames service(@Nullable String name) {
    if (name != null) {
      TreeSet<String> known = new TreeSet<>();
      if (site.service() != null) {
        known.add(site.service());
      }
      for (RouteState state : snapshot.states().values()) {
        String service = state.service() == null ? state.key().service() : state.service();
        if (service != null) {
          known.add(service);
        }
      }
      look("service", name, known);
    }
    return this;
  }

  /** Looks for an action of the audit log. */
  public UnknownNames action(@Nullable String name) {
    if (name != null) {
      look("action", name, AuditAction.ALL);
    }
    return this;
  }

  /** Looks for the events of a webhook, which are actions and what it is told beside. */
  public UnknownNames events(Collection<String> names) {
    TreeSet<String> known = new TreeSet<>(AuditAction.ALL);
    known.addAll(List.of(WebhookEvent.TEST, WebhookEvent.DROPPED));
    names.forEach(name -> look("event", name, known));
    return this;
  }

  private void look(String kind, String name, Collection<String> known) {
    if (!known.contains(name)) {
      tell(kind, name, NearNames.of(name, known, NEAR));
    }
  }

  private void tell(String kind, String name, List<String> near) {
    String meant = near.isEmpty() ? "" : "; did you mean " + String.join(", ", near) + "?";
    told.add("nobody knows the " + kind + " '" + name + "'" + meant);
  }
}
