package io.shield.impl.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.error.InvalidValueException;
import io.shield.json.ShieldJson;
import io.shield.json.WebhookJson;
import io.shield.model.OpaqueDocument;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.shield.model.webhook.Webhook;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The documents in which webhooks are kept: who is told, the secrets, and who sends what. */
public final class WebhookDocuments {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookDocuments.class);
  private static final String WEBHOOK = "webhook:";
  private static final String SECRET = "webhook-secret:";
  private static final String SENDER = "webhook-sender:";

  private WebhookDocuments() {}

  /** Where a webhook is stored. */
  public static DocumentKey webhook(String name) {
    return DocumentKey.document(WEBHOOK + name);
  }

  static DocumentKey secret(String name) {
    return DocumentKey.document(SECRET + name);
  }

  static DocumentKey sender(String name) {
    return DocumentKey.document(SENDER + name);
  }

  /** Whether a document is a webhook. */
  public static boolean isWebhook(DocumentKey key) {
    return key.kind() == DocumentKind.DOCUMENT && key.key().startsWith(WEBHOOK);
  }

  /** The name of the webhook that a document is. */
  public static String nameOf(DocumentKey key) {
    return key.key().substring(WEBHOOK.length());
  }

  /** Whether a document says who is told what, or what waits to be told. */
  static boolean isOne(DocumentKey key) {
    return key.kind() == DocumentKind.DOCUMENT && key.key().startsWith("webhook");
  }

  /** All webhooks by name; what cannot be read is left out. */
  static List<Webhook> all(Snapshot snapshot) {
    List<Webhook> all = new ArrayList<>();
    for (Map.Entry<String, Versioned<OpaqueDocument>> each : snapshot.documents().entrySet()) {
      if (each.getKey().startsWith(WEBHOOK)) {
        Webhook read = read(each.getKey(), each.getValue());
        if (read != null) {
          all.add(read);
        }
      }
    }
    all.sort(Comparator.comparing(webhook -> webhook.name()));
    return all;
  }

  /** A webhook; null if there is none, or if it cannot be read. */
  public static @Nullable Webhook find(Snapshot snapshot, String name) {
    String key = WEBHOOK + name;
    Versioned<OpaqueDocument> document = snapshot.documents().get(key);
    return document == null ? null : read(key, document);
  }

  private static @Nullable Webhook read(String key, Versioned<OpaqueDocument> document) {
    try {
      return WebhookJson.read(json(key, document)).withVersion(document.version());
    } catch (InvalidValueException e) {
      LOG.warn("The webhook {} cannot be read: {}", key, e.getMessage());
      return null;
    }
  }

  static JsonNode json(String key, Versioned<OpaqueDocument> document) {
    return ShieldJson.parse(key, document.value().content());
  }

  static Edit edit(Snapshot snapshot, DocumentKey key, JsonNode value) {
    return new Edit(key, snapshot.version(key), new OpaqueDocument(ShieldJson.text(value)));
  }

  static List<Edit> delete(Snapshot snapshot, DocumentKey key) {
    long version = snapshot.version(key);
    return version == 0 ? List.of() : List.of(new Edit(key, version, null));
  }
}
