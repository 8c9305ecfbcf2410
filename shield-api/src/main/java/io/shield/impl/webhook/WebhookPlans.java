package io.shield.impl.webhook;

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
import org.jspecify.annotations.Nullable;

/** Plans changes of webhooks. */
public final class WebhookPlans {
  private final Actor actor;
  private final Instant now;

  public WebhookPlans(Actor actor, Instant now) {
    this.actor = actor;
    this.now = now;
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
    check(snapshot, key, ifVersion);
    Webhook before = WebhookDocuments.find(snapshot, name);
    List<Edit> edits = new ArrayList<>();
    edits.add(WebhookDocuments.edit(snapshot, key, WebhookJson.write(webhook)));
    if (secret != null) {
      edits.add(
          WebhookDocuments.edit(snapshot, WebhookDocuments.secret(name), Secret.of(secret).json()));
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
    Secret secret =
        document == null
            ? Secret.of(next)
            : Secret.read(WebhookDocuments.json(key.key(), document)).rotated(next, now);
    return new Plan(
        List.of(WebhookDocuments.edit(snapshot, key, secret.json())),
        List.of(entry(name, AuditAction.WEBHOOK_SECRET_ROTATED, "", List.of())),
        List.of());
  }

  /** Deletes a webhook and all that is kept for it. */
  public Plan delete(Snapshot snapshot, String name, @Nullable Long ifVersion) {
    DocumentKey key = WebhookDocuments.webhook(name);
    check(snapshot, key, ifVersion);
    existing(snapshot, name);
    List<Edit> edits = new ArrayList<>(WebhookDocuments.delete(snapshot, key));
    edits.addAll(WebhookDocuments.delete(snapshot, WebhookDocuments.secret(name)));
    edits.addAll(WebhookDocuments.delete(snapshot, WebhookDocuments.sender(name)));
    edits.addAll(Unneeded.of(snapshot, name, null));
    return new Plan(
        edits, List.of(entry(name, AuditAction.WEBHOOK_DELETED, "", List.of())), List.of());
  }

  static Webhook existing(Snapshot snapshot, String name) {
    Webhook webhook = WebhookDocuments.find(snapshot, name);
    if (webhook == null) {
      throw new UnknownPolicyException(name);
    }
    return webhook;
  }

  private static void check(Snapshot snapshot, DocumentKey key, @Nullable Long ifVersion) {
    long actual = snapshot.version(key);
    if (ifVersion != null && ifVersion != actual) {
      throw new VersionMismatchException(key.toString(), ifVersion, actual);
    }
  }

  private AuditEntry entry(String name, String action, String reason, List<FieldChange> changes) {
    return Audits.entry(path(name), null, action, reason, actor, null, null, changes, now);
  }
}
