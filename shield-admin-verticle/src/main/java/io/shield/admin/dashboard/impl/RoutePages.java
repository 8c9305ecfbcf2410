package io.shield.admin.dashboard.impl;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.ShieldEngine;
import io.shield.admin.dashboard.AdminAccess;
import io.shield.admin.dashboard.ApiCall;
import io.shield.admin.dashboard.Reply;
import io.shield.admin.dashboard.view.AuditRow;
import io.shield.admin.dashboard.view.RoutePage;
import io.shield.json.ShieldJson;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The page of one route: its state, what becomes of a request, and its history. */
final class RoutePages {
  private static final int ENTRIES = 50;

  private final ShieldEngine engine;
  private final AdminAccess api;
  private final RouteTable table;
  private final Traffic traffic;

  RoutePages(ShieldEngine engine, AdminAccess api, RouteTable table, Traffic traffic) {
    this.engine = engine;
    this.api = api;
    this.table = table;
    this.traffic = traffic;
  }

  Future<RoutePage> page(RoutingContext ctx, String key, Instant now) {
    RouteTable.Entry entry = table.entry(engine.snapshot(), engine.routes().get(key));
    RouteState state = entry.state();
    RouteKey named = state.key();
    List<Traffic.Minute> minutes = traffic.minutes(named);
    ApiCall explain =
        ApiCall.get("/api/explain")
            .with("method", named.method())
            .with("path", named.path())
            .with("service", named.service());
    ApiCall history =
        ApiCall.get("/api/audit")
            .with("route", state.path())
            .with("limit", String.valueOf(ENTRIES));
    return api.call(ctx, explain)
        .compose(
            explained ->
                api.call(ctx, history)
                    .map(
                        logged ->
                            new RoutePage(
                                table.row(entry, now),
                                facts(state, now),
                                explanation(explained),
                                Graph.bars(minutes),
                                said(minutes),
                                LimitPages.policyKey(state.path()),
                                rows(logged, now))));
  }

  private static String said(List<Traffic.Minute> minutes) {
    Traffic.Minute sum = minutes.stream().reduce(Traffic.Minute.NONE, Traffic.Minute::plus);
    return sum.allowed()
        + " allowed, "
        + sum.refused()
        + " refused, "
        + sum.limited()
        + " limited in the last 15 minutes";
  }

  private static RoutePage.Explanation explanation(Reply reply) {
    if (!reply.isOk()) {
      return new RoutePage.Explanation(reply.status(), "unknown", "", reply.error(), List.of());
    }
    JsonNode json = reply.json();
    return new RoutePage.Explanation(
        json.path("status").asInt(),
        json.path("decision").asText(),
        json.path("rule").asText().replace('_', ' '),
        json.path("why").asText(),
        StreamSupport.stream(json.path("rate_limits").spliterator(), false)
            .map(limit -> AuditRows.name(limit.asText()))
            .toList());
  }

  /** The entries of an answer of {@code /api/audit}; none if it could not be read. */
  static List<AuditRow> rows(Reply reply, Instant now) {
    return reply.isOk()
        ? StreamSupport.stream(reply.json().spliterator(), false)
            .map(ShieldJson::readAuditEntry)
            .map(entry -> AuditRows.row(entry, now))
            .toList()
        : List.of();
  }

  private static List<RoutePage.Fact> facts(RouteState state, Instant now) {
    List<RoutePage.Fact> facts = new ArrayList<>();
    add(facts, "Stored status", Texts.status(state.status()).label());
    add(facts, "Reason", state.reason());
    add(facts, "Until", moment(state.until(), now));
    for (MaintenanceWindow window : state.windows()) {
      add(facts, "Window", moment(window.start(), now) + " to " + moment(window.end(), now));
      add(facts, "Reason of the window", window.reason());
    }
    add(facts, "Environments", String.join(", ", state.allowedEnvs()));
    add(facts, "Addresses let in", String.join(", ", state.allowedIps()));
    add(facts, "Roles let in", String.join(", ", state.allowedRoles()));
    add(facts, "Canary", state.canaryPercentage() == 0 ? "" : state.canaryPercentage() + " %");
    add(facts, "Sunset", state.sunsetDate());
    add(facts, "Successor", state.successorPath());
    add(facts, "Since", moment(state.since(), now));
    add(facts, "Decided by", state.origin().name().equals("CODE") ? "the code" : "an operator");
    add(facts, "Version", String.valueOf(state.version()));
    return facts;
  }

  private static void add(List<RoutePage.Fact> facts, String label, @Nullable String text) {
    if (text != null && !text.isEmpty()) {
      facts.add(new RoutePage.Fact(label, text));
    }
  }

  private static String moment(@Nullable Instant moment, Instant now) {
    var when = Texts.when(moment, now);
    return when.isSet() ? when.iso() + " (" + when.text() + ")" : "";
  }
}
