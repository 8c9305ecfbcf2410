package io.shield.admin.impl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.ShieldEngine;
import io.shield.Store;
import io.shield.error.ChangeConflictException;
import io.shield.internal.MemberCount;
import io.shield.json.ShieldJson;
import io.shield.model.store.Head;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

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
                call -> decide(call, () -> distrusted().adopt(call.actor(), call.reason())))
            .reads("reason"),
        Endpoint.post(
                "/api/store/reseed",
                Access.ADMIN,
                call -> decide(call, () -> distrusted().reseed(call.actor(), call.reason())))
            .reads("reason"),
        Endpoint.post("/api/store/members", Access.ADMIN, this::members).reads("reason"));
  }

  /**
   * Says how many members the cluster has from now on; a store of another kind has no use for it.
   */
  private Future<Answer> members(Call call) {
    int count = MemberCount.check(call.body().number("members", 0));
    String reason = call.reason();
    return decide(call, () -> engine.store().members(count, call.actor(), reason));
  }

  private Future<Answer> decide(Call call, Supplier<Future<Store.Status>> decision) {
    Head head = engine.store().status().head();
    if (!ETags.allows(call.ifMatch(), head, head.revision())) {
      ObjectNode body =
          Errors.body("VERSION_MISMATCH", "something was changed meanwhile: see state");
      body.set("state", json());
      return Answer.json(412, body).with("ETag", ETags.of(head, head.revision())).now();
    }
    return decision.get().map(done -> shown());
  }

  /** The store, if there is anything to decide about it. */
  private Store distrusted() {
    if (engine.store().status().condition() == Store.Status.Condition.READY) {
      throw new ChangeConflictException("the store is believed: there is nothing to decide");
    }
    return engine.store();
  }

  private Answer shown() {
    Head head = engine.store().status().head();
    return Answer.json(json()).with("ETag", ETags.of(head, head.revision()));
  }

  private ObjectNode json() {
    Store.Status status = engine.store().status();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("condition", status.condition().name().toLowerCase(Locale.ROOT));
    body.put("problem", status.problem());
    body.put("warning", status.warning());
    body.set("head", ShieldJson.write(status.head()));
    return body;
  }
}
