package io.shield.admin.dashboard.impl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.shield.ShieldEngine;
import io.shield.admin.dashboard.AdminAccess;
import io.shield.admin.dashboard.ApiCall;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides about a store that is not believed. */
final class StoreDialogs extends CallDialogs {
  StoreDialogs(ShieldEngine engine, AdminAccess api) {
    super(
        engine,
        api,
        List.of(
            new Verb(
                "store-adopt",
                "Adopt",
                "Believes the store as it is: every node takes over what it holds, whatever the"
                    + " nodes knew.",
                true,
                "adopt",
                List.of("reason")),
            new Verb(
                "store-reseed",
                "Reseed",
                "Writes what this node knows into the store, in place of what it holds: every node"
                    + " takes that over.",
                true,
                "reseed",
                List.of("reason"))));
  }

  @Override
  String name(String key) {
    return "the store";
  }

  @Override
  long version(Verb verb, String key) {
    return 0;
  }

  @Override
  String state(Verb verb, String key) {
    return Services.store(engine.store().status());
  }

  @Override
  Map<String, String> values(Verb verb, String key) {
    return Map.of();
  }

  @Override
  String impact(Verb verb, String key) {
    return "This node knows " + Texts.count(engine.snapshot().states().size(), "route") + ".";
  }

  @Override
  ApiCall call(Verb verb, String key, Form form) {
    String endpoint =
        verb.action().equals("store-adopt") ? "/api/store/adopt" : "/api/store/reseed";
    return ApiCall.of(HttpMethod.POST, endpoint)
        .withBody(JsonNodeFactory.instance.objectNode().put("reason", form.value("reason")));
  }

  @Override
  @Nullable ApiCall inverse(Verb verb, String key) {
    return null;
  }
}
