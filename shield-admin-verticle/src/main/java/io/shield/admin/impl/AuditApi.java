package io.shield.admin.impl;

import io.shield.ShieldEngine;
import io.shield.json.ShieldJson;
import io.shield.spi.AuditQuery;
import io.vertx.core.Future;
import java.util.List;

/** The audit log, page by page and as a whole. */
final class AuditApi {
  private static final String[] FILTERS = {"route", "path", "service", "actor", "action", "since"};

  private final ShieldEngine engine;

  AuditApi(ShieldEngine engine) {
    this.engine = engine;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/audit", Access.SIGNED_IN, this::list).listing(FILTERS),
        Endpoint.get("/api/audit/export", Access.VIEWER, this::export).listing(FILTERS));
  }

  private static AuditQuery query(Call call, int offset, int limit) {
    String route = call.parameter("route");
    return new AuditQuery(
        route == null ? call.parameter("path") : route,
        ServiceView.visible(call, call.parameter("service")),
        call.parameter("actor"),
        call.parameter("action"),
        call.since("since"),
        offset,
        limit);
  }

  private Future<Answer> list(Call call) {
    int limit = call.number("limit", AuditQuery.DEFAULT_LIMIT, 1, Page.MAX_LIMIT);
    int offset = call.number("offset", 0, 0, Integer.MAX_VALUE);
    AuditQuery query = query(call, offset, limit);
    return engine
        .audit()
        .list(query)
        .compose(
            entries ->
                engine
                    .audit()
                    .count(query)
                    .map(total -> new Page<>(entries, total).answer(ShieldJson::write)));
  }

  /** One entry a line, newest first. */
  private Future<Answer> export(Call call) {
    return engine
        .audit()
        .list(query(call, 0, AuditQuery.MAX_LIMIT))
        .map(
            entries -> {
              StringBuilder lines = new StringBuilder();
              entries.forEach(
                  entry -> lines.append(ShieldJson.text(ShieldJson.write(entry))).append('\n'));
              return Answer.text(200, "application/x-ndjson", lines.toString())
                  .with("Content-Disposition", "attachment; filename=\"shield-audit.ndjson\"");
            });
  }
}
