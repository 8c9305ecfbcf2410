package io.shield.impl.declared;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.DeclaredState;
import io.shield.RouteAction;
import io.shield.decision.Cidr;
import io.shield.decision.EffectiveStatus;
import io.shield.decision.Site;
import io.shield.error.ChangeConflictException;
import io.shield.error.InvalidValueException;
import io.shield.impl.change.Audits;
import io.shield.impl.change.MaintenancePlans;
import io.shield.impl.change.Plan;
import io.shield.impl.change.Plan.Planner;
import io.shield.impl.limit.PolicyPlans;
import io.shield.impl.registration.DeclarationDays;
import io.shield.impl.registration.DeclarationPlans;
import io.shield.impl.webhook.WebhookDocuments;
import io.shield.impl.webhook.WebhookPlans;
import io.shield.internal.FieldChanges;
import io.shield.internal.NearNames;
import io.shield.internal.ReservedStates;
import io.shield.internal.UnknownNames;
import io.shield.internal.value.Parameters;
import io.shield.json.ShieldJson;
import io.shield.json.WebhookJson;
import io.shield.model.DocumentValue;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.MaintenanceMode;
import io.shield.model.OpaqueDocument;
import io.shield.model.Origin;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.RouteState.AllowedCallers;
import io.shield.model.RouteStatus;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditEntry;
import io.shield.model.audit.FieldChange;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.model.webhook.Webhook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Plans what brings a document into force, and tells what that changes. Confined to a context. */
public final class ApplyPlanner implements Planner {
  private static final int MAX_WARNINGS = 10;

  private final DeclaredDocument document;
  private final DeclaredState.Options options;
  private final Site site;
  private final DeclarationPlans code;
  private final WebhookPlans webhooks;
  private final Actor actor;
  private final Instant now;
  private DeclaredState.Difference difference = new DeclaredState.Difference(List.of(), List.of());

  /**
   * @param site where the engine runs
   * @param code what the code of this process declares
   * @param webhooks plans changes of webhooks, for the same actor
   */
  public ApplyPlanner(
      DeclaredDocument document,
      DeclaredState.Options options,
      Site site,
      DeclarationPlans code,
      WebhookPlans webhooks,
      Actor actor,
      Instant now) {
    this.document = document;
    this.options = options;
    this.site = site;
    this.code = code;
    this.webhooks = webhooks;
    this.actor = actor;
    this.now = now;
  }

  /** What the last plan changes. */
  public DeclaredState.Difference difference() {
    return difference;
  }

  @Override
  public Plan plan(Snapshot snapshot) {
    Work work = new Work(snapshot);
    work.named.stored().forEach(work::declare);
    if (options.prune()) {
      Map<DocumentKey, DocumentValue> present = Exporter.values(snapshot);
      present.forEach(work::prune);
      work.deleteWebhooks();
      work.releaseAllBut(present.keySet());
    }
    work.edits.addAll(work.owners.edits());
    difference = new DeclaredState.Difference(work.entries, work.warnings);
    return new Plan(work.edits, work.audit, List.of());
  }

  /** One plan. */
  private final class Work {
    private final Snapshot snapshot;
    private final Owners owners;
    private final NamedEntries named;
    private final List<Edit> edits = new ArrayList<>();
    private final List<AuditEntry> audit = new ArrayList<>();
    private final List<DeclaredState.Entry> entries = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** The webhooks that are taken away. */
    private final Set<String> gone = new LinkedHashSet<>();

    Work(Snapshot snapshot) {
      this.snapshot = snapshot;
      this.owners = new Owners(snapshot);
      this.named = new NamedEntries(snapshot, document.entries());
    }

    void declare(DocumentKey key, DocumentValue wanted) {
      String name = Section.nameOf(key);
      DocumentValue before = snapshot.value(key);
      DocumentValue after = completed(before, wanted);
      boolean same = EntryJson.same(key, known(key, before), after);
      String owner = document.owner();
      if (!same || owner != null) {
        owners.check(name, owner);
      }
      List<FieldChange> changes = new ArrayList<>();
      if (!same) {
        changes.addAll(changes(key, before, after));
        write(key, before, after);
      }
      if (owner != null && owners.of(name) == null) {
        owners.claim(name, owner);
        changes.add(new FieldChange("owner", "null", json(owner)));
      }
      if (!changes.isEmpty()) {
        String action = same ? "claim" : before == null ? "create" : "update";
        entries.add(new DeclaredState.Entry(name, action, changes));
      }
    }

    /** A maintenance that never was is one that is off. */
    private @Nullable DocumentValue known(DocumentKey key, @Nullable DocumentValue before) {
      boolean never = before == null && Section.of(key) == Section.MAINTENANCE;
      return never ? MaintenanceMode.OFF : before;
    }

