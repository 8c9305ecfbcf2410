package io.shield.admin.impl;

import io.shield.ShieldEngine;
import io.shield.admin.document.ScheduleJson;
import io.vertx.core.Future;
import java.util.List;

/** What is to come. */
final class ScheduleApi {
  private final ShieldEngine engine;

  ScheduleApi(ShieldEngine engine) {
    this.engine = engine;
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/api/schedule", Access.VIEWER, this::list).listing("service"));
  }

  private Future<Answer> list(Call call) {
    String service = call.parameter("service");
    return Page.of(call, ScheduleJson.of(engine.snapshot(), service, call.now()))
        .answer(item -> item)
        .now();
  }
}
