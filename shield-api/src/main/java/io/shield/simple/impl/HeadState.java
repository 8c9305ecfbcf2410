package io.shield.simple.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.json.ShieldJson;
import io.shield.model.RouteState;
import io.shield.model.store.Head;
import java.util.List;

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
}
