package io.shield.backend.cluster.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.json.CommitJson;
import io.shield.json.ShieldJson;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * All that a log came to up to one revision: what a member needs to go on from there. Immutable.
 *
 * @param snapshot the documents
 * @param ancestors the epochs the present one descends from, newest first
 * @param members the most members the epoch has seen
 * @param audit the audit entries, newest first
 * @param requests the requests accepted lately, oldest first
 * @param ids the commit ids of the last revisions of the epoch
 */
record Base(
    Snapshot snapshot,
    List<String> ancestors,
    int members,
    List<AuditEntry> audit,
    List<Requests.Accepted> requests,
    NavigableMap<Long, String> ids) {

  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("head", ShieldJson.write(snapshot.head()));
    ArrayNode epochs = json.putArray("ancestors");
    ancestors.forEach(epochs::add);
    json.put("members", members);
    ArrayNode documents = json.putArray("documents");
    snapshot
        .content()
        .forEach(
            (key, found) -> documents.add(CommitJson.write(key, found.version(), found.value())));
    ArrayNode entries = json.putArray("audit");
    audit.forEach(entry -> entries.add(ShieldJson.write(entry)));
    ArrayNode accepted = json.putArray("requests");
    for (Requests.Accepted each : requests) {
      ObjectNode request = accepted.addObject();
      request.put("id", each.id());
      request.set("head", ShieldJson.write(each.head()));
      request.put("predecessor", each.predecessor());
      request.put("at", each.at().toString());
    }
    ArrayNode known = json.putArray("ids");
    ids.forEach((revision, id) -> known.addArray().add(revision).add(id));
    return json;
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws io.shield.error.ShieldException if it is something else
   */
  static Base read(JsonNode json) {
    Snapshot snapshot = CommitJson.readSnapshot(json);
    List<String> ancestors = new ArrayList<>();
    json.path("ancestors").forEach(epoch -> ancestors.add(epoch.asText()));
    List<AuditEntry> audit = new ArrayList<>();
    json.path("audit").forEach(entry -> audit.add(ShieldJson.readAuditEntry(entry)));
    List<Requests.Accepted> requests = new ArrayList<>();
    for (JsonNode request : json.path("requests")) {
      requests.add(
          new Requests.Accepted(
              request.path("id").asText(),
              ShieldJson.readHead(request.path("head")),
              request.path("predecessor").asText(),
              Instant.parse(request.path("at").asText())));
    }
    NavigableMap<Long, String> ids = new TreeMap<>();
    json.path("ids").forEach(pair -> ids.put(pair.path(0).asLong(), pair.path(1).asText()));
    int members = json.path("members").asInt();
    return new Base(snapshot, ancestors, members, audit, requests, ids);
  }
}
