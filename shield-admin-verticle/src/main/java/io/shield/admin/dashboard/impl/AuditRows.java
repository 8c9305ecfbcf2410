package io.shield.admin.dashboard.impl;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.admin.dashboard.view.AuditRow;
import io.shield.json.ShieldJson;
import io.shield.model.audit.AuditEntry;
import io.shield.model.audit.FieldChange;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Audit entries as rows. */
final class AuditRows {
  private static final Map<String, String> NAMES =
      Map.of(
          "__global__",
          "whole fleet",
          "__global_rl__",
          "limit of the fleet",
          "__shield:global_rl__",
          "limit of the fleet");

  /** Fields that say nothing to people. */
  private static final Set<String> HIDDEN = Set.of("origin", "deprecated_at");

  private static final String NOTHING = "–";
  private static final String SERVICE = "__shield:svc_global:";
  private static final String SERVICE_LIMIT = "__shield:svc_rl:";

  private static final String WEBHOOK = "__webhook:";

  private AuditRows() {}

  static AuditRow row(AuditEntry entry, Instant now) {
    return new AuditRow(
        Texts.when(entry.timestamp(), now),
        name(entry.path()),
        !entry.path().startsWith("__"),
        action(entry.action()),
        entry.actor(),
        entry.platform(),
        entry.reason(),
        changes(entry),
        entry.revision());
  }

  /** What a document is about, as people read it. */
  static String name(String path) {
    if (path.startsWith(SERVICE) && path.endsWith("__")) {
      return "service " + path.substring(SERVICE.length(), path.length() - 2);
    }
    if (path.startsWith(SERVICE_LIMIT) && path.endsWith("__")) {
      return "limit of service " + path.substring(SERVICE_LIMIT.length(), path.length() - 2);
    }
    if (path.startsWith(WEBHOOK) && path.endsWith("__")) {
      return "webhook " + path.substring(WEBHOOK.length(), path.length() - 2);
    }
    return NAMES.getOrDefault(path, path);
  }

  private static List<AuditRow.Change> changes(AuditEntry entry) {
    return entry.changes().stream()
        .filter(change -> !HIDDEN.contains(change.field()))
        .filter(change -> !change.field().equals("reason"))
        .map(AuditRows::change)
        .toList();
  }

  private static AuditRow.Change change(FieldChange change) {
    return new AuditRow.Change(
        change.field().replace('_', ' '), plain(change.before()), plain(change.after()));
  }

  /** JSON of one value, without what only JSON needs. */
  private static String plain(String json) {
    JsonNode value = ShieldJson.parse("change", json);
    if (value.isArray()) {
      String list =
          StreamSupport.stream(value.spliterator(), false)
              .map(AuditRows::text)
              .collect(Collectors.joining(", "));
      return list.isEmpty() ? NOTHING : list;
    }
    if (value.has("start") && value.has("end")) {
      return value.get("start").asText() + " to " + value.get("end").asText();
    }
    return text(value);
  }

  private static String text(JsonNode value) {
    String text = value.isValueNode() ? value.asText() : value.toString();
    return value.isNull() || text.isEmpty() ? NOTHING : text;
  }

  /** What was done, in words. */
  static String action(String action) {
    return action
        .replace("global_rl_", "fleet limit ")
        .replace("svc_rl_", "service limit ")
        .replace("rl_policy_", "limit ")
        .replace("rl_", "limit ")
        .replace("global_maintenance", "fleet maintenance")
        .replace('_', ' ');
  }
}
