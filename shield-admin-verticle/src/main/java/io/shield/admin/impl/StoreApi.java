package io.shield.admin.impl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.ChangeConflictException;
import io.shield.ShieldEngine;
import io.shield.Store;
import io.shield.StoreStatus;
import io.shield.json.ShieldJson;
import java.util.List;
import java.util.Locale;

/** How the store is doing, and what an operator decides when it is not to be believed. */
final class StoreApi {
  private final ShieldEngine engine;

  StoreApi(ShieldEngine engine) {
    this.engine = engine;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/store", Access.ADMIN, call -> shown().now()),
        Endpoint.post(
            "/api/store/adopt",
            Access.ADMIN,
            call -> distrusted().adopt(call.actor(), call.reason()).map(v -> shown())),
        Endpoint.post(
            "/api/store/reseed",
            Access.ADMIN,
            call -> distrusted().reseed(call.actor(), call.reason()).map(v -> shown())));
  }

  /** The store, if there is anything to decide about it. */
  private Store distrusted() {
    if (engine.store().status().condition() == StoreStatus.Condition.READY) {
      throw new ChangeConflictException("the store is believed: there is nothing to decide");
    }
    return engine.store();
  }

  private Answer shown() {
    StoreStatus status = engine.store().status();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("condition", status.condition().name().toLowerCase(Locale.ROOT));
    body.put("problem", status.problem());
    body.put("warning", status.warning());
    body.set("head", ShieldJson.write(status.head()));
    return Answer.json(body).with("ETag", ETags.of(status.head(), status.head().revision()));
  }
}
