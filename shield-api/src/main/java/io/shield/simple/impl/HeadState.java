package io.shield.simple.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.json.ShieldJson;
import io.shield.model.RouteState;
import io.shield.model.store.Head;
import io.shield.simple.impl.Request.Page;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the state {@value #NAME} holds.
 *
 * @param head where the store is
 * @param requests the last request ids, oldest first
 */
record HeadState(Head head, List<Request> requests) {
  static final String NAME = "__shield:head__";

  HeadState {
    requests = List.copyOf(requests);
  }

  RouteState write() {
    ObjectNode json = Request.write(requests);
    json.set("head", ShieldJson.write(head));
    return DocumentStates.reserved(NAME, json);
  }

  static HeadState read(RouteState state) {
    JsonNode json = ShieldJson.parse(NAME, state.reason());
    return new HeadState(ShieldJson.readHead(json.path("head")), Request.readAll(json));
  }

  /**
   * The head after a journal's change. It depends on the head before and the journal only, so that
   * it is the same when the change is done again.
   *
   * @param state the head
   * @param pushedOut the request ids that found no room in it, or null; to be written before it
   */
  record Next(HeadState state, @Nullable Page pushedOut) {
    /** The head is written with every commit, so it must not grow with the ids of 15 minutes. */
    private static final int IDS_IN_HEAD = 50;

    static Next of(List<Request> before, Journal journal) {
      Request added = Request.of(journal.commit(), journal.at());
      if (before.size() >= IDS_IN_HEAD) {
        Page page = Page.at(journal.commit().head().revision(), before);
        return new Next(new HeadState(journal.commit().head(), List.of(added)), page);
      }
      List<Request> requests = new ArrayList<>(before);
      requests.add(added);
      return new Next(new HeadState(journal.commit().head(), requests), null);
    }
  }
}