    private void write(DocumentKey key, @Nullable DocumentValue before, DocumentValue after) {
      try {
        if (after instanceof RouteState state) {
          route(key, (RouteState) before, state);
        } else if (after instanceof MaintenanceMode mode) {
          MaintenancePlans.check(mode);
          add(maintenance(key, mode));
        } else if (after instanceof OpaqueDocument) {
          webhook(key, after);
        } else if (after instanceof RateLimitPolicy policy) {
          PolicyPlans.check(policy);
          warnOfUnknown(key, policy.path());
          add(new PolicyPlans(key, actor, now).set(snapshot, policy, null));
        } else {
          PolicyPlans.check((GlobalRateLimitPolicy) after);
          add(new PolicyPlans(key, actor, now).set(snapshot, after, null));
        }
      } catch (InvalidValueException e) {
        throw e.within(Section.nameOf(key));
      }
    }

    private void webhook(DocumentKey key, DocumentValue after) {
      String name = WebhookDocuments.nameOf(key);
      Webhook webhook = WebhookJson.read(ShieldJson.parse(name, content(after)));
      if (WebhookPlans.lacksSecret(snapshot, webhook)) {
        warnings.add(
            Section.nameOf(key)
                + ": a secret is made for it, and not shown; 'webhook rotate' makes one that is");
      }
      warnings.addAll(new UnknownNames(snapshot, site).events(webhook.events()).told());
      add(webhooks.declare(snapshot, webhook));
    }

    private static String content(DocumentValue value) {
      return ((OpaqueDocument) value).content();
    }

    private Plan maintenance(DocumentKey key, MaintenanceMode mode) {
      return MaintenancePlans.set(snapshot, ReservedStates.serviceOf(key.key()), mode, actor, now);
    }

    private void route(DocumentKey key, @Nullable RouteState before, RouteState after) {
      if (before != null && before.forceActive()) {
        throw new ChangeConflictException(
            Section.nameOf(key)
                + " is force-active and cannot be changed. Remove force_active from its declaration"
                + " first.");
      }
      check(after);
      RouteState known = before == null ? fresh(key) : before;
      if (before == null) {
        warnOfUnknown(key, key.key());
      }
      edits.add(new Edit(key, snapshot.version(key), after));
      audit.add(Audits.ofRoute(known, after, Audits.actionOf(known, after), reason(), actor, now));
    }

    /** What could be stored and would not be understood when a request comes. */
    private void check(RouteState state) {
      new RouteAction.Deprecate(state.sunsetDate(), state.successorPath(), state.reason(), null);
      state.allowedIps().forEach(block -> Cidr.parse("allowed_ips", block));
      if (state.status() == RouteStatus.ENV_GATED && state.allowedEnvs().isEmpty()) {
        throw new InvalidValueException(
            "allowed_envs", "[]", "a list of at least one environment where status is env_gated");
      }
    }

    private void add(Plan plan) {
      edits.addAll(plan.edits());
      audit.addAll(plan.audit());
    }

    private void warnOfUnknown(DocumentKey key, String route) {
      RouteKey wanted = RouteKey.parse(route);
      boolean known =
          snapshot.states().keySet().stream()
              .map(RouteKey::parse)
              .anyMatch(
                  other ->
                      Parameters.colons(other.path()).equals(Parameters.colons(wanted.path()))
                          && Objects.equals(other.service(), wanted.service())
                          && (wanted.method() == null
                              || other.method() == null
                              || wanted.method().equals(other.method())));
      if (!known && warnings.size() < MAX_WARNINGS) {
        warnings.add(
            Section.nameOf(key)
                + ": nothing is known of such a route yet. "
                + NearNames.unknown(snapshot, route).getMessage());
      }
    }

    /** What people changed, of the same owner, that the document does not name. */
    void prune(DocumentKey key, DocumentValue value) {
      if (!isLeftOut(key)) {
        return;
      }
      List<FieldChange> changes = new ArrayList<>();
      if (value instanceof RouteState state) {
        RouteState pruned = pruned(state);
        if (isOfPeople(state) && !EntryJson.same(key, state, pruned)) {
          changes.addAll(changes(key, state, pruned));
          route(key, state, pruned);
          warnOfOpened(key, state, pruned);
        }
      } else if (value instanceof MaintenanceMode mode) {
        if (!mode.equals(MaintenanceMode.OFF)) {
          changes.addAll(changes(key, mode, MaintenanceMode.OFF));
          add(maintenance(key, MaintenanceMode.OFF));
        }
      } else if (value instanceof OpaqueDocument) {
        Webhook webhook = WebhookDocuments.find(snapshot, WebhookDocuments.nameOf(key));
        if (webhook != null && webhook.origin() == Origin.RUNTIME) {
          changes.addAll(changes(key, value, null));
          gone.add(webhook.name());
        }
      } else if (!(value instanceof RateLimitPolicy policy) || policy.origin() == Origin.RUNTIME) {
        DocumentValue declared =
            value instanceof RateLimitPolicy route ? code.declarationOf(route) : null;
        PolicyPlans plans = new PolicyPlans(key, actor, now);
        if (declared == null || !EntryJson.same(key, value, declared)) {
          changes.addAll(changes(key, value, declared));
          add(
              declared == null
                  ? plans.delete(snapshot, null)
                  : plans.set(snapshot, declared, null));
        }
      }
      release(Section.nameOf(key), changes);
    }

