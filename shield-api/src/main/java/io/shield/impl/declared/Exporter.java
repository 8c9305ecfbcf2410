package io.shield.impl.declared;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.DeclaredState;
import io.shield.impl.webhook.WebhookDocuments;
import io.shield.internal.ReservedStates;
import io.shield.model.DocumentValue;
import io.shield.model.MaintenanceMode;
import io.shield.model.RouteKey;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Snapshot;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes what a snapshot holds as a document. */
public final class Exporter {
  private final Snapshot snapshot;
  private final DeclaredState.Scope scope;
  private final Owners owners;

  public Exporter(Snapshot snapshot, DeclaredState.Scope scope) {
    this.snapshot = snapshot;
    this.scope = scope;
    this.owners = new Owners(snapshot);
  }

  public ObjectNode export() {
    if (scope.service() != null) {
      RouteKey.checkService(scope.service());
    }
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put(DeclaredDocument.FORMAT, DeclaredDocument.VERSION);
    put(document, DeclaredDocument.OWNER, scope.owner());
    put(document, DeclaredDocument.SERVICE, scope.service());
    for (Section section : Section.values()) {
      if (scope.sections().isEmpty() || scope.sections().contains(section.field())) {
        document.putObject(section.field());
      }
    }
    values(snapshot).forEach((key, value) -> add(document, key, value));
    return document;
  }

  private static void put(ObjectNode document, String field, @Nullable String value) {
    if (value != null) {
      document.put(field, value);
    }
  }

  /** All that may stand in a document. The fleet's maintenance is there even if it never was. */
  static Map<DocumentKey, DocumentValue> values(Snapshot snapshot) {
    Map<DocumentKey, DocumentValue> all = new LinkedHashMap<>();
    all.put(DocumentKey.globalMaintenance(), MaintenanceMode.OFF);
    snapshot
        .content()
        .forEach(
            (key, versioned) -> {
              if (Section.of(key) != null && isReadable(snapshot, key)) {
                all.put(key, versioned.value());
              }
            });
    return all;
  }

  private static boolean isReadable(Snapshot snapshot, DocumentKey key) {
    return key.kind() != DocumentKind.DOCUMENT
        || WebhookDocuments.find(snapshot, WebhookDocuments.nameOf(key)) != null;
  }

  private void add(ObjectNode document, DocumentKey key, DocumentValue value) {
    Section section = Section.of(key);
    boolean wanted =
        section != null
            && document.has(section.field())
            && (scope.service() == null || scope.service().equals(Section.serviceOf(key)))
            && (scope.owner() == null || scope.owner().equals(owners.of(Section.nameOf(key))));
    if (!wanted || section == null) {
      return;
    }
    ObjectNode part = (ObjectNode) document.get(section.field());
    ObjectNode entry = EntryJson.write(key, value);
    if (key.kind() == DocumentKind.STATE) {
      part.set(key.key(), entry);
    } else if (key.kind() == DocumentKind.DOCUMENT) {
      part.set(WebhookDocuments.nameOf(key), entry);
    } else if (!key.isReserved()) {
      part.withObjectProperty(Section.ROUTES.field()).set(key.key(), entry);
    } else {
      String service = ReservedStates.serviceOf(key.key());
      if (service == null) {
        part.set(Section.GLOBAL, entry);
      } else {
        part.withObjectProperty(Section.SERVICES).set(service, entry);
      }
    }
  }
}
