package io.shield.simple.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.json.ShieldJson;
import io.shield.json.Times;
import io.shield.model.RouteState;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.Head;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /**
   * Request ids that found no room in the head any more.
   *
   * @param name the key of the state that keeps them
   * @param requests oldest first, at least one
   */
  record Page(String name, List<Request> requests) {
    private static final String PREFIX = "__shield:requests:";
    private static final String END = "__";

    Page {
      requests = List.copyOf(requests);
    }

    /** The page that the commit of a revision pushes out of the head. */
    static Page at(long revision, List<Request> requests) {
      return new Page(PREFIX + revision + END, requests);
    }

    RouteState write() {
      return DocumentStates.reserved(name, Request.write(requests));
    }

    /** The page in a state, or null if it keeps none. */
    static @Nullable Page read(RouteState state) {
      return state.path().startsWith(PREFIX)
          ? new Page(state.path(), Request.readAll(ShieldJson.parse(state.path(), state.reason())))
          : null;
    }

    boolean isOlderThan(Instant limit) {
      return requests.stream().allMatch(request -> request.at().isBefore(limit));
    }
  }
}
