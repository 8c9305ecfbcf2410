package io.shield.impl.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.error.InvalidValueException;
import io.shield.error.UnknownPolicyException;
import io.shield.error.VersionMismatchException;
import io.shield.impl.change.Audits;
import io.shield.impl.change.Plan;
import io.shield.internal.FieldChanges;
import io.shield.json.WebhookJson;
import io.shield.model.audit.Actor;
import io.shield.model.audit.AuditAction;
import io.shield.model.audit.AuditEntry;
import io.shield.model.audit.FieldChange;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.model.webhook.Webhook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Plans changes of webhooks. */
public final class WebhookPlans {
  private final Actor actor;
  private final Instant now;
  private final SecretSeal seal;

  WebhookPlans(Actor actor, Instant now, SecretSeal seal) {
    this.actor = actor;
    this.now = now;
    this.seal = seal;
  }

  /**
   * Plans with the keys that are configured.
   *
   * @param settings what is configured under the name of a variable
   */
  public static WebhookPlans of(
      Actor actor, Instant now, Function<String, @Nullable String> settings) {
    return new WebhookPlans(actor, now, new SecretSeal(settings));
  }

  /** The path of a webhook's entries in the audit log. */
  static String path(String name) {
    return "__webhook:" + name + "__";
  }

  /**
   * Sets a webhook.
   *
   * @param secret the secret to store, or null to leave what is there
   */
  public Plan set(
      Snapshot snapshot, Webhook webhook, @Nullable String secret, @Nullable Long ifVersion) {
    String name = webhook.name();
    DocumentKey key = WebhookDocuments.webhook(name);
    check(snapshot, webhook.name(), ifVersion);
    Webhook before = WebhookDocuments.find(snapshot, name);
    List<Edit> edits = new ArrayList<>();
    edits.add(WebhookDocuments.edit(snapshot, key, WebhookJson.write(webhook)));
    if (secret != null) {
      edits.add(edit(snapshot, name, Secret.of(secret)));
    }
    boolean begins = before == null || (webhook.enabled() && !before.enabled());
    if (begins) {
      // What happened before is none of its business.
      edits.add(
          WebhookDocuments.edit(snapshot, WebhookDocuments.sender(name), SenderState.fresh()));
    }
    String reason = secret == null || before == null ? "" : "with a new secret";
    return new Plan(
        edits,
        List.of(entry(name, AuditAction.WEBHOOK_SET, reason, changes(before, webhook))),
        List.of());
  }

  private Edit edit(Snapshot snapshot, String name, Secret secret) {
    DocumentKey key = WebhookDocuments.secret(name);
    return WebhookDocuments.edit(snapshot, key, seal.close(key.key(), secret));
  }

  /** Whether a webhook has to have a secret and there is none. */
  public static boolean lacksSecret(Snapshot snapshot, Webhook webhook) {
    return webhook.secretEnv() == null
        && snapshot.version(WebhookDocuments.secret(webhook.name())) == 0;
  }

  /** Sets a webhook whose secret stays, or is made. */
  public Plan declare(Snapshot snapshot, Webhook webhook) {
    return set(snapshot, webhook, lacksSecret(snapshot, webhook) ? Secret.make() : null, null);
  }

  private static List<FieldChange> changes(@Nullable Webhook before, Webhook after) {
    return before == null
        ? List.of()
        : FieldChanges.between(
            WebhookJson.write(before), WebhookJson.write(after), Set.of("origin", "version"));
  }

  /** Enables or disables a webhook; nothing if it is so already. */
  Plan enable(Snapshot snapshot, String name, boolean enabled, @Nullable String problem) {
    Webhook before = existing(snapshot, name);
    return before.enabled() == enabled
        ? Plan.NOTHING
        : set(snapshot, before.withEnabled(enabled, problem), null, null);
  }

  /** Replaces the stored secret. */
  Plan rotate(Snapshot snapshot, String name, String next) {
    existing(snapshot, name);
    DocumentKey key = WebhookDocuments.secret(name);
    var document = snapshot.documents().get(key.key());
    Secret before =
        document == null ? null : known(key, WebhookDocuments.json(key.key(), document));
    Secret secret = before == null ? Secret.of(next) : before.rotated(next, now);
    return new Plan(
        List.of(edit(snapshot, name, secret)),
        List.of(entry(name, AuditAction.WEBHOOK_SECRET_ROTATED, "", List.of())),
        List.of());
  }

  /** The secret; null if it was stored with a key that nobody has any more. */
  private @Nullable Secret known(DocumentKey key, JsonNode stored) {
    try {
      return seal.open(key.key(), stored);
    } catch (InvalidValueException anotherKey) {
      return null;
    }
  }

  /** Deletes a webhook and all that is kept for it. */
  Plan delete(Snapshot snapshot, String name, @Nullable Long ifVersion) {
    check(snapshot, name, ifVersion);
    return delete(snapshot, Set.of(existing(snapshot, name).name()));
  }

  /** Deletes some webhooks and all that is kept for them. */
  public Plan delete(Snapshot snapshot, Set<String> names) {
    List<Edit> edits = new ArrayList<>();
    List<AuditEntry> audit = new ArrayList<>();
    for (String name : names) {
      edits.addAll(WebhookDocuments.delete(snapshot, WebhookDocuments.webhook(name)));
      edits.addAll(WebhookDocuments.delete(snapshot, WebhookDocuments.secret(name)));
      edits.addAll(WebhookDocuments.delete(snapshot, WebhookDocuments.sender(name)));
      audit.add(entry(name, AuditAction.WEBHOOK_DELETED, "", List.of()));
    }
    edits.addAll(Unneeded.without(snapshot, names));
    return new Plan(edits, audit, List.of());
  }

  static Webhook existing(Snapshot snapshot, String name) {
    Webhook webhook = WebhookDocuments.find(snapshot, name);
    if (webhook == null) {
      throw new UnknownPolicyException(name);
    }
    return webhook;
  }

  /** Refuses a change of a webhook of another version. */
  static void check(Snapshot snapshot, String name, @Nullable Long ifVersion) {
    DocumentKey key = WebhookDocuments.webhook(name);
    long actual = snapshot.version(key);
    if (ifVersion != null && ifVersion != actual) {
      throw new VersionMismatchException(key.toString(), ifVersion, actual);
    }
  }

  private AuditEntry entry(String name, String action, String reason, List<FieldChange> changes) {
    return Audits.entry(path(name), null, action, reason, actor, null, null, changes, now);
  }
}