    /** Together, since they share the events that wait. */
    void deleteWebhooks() {
      if (!gone.isEmpty()) {
        add(webhooks.delete(snapshot, gone));
      }
    }

    /** Whether the document would name it if it were to stay as its owner declared it. */
    private boolean isLeftOut(DocumentKey key) {
      return document.sections().contains(Section.of(key))
          && !named.has(key)
          && (document.service() == null || document.service().equals(Section.serviceOf(key)))
          && Objects.equals(document.owner(), owners.of(Section.nameOf(key)));
    }

    /** What was taken away in another way, a route that was forgotten, is left out likewise. */
    void releaseAllBut(Set<DocumentKey> present) {
      for (String name : owners.entries()) {
        DocumentKey key = Section.keyOf(name);
        if (!present.contains(key) && isLeftOut(key)) {
          release(name, new ArrayList<>());
        }
      }
    }

    private void release(String name, List<FieldChange> changes) {
      String owner = owners.of(name);
      if (owner != null) {
        owners.release(name);
        changes.add(new FieldChange("owner", json(owner), "null"));
      }
      if (!changes.isEmpty()) {
        entries.add(new DeclaredState.Entry(name, "remove", changes));
      }
    }

    private boolean isOfPeople(RouteState state) {
      return state.origin() == Origin.RUNTIME && !state.forceActive();
    }

    /**
     * As the code of this process declares it. What another process's code declares is not known
     * here, but for whom it lets pass: the route is active, until that is started again.
     */
    private RouteState pruned(RouteState state) {
      RouteState declared = code.declarationOf(state);
      if (declared != null) {
        return declared;
      }
      AllowedCallers known = state.declaredAllowed();
      AllowedCallers allowed = known == null ? state.allowed() : known;
      return RouteState.builder(state.path())
          .service(state.service())
          .allowedIps(allowed.ips())
          .allowedRoles(allowed.roles())
          .since(now)
          .build();
    }

    /** What code elsewhere closes would be open. */
    private void warnOfOpened(DocumentKey key, RouteState before, RouteState after) {
      boolean opened =
          !EffectiveStatus.staysOpen(before, now) && EffectiveStatus.staysOpen(after, now);
      boolean elsewhere =
          code.declarationOf(before) == null
              && DeclarationDays.of(snapshot).isFresh(key.key(), now);
      if (opened && elsewhere && warnings.size() < MAX_WARNINGS) {
        warnings.add(
            Section.nameOf(key)
                + " is made active: what its code declares is known only where that runs; name it"
                + " here if it is to stay closed");
      }
    }
  }

  private String reason() {
    if (!options.reason().isEmpty()) {
      return options.reason();
    }
    return document.owner() == null ? "applied" : "applied by " + document.owner();
  }

  /** A route of which nothing is known. */
  private RouteState fresh(DocumentKey key) {
    String service = RouteKey.parse(key.key()).service();
    return RouteState.builder(key.key())
        .service(service == null ? site.service() : service)
        .build();
  }

  /** With what a document does not say, since code or Shield itself does. */
  private DocumentValue completed(@Nullable DocumentValue before, DocumentValue wanted) {
    if (!(wanted instanceof RouteState state)) {
      return wanted;
    }
    RouteState known =
        before instanceof RouteState seen ? seen : fresh(DocumentKey.state(state.path()));
    Instant deprecatedAt = state.deprecatedAt();
    if (deprecatedAt == null && state.status() == RouteStatus.DEPRECATED) {
      boolean already = known.status() == RouteStatus.DEPRECATED && known.deprecatedAt() != null;
      deprecatedAt = already ? known.deprecatedAt() : now;
    }
    return state.toBuilder()
        .service(known.service())
        .forceActive(known.forceActive())
        .deprecatedAt(deprecatedAt)
        .declaredAllowed(declaredAllowed(known, state))
        .version(0)
        .since(now)
        .origin(Origin.RUNTIME)
        .build();
  }

  /**
   * Whom a closed route lets pass is forgotten when it is open again, whoever closed it; null where
   * there is nothing to come back to.
   */
  private @Nullable AllowedCallers declaredAllowed(RouteState known, RouteState wanted) {
    if (EffectiveStatus.staysOpen(wanted, now)) {
      return null;
    }
    AllowedCallers declared = known.declaredAllowed();
    AllowedCallers before = declared == null ? known.allowed() : declared;
    return before.equals(wanted.allowed()) ? null : before;
  }

  private static List<FieldChange> changes(
      DocumentKey key, @Nullable DocumentValue before, @Nullable DocumentValue after) {
    return FieldChanges.between(json(key, before), json(key, after), Set.of());
  }

  private static ObjectNode json(DocumentKey key, @Nullable DocumentValue value) {
    return value == null ? JsonNodeFactory.instance.objectNode() : EntryJson.write(key, value);
  }

  private static String json(String text) {
    return JsonNodeFactory.instance.textNode(text).toString();
  }
}
