package io.shield.impl.declared;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.error.InvalidValueException;
import io.shield.impl.webhook.WebhookDocuments;
import io.shield.internal.value.Checks;
import io.shield.json.Fields;
import io.shield.model.DocumentValue;
import io.shield.model.RouteKey;
import io.shield.model.store.DocumentKey;
import io.shield.model.webhook.Webhook;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A document, read.
 *
 * @param owner the label of who keeps it, or null
 * @param service the one service it is about, or null
 * @param sections the parts it has
 * @param entries what it declares, in its order
 */
public record DeclaredDocument(
    @Nullable String owner,
    @Nullable String service,
    Set<Section> sections,
    Map<DocumentKey, DocumentValue> entries) {
  static final String FORMAT = "shield";
  static final int VERSION = 1;
  static final String OWNER = "owner";
  static final String SERVICE = "service";
  private static final List<String> FIELDS =
      List.of(FORMAT, OWNER, SERVICE, "routes", "maintenance", "rate_limits", "webhooks");

  /**
   * Reads a document.
   *
   * @throws InvalidValueException if it cannot be one; the message names the entry and the field
   */
  public static DeclaredDocument read(JsonNode json) {
    Fields in = Fields.of("document", json);
    checkFields("document", json, FIELDS);
    if (in.integer(FORMAT, 0) != VERSION) {
      throw new InvalidValueException(
          FORMAT, String.valueOf(json.get(FORMAT)), VERSION + ", the version of the format");
    }
    String owner = in.string(OWNER);
    if (owner != null) {
      Checks.nonEmptyLine(OWNER, owner, 100);
    }
    String service = in.string(SERVICE);
    if (service != null) {
      RouteKey.checkService(service);
    }
    Reader reader = new Reader(service);
    Set<Section> sections = EnumSet.noneOf(Section.class);
    for (Section section : Section.values()) {
      if (json.has(section.field())) {
        sections.add(section);
        reader.section(section, in.node(section.field()));
      }
    }
    return new DeclaredDocument(owner, service, sections, reader.entries);
  }

  private static void checkFields(String what, JsonNode node, List<String> known) {
    node.fieldNames()
        .forEachRemaining(
            field -> {
              if (!known.contains(field)) {
                throw new InvalidValueException(
                        "field", field, "one of " + String.join(", ", known))
                    .within(what);
              }
            });
  }

  /** Collects entries. */
  private static final class Reader {
    private final @Nullable String service;
    private final Map<DocumentKey, DocumentValue> entries = new LinkedHashMap<>();

    Reader(@Nullable String service) {
      this.service = service;
    }

    /** A part that is there and empty declares that there is nothing of its kind. */
    void section(Section section, @Nullable JsonNode node) {
      if (node == null) {
        return;
      }
      if (section == Section.ROUTES) {
        all(section.field(), node, key -> DocumentKey.state(RouteKey.parse(key).toString()));
        return;
      }
      if (section == Section.WEBHOOKS) {
        all(
            section.field(),
            node,
            name -> WebhookDocuments.webhook(Webhook.checkName("name", name)));
        return;
      }
      boolean limits = section == Section.RATE_LIMITS;
      Fields in = Fields.of(section.field(), node);
      List<String> parts =
          limits
              ? List.of(Section.GLOBAL, Section.SERVICES, Section.ROUTES.field())
              : List.of(Section.GLOBAL, Section.SERVICES);
      checkFields(section.field(), node, parts);
      JsonNode global = in.node(Section.GLOBAL);
      if (global != null) {
        put(limits ? DocumentKey.globalRateLimit() : DocumentKey.globalMaintenance(), global);
      }
      all(
          section.field() + "/" + Section.SERVICES,
          in.node(Section.SERVICES),
          limits ? DocumentKey::serviceRateLimit : DocumentKey::serviceMaintenance);
      all(section.field() + "/routes", in.node("routes"), DocumentKey::policy);
    }

    private void all(String what, @Nullable JsonNode node, Function<String, DocumentKey> key) {
      if (node == null) {
        return;
      }
      Fields.of(what, node);
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        DocumentKey read;
        try {
          read = key.apply(entry.getKey());
          if (Section.of(read) == null) {
            throw new InvalidValueException("name", entry.getKey(), "no name of Shield's own");
          }
        } catch (InvalidValueException e) {
          throw e.within(what);
        }
        put(read, entry.getValue());
      }
    }

    private void put(DocumentKey key, JsonNode value) {
      DocumentValue read = EntryJson.read(key, value);
      if (service != null && !service.equals(Section.serviceOf(key))) {
        throw new InvalidValueException(SERVICE, service, "that of every entry")
            .within(Section.nameOf(key));
      }
      entries.put(key, read);
    }
  }
}
