package io.shield.simple.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.ShieldException;
import io.shield.json.CommitJson;
import io.shield.json.ShieldJson;
import io.shield.json.Times;
import io.shield.model.DocumentValue;
import io.shield.model.RouteState;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the state {@value #NAME} holds: the change that is being written.
 *
 * @param commit the change as it will be
 * @param before its documents as they were
 * @param at when it was decided
 */
record Journal(Commit commit, List<Before> before, Instant at) {
  static final String NAME = "__shield:journal__";

  /**
   * A document as it was.
   *
   * @param value its value, or null if it was absent
   */
  record Before(DocumentKey key, long version, @Nullable DocumentValue value) {}

  Journal {
    before = List.copyOf(before);
  }

  static Journal of(Commit commit, Snapshot snapshot, Instant at) {
    List<Before> before = new ArrayList<>();
    for (Edit edit : commit.change().edits()) {
      DocumentKey key = edit.key();
      before.add(new Before(key, snapshot.version(key), snapshot.value(key)));
    }
    return new Journal(commit, before, at);
  }

  /**
   * Whether its change is still to be done in a store at the given head; if not, it is part of it.
   *
   * @throws ShieldException if it can be neither
   */
  boolean isPending(Head head) {
    if (commit.predecessor().equals(head.commitId())) {
      return true;
    }
    boolean done =
        commit.head().epoch().equals(head.epoch()) && commit.head().revision() <= head.revision();
    if (!done) {
      throw new ShieldException(
          "the state '"
              + NAME
              + "' follows "
              + commit.predecessor()
              + ", but the store is at "
              + head
              + "; if a backup was restored in part, restore it wholly or delete that state");
    }
    return false;
  }

  RouteState write() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("commit", CommitJson.write(commit));
    ArrayNode array = json.putArray("before");
    before.forEach(b -> array.add(CommitJson.write(b.key(), b.version(), b.value())));
    json.put("at", at.toString());
    return DocumentStates.reserved(NAME, json);
  }

  static Journal read(RouteState state) {
    JsonNode json = ShieldJson.parse(NAME, state.reason());
    List<Before> before = new ArrayList<>();
    json.path("before").forEach(each -> before.add(readBefore(each)));
    return new Journal(
        CommitJson.readCommit(json.path("commit")),
        before,
        Times.parse("at", json.path("at").asText()));
  }

  private static Before readBefore(JsonNode json) {
    return new Before(
        CommitJson.readKey(json), json.path("version").asLong(), CommitJson.readValue(json));
  }
}
