package io.shield.admin.dashboard.impl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.ShieldEngine;
import io.shield.admin.dashboard.AdminAccess;
import io.shield.admin.dashboard.ApiCall;
import io.shield.json.ShieldJson;
import io.shield.model.MaintenanceMode;
import io.shield.model.store.DocumentKey;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;

/** Closes and opens the whole fleet, or a service. */
final class ModeDialogs extends CallDialogs {
  /** The key of the fleet; no service has such a name. */
  static final String FLEET = "/";

  private static final String WORD = "close";
  private static final List<String> FIELDS = List.of("reason", "exempt_paths");

  private final Traffic traffic;

  ModeDialogs(ShieldEngine engine, AdminAccess api, Traffic traffic) {
    super(
        engine,
        api,
        List.of(
            new Verb(
                "fleet-on",
                "Close everything",
                "Every route that is not exempt and not force-active is answered 503.",
                true,
                WORD,
                FIELDS),
            new Verb(
                "service-on",
                "Maintenance",
                "Every route of the service that is not exempt and not force-active is answered"
                    + " 503.",
                true,
                "",
                FIELDS),
            off("fleet-off"),
            off("service-off")));
    this.traffic = traffic;
  }

  private static Verb off(String action) {
    return new Verb(
        action,
        "End maintenance",
        "Routes are again what their own state says. Exempt routes are forgotten.",
        false,
        "",
        List.of("reason"));
  }

  @Override
  String name(String key) {
    return key.equals(FLEET) ? "whole fleet" : "service " + key;
  }

  private static DocumentKey document(String key) {
    return key.equals(FLEET)
        ? DocumentKey.globalMaintenance()
        : DocumentKey.serviceMaintenance(key);
  }

  private MaintenanceMode mode(String key) {
    return key.equals(FLEET) ? engine.maintenance().global() : engine.maintenance().service(key);
  }

  @Override
  long version(Verb verb, String key) {
    return engine.snapshot().version(document(key));
  }

  @Override
  String state(Verb verb, String key) {
    MaintenanceMode mode = mode(key);
    return mode.enabled() ? "Under maintenance: " + mode.reason() : "Open";
  }

  @Override
  Map<String, String> values(Verb verb, String key) {
    return Map.of("exempt_paths", String.join("\n", mode(key).exemptPaths()));
  }

  @Override
  String impact(Verb verb, String key) {
    return verb.danger() ? traffic.impact(key.equals(FLEET) ? null : key) : "";
  }

  @Override
  ApiCall call(Verb verb, String key, Form form) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("reason", form.value("reason"));
    if (verb.danger()) {
      Lists.split(form.value("exempt_paths")).forEach(body.putArray("exempt_paths")::add);
      body.put("include_force_active", form.value("include_force_active").equals("true"));
    }
    return call(key, verb.danger()).withBody(body);
  }

  private static ApiCall call(String key, boolean on) {
    String what = on ? "enable" : "disable";
    return key.equals(FLEET)
        ? ApiCall.of(HttpMethod.POST, "/api/global/" + what)
        : ApiCall.of(HttpMethod.POST, "/api/services/:service/maintenance/" + what)
            .with("service", key);
  }

  @Override
  ApiCall inverse(Verb verb, String key) {
    MaintenanceMode mode = mode(key);
    ObjectNode body = ShieldJson.write(mode);
    return call(key, mode.enabled()).withBody(mode.enabled() ? body : body.put("reason", "undone"));
  }
}
