package io.shield.admin.dashboard.impl;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.admin.dashboard.AdminAccess;
import io.shield.admin.dashboard.ApiCall;
import io.shield.admin.dashboard.Reply;
import io.shield.admin.dashboard.view.Pager;
import io.shield.admin.dashboard.view.SchedulePage;
import io.shield.json.Times;
import io.shield.model.RouteStatus;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** What is to come, as the API tells it. */
final class SchedulePages {
  private static final int ROWS = 100;
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneOffset.UTC);

  private final AdminAccess api;

  SchedulePages(AdminAccess api) {
    this.api = api;
  }

  Future<SchedulePage> page(RoutingContext ctx, Form query, Instant now) {
    int from = query.value("from").matches("\\d{1,6}") ? Integer.parseInt(query.value("from")) : 0;
    ApiCall call =
        ApiCall.get("/api/schedule")
            .with("limit", String.valueOf(ROWS))
            .with("offset", String.valueOf(from));
    return api.call(ctx, call).map(reply -> page(from, reply, now));
  }

  private static SchedulePage page(int from, Reply reply, Instant now) {
    List<SchedulePage.Row> rows = new ArrayList<>();
    if (reply.isOk()) {
      for (JsonNode item : reply.json()) {
        rows.add(row(item, from + rows.size(), now));
      }
    }
    int total = Integer.parseInt(reply.headers().getOrDefault("X-Total-Count", "0"));
    int to = from + rows.size();
    return new SchedulePage(
        rows,
        new Pager(
            rows.isEmpty() ? 0 : from + 1,
            to,
            total,
            from == 0 ? "" : "schedule?from=" + Math.max(0, from - ROWS),
            to >= total ? "" : "schedule?from=" + to));
  }

  private static SchedulePage.Row row(JsonNode item, int number, Instant now) {
    String key = item.path("path").asText();
    boolean window = item.path("kind").asText().equals("window");
    boolean inForce = item.path("in_force").asBoolean();
    RouteStatus then = RouteStatus.parse(item.path("status").asText());
    List<String> overlaps = new ArrayList<>();
    item.path("overlaps").forEach(each -> overlaps.add(each.asText()));
    return new SchedulePage.Row(
        Texts.id("w-", number + " " + key),
        key,
        URLEncoder.encode(key, StandardCharsets.UTF_8),
        inForce,
        inForce ? "Ends" : "Begins",
        Texts.when(Times.parse("at", item.path("at").asText()), now),
        Texts.status(then),
        window
            ? moment(item.path("start")) + " to " + moment(item.path("end"))
            : "until " + moment(item.path("end")),
        item.path("reason").asText(""),
        overlaps,
        window ? "unschedule" : "enable",
        window ? "Cancel" : "Enable now");
  }

  private static String moment(JsonNode time) {
    return MINUTE.format(Times.parse("time", time.asText()));
  }
}
