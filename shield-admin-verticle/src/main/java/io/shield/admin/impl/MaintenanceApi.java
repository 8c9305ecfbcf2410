package io.shield.admin.impl;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.ShieldEngine;
import io.shield.error.VersionMismatchException;
import io.shield.json.Fields;
import io.shield.json.ShieldJson;
import io.shield.model.MaintenanceMode;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Snapshot;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The maintenance of the fleet and of services. */
final class MaintenanceApi {
  private static final String REASON = "reason";

  private final ShieldEngine engine;

  MaintenanceApi(ShieldEngine engine) {
    this.engine = engine;
  }

  List<Endpoint> endpoints() {
    String service = "/api/services/:service/maintenance";
    return List.of(
        Endpoint.get("/api/global", Access.SIGNED_IN, call -> shown(null)),
        Endpoint.post("/api/global/enable", Access.OPERATOR, call -> set(call, null, on(call)))
            .reads(REASON),
        Endpoint.post("/api/global/disable", Access.OPERATOR, call -> set(call, null, off(call)))
            .reads(REASON),
        Endpoint.get(service, Access.VIEWER, call -> shown(call.service())),
        Endpoint.post(
                service + "/enable", Access.OPERATOR, call -> set(call, call.service(), on(call)))
            .reads(REASON),
        Endpoint.post(
                service + "/disable", Access.OPERATOR, call -> set(call, call.service(), off(call)))
            .reads(REASON));
  }

  private static MaintenanceMode on(Call call) {
    Fields in = call.body();
    return new MaintenanceMode(
        true, call.reason(), in.strings("exempt_paths"), in.flag("include_force_active", false));
  }

  private static MaintenanceMode off(Call call) {
    call.reason();
    return MaintenanceMode.OFF;
  }

  private static DocumentKey key(@Nullable String service) {
    return service == null
        ? DocumentKey.globalMaintenance()
        : DocumentKey.serviceMaintenance(service);
  }

  private Future<Answer> shown(@Nullable String service) {
    Snapshot snapshot = engine.snapshot();
    MaintenanceMode mode =
        service == null ? snapshot.globalMaintenance() : snapshot.serviceMaintenance(service);
    return Answer.json(ShieldJson.write(mode)).with("ETag", tag(service)).now();
  }

  private String tag(@Nullable String service) {
    Snapshot snapshot = engine.snapshot();
    return ETags.of(snapshot.head(), snapshot.version(key(service)));
  }

  private Future<Answer> set(Call call, @Nullable String service, MaintenanceMode mode) {
    Snapshot snapshot = engine.snapshot();
    long version = snapshot.version(key(service));
    String ifMatch = call.ifMatch();
    if (!ETags.allows(ifMatch, snapshot.head(), version)) {
      return mismatch(service).now();
    }
    Long expected = ifMatch == null ? null : Long.valueOf(version);
    Future<MaintenanceMode> set =
        service == null
            ? engine.maintenance().setGlobal(mode, call.actor(), expected)
            : engine.maintenance().setService(service, mode, call.actor(), expected);
    return set.map(done -> Answer.json(ShieldJson.write(done)).with("ETag", tag(service)))
        .recover(
            failure ->
                failure instanceof VersionMismatchException
                    ? mismatch(service).now()
                    : Future.failedFuture(failure));
  }

  private Answer mismatch(@Nullable String service) {
    Snapshot snapshot = engine.snapshot();
    MaintenanceMode mode =
        service == null ? snapshot.globalMaintenance() : snapshot.serviceMaintenance(service);
    ObjectNode body = Errors.body("VERSION_MISMATCH", "it was changed by somebody else: see state");
    body.set("state", ShieldJson.write(mode));
    return Answer.json(412, body).with("ETag", tag(service));
  }
}
