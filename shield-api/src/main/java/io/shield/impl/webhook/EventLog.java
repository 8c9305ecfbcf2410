package io.shield.impl.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.decision.EffectiveStatus;
import io.shield.error.InvalidValueException;
import io.shield.json.ShieldJson;
import io.shield.json.WebhookJson;
import io.shield.model.DocumentValue;
import io.shield.model.OpaqueDocument;
import io.shield.model.RouteState;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.shield.model.webhook.Webhook;
import io.shield.model.webhook.WebhookEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events that wait to be told: documents of their own, written in the commit that brings them
 * and deleted when nobody needs them any more. The audit log would not do, since it is cut. Their
 * order is that of the commits.
 */
final class EventLog {
  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);
  private static final String PREFIX = "webhook-events:";

  /** A document has a largest size, and a bulk change may have a thousand entries. */
  private static final int EVENTS_IN_ONE = 100;

  private static final String GLOBAL_MAINTENANCE = "__global__";
  private static final String GLOBAL_RATE_LIMIT = "__global_rl__";

  private EventLog() {}

  /**
   * One document of events.
   *
   * @param name its name
   * @param version the revision of its commit
   * @param count how many events it has
   * @param only the webhook it is for, or null for all
   */
  record Batch(String name, long version, int count, @Nullable String only) {}

  /** Whether a document holds events. */
  static boolean isOne(DocumentKey key) {
    return key.kind() == DocumentKind.DOCUMENT && key.key().startsWith(PREFIX);
  }

  /** The edits that write the events of a change; none if nobody is told. */
  static List<Edit> edits(Snapshot snapshot, List<Edit> edits, List<AuditEntry> audit) {
    if (audit.isEmpty()) {
      return List.of();
    }
    Map<DocumentKey, Edit> byKey = new HashMap<>();
    edits.forEach(edit -> byKey.put(edit.key(), edit));
    List<Webhook> webhooks =
        WebhookDocuments.all(snapshot).stream()
            .filter(webhook -> !isDeleted(byKey.get(WebhookDocuments.webhook(webhook.name()))))
            .toList();
    List<AuditEntry> told =
        audit.stream()
            .filter(entry -> webhooks.stream().anyMatch(w -> w.wants(entry.action())))
            .toList();
    if (told.isEmpty()) {
      return List.of();
    }
    List<WebhookEvent> events =
        told.stream().map(entry -> event(entry, state(snapshot, byKey, entry))).toList();
    return write(events, null);
  }

  private static boolean isDeleted(@Nullable Edit edit) {
    return edit != null && edit.value() == null;
  }

  /** The edits that write events, for all webhooks or for one. */
  static List<Edit> write(List<WebhookEvent> events, @Nullable String only) {
    String id = UUID.randomUUID().toString();
    List<Edit> written = new ArrayList<>();
    for (int from = 0; from < events.size(); from += EVENTS_IN_ONE) {
      List<WebhookEvent> part = events.subList(from, Math.min(events.size(), from + EVENTS_IN_ONE));
      String name =
          String.format("%s%s:%04d:%d", PREFIX, id, from / EVENTS_IN_ONE, part.size())
              + (only == null ? "" : ":" + only);
      ArrayNode all = JsonNodeFactory.instance.arrayNode();
      part.forEach(event -> all.add(WebhookJson.write(event)));
      DocumentKey key = DocumentKey.document(name);
      written.add(new Edit(key, 0, new OpaqueDocument(ShieldJson.text(all))));
    }
    return written;
  }

  private static WebhookEvent event(AuditEntry entry, @Nullable JsonNode state) {
    return new WebhookEvent(
        "msg_" + entry.id(),
        entry.action(),
        entry.path(),
        entry.service(),
        entry.actor(),
        entry.reason(),
        entry.timestamp(),
        state);
  }

  /** What the entry is about, as it is after the change. */
  private static @Nullable JsonNode state(
      Snapshot snapshot, Map<DocumentKey, Edit> edits, AuditEntry entry) {
    DocumentKey key = documentOf(entry);
    if (key == null) {
      return null;
    }
    Edit edit = edits.get(key);
    DocumentValue value = edit == null ? snapshot.value(key) : edit.value();
    if (value == null) {
      return null;
    }
    return value instanceof RouteState state
        ? ShieldJson.writeShown(
            state, EffectiveStatus.at(state, entry.timestamp()), entry.timestamp())
        : ShieldJson.writeValue(value);
  }

  private static @Nullable DocumentKey documentOf(AuditEntry entry) {
    String path = entry.path();
    if (path.equals(GLOBAL_MAINTENANCE)) {
      return DocumentKey.globalMaintenance();
    }
    if (path.equals(GLOBAL_RATE_LIMIT)) {
      return DocumentKey.globalRateLimit();
    }
    if (entry.action().startsWith("service_maintenance")) {
      return new DocumentKey(DocumentKind.MAINTENANCE, path);
    }
    if (path.startsWith("__shield:") || entry.action().startsWith("rl_")) {
      return DocumentKey.policy(path);
    }
    return path.startsWith("__") ? null : DocumentKey.state(path);
  }

  /** All documents of events, in the order of their commits. */
  static List<Batch> batches(Snapshot snapshot) {
    List<Batch> batches = new ArrayList<>();
    for (Map.Entry<String, Versioned<OpaqueDocument>> each : snapshot.documents().entrySet()) {
      if (each.getKey().startsWith(PREFIX)) {
        Batch batch = batch(each.getKey(), each.getValue().version());
        if (batch != null) {
          batches.add(batch);
        }
      }
    }
    batches.sort(Comparator.comparingLong(Batch::version).thenComparing(Batch::name));
    return batches;
  }

  private static @Nullable Batch batch(String name, long version) {
    String[] parts = name.split(":", -1);
    try {
      String only = parts.length > 4 ? parts[4] : null;
      return new Batch(name, version, Integer.parseInt(parts[3]), only);
    } catch (IndexOutOfBoundsException | NumberFormatException notOurs) {
      return null;
    }
  }

  /** The events of a document; none if it is gone or cannot be read. */
  static List<WebhookEvent> read(Snapshot snapshot, String name) {
    Versioned<OpaqueDocument> document = snapshot.documents().get(name);
    List<WebhookEvent> events = new ArrayList<>();
    if (document == null) {
      return events;
    }
    try {
      WebhookDocuments.json(name, document)
          .forEach(event -> events.add(WebhookJson.readEvent(event)));
    } catch (InvalidValueException e) {
      LOG.warn("The events {} cannot be read: {}", name, e.getMessage());
    }
    return events;
  }

  /** A payload's {@code state} for a number of lost events. */
  static ObjectNode count(long count) {
    return JsonNodeFactory.instance.objectNode().put("count", count);
  }
}
