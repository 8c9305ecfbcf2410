package io.shield.simple.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.json.ShieldJson;
import io.shield.json.Times;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.Head;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A request id that was accepted, with what is needed to tell its commit again.
 *
 * @param at when it was accepted
 */
record Request(String id, Head head, String predecessor, Instant at) {
  static Request of(Commit commit, Instant at) {
    return new Request(commit.change().requestId(), commit.head(), commit.predecessor(), at);
  }

  /** The commit, given the change that was repeated. */
  Commit commit(Change repeated) {
    Head before = new Head(head.epoch(), head.revision() - 1, predecessor);
    return Commit.following(before, head.commitId(), repeated);
  }

  /** A head's or a page's content: {@code {"requests": [...]}}. */
  static ObjectNode write(List<Request> requests) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    var array = node.putArray("requests");
    requests.forEach(request -> array.add(request.write()));
    return node;
  }

  private ObjectNode write() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("request_id", id);
    node.set("head", ShieldJson.write(head));
    node.put("predecessor", predecessor);
    node.put("at", at.toString());
    return node;
  }

  static List<Request> readAll(JsonNode json) {
    List<Request> requests = new ArrayList<>();
    json.path("requests").forEach(each -> requests.add(read(each)));
    return requests;
  }

  private static Request read(JsonNode json) {
    return new Request(
        json.path("request_id").asText(),
        ShieldJson.readHead(json.path("head")),
        json.path("predecessor").asText(),
        Times.parse("at", json.path("at").asText()));
  }
}
