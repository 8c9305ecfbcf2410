package io.shield.admin.dashboard.impl;

import io.shield.admin.dashboard.AdminAccess;
import io.shield.admin.dashboard.ApiCall;
import io.shield.admin.dashboard.Reply;
import io.shield.admin.dashboard.view.AuditPage;
import io.shield.admin.dashboard.view.AuditRow;
import io.shield.admin.dashboard.view.Pager;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The audit log, filtered by the API. */
final class AuditPages {
  private static final int ROWS = 50;

  /** How far back the choices of a page reach. */
  private static final Map<String, Duration> BACK =
      Map.of(
          "1h", Duration.ofHours(1),
          "1d", Duration.ofDays(1),
          "7d", Duration.ofDays(7),
          "30d", Duration.ofDays(30));

  private final AdminAccess api;

  AuditPages(AdminAccess api) {
    this.api = api;
  }

  Future<AuditPage> page(RoutingContext ctx, Form query, Instant now) {
    AuditPage.Filter filter =
        new AuditPage.Filter(
            query.value("route"),
            query.value("actor"),
            query.value("action"),
            query.value("service"),
            query.value("since"));
    int from = query.value("from").matches("\\d{1,6}") ? Integer.parseInt(query.value("from")) : 0;
    Duration back = BACK.get(filter.since());
    ApiCall call =
        ApiCall.get("/api/audit")
            .with("route", filter.route())
            .with("actor", filter.actor())
            .with("action", filter.action().replace(' ', '_'))
            .with("service", filter.service())
            .with("since", back == null ? "" : now.minus(back).toString())
            .with("limit", String.valueOf(ROWS))
            .with("offset", String.valueOf(from));
    return api.call(ctx, call).map(reply -> page(filter, from, reply, now));
  }

  private static AuditPage page(AuditPage.Filter filter, int from, Reply reply, Instant now) {
    List<AuditRow> rows = RoutePages.rows(reply, now);
    int total = Integer.parseInt(reply.headers().getOrDefault("X-Total-Count", "0"));
    int to = from + rows.size();
    return new AuditPage(
        filter,
        rows,
        new Pager(
            rows.isEmpty() ? 0 : from + 1,
            to,
            total,
            from == 0 ? "" : href("audit", filter, Math.max(0, from - ROWS)),
            to >= total ? "" : href("audit", filter, to)),
        export(filter, now),
        reply.isOk() ? "" : reply.error());
  }

  private static String export(AuditPage.Filter filter, Instant now) {
    Duration back = BACK.get(filter.since());
    String since = back == null ? "" : now.minus(back).toString();
    return href(
        "../api/audit/export",
        new AuditPage.Filter(
            filter.route(),
            filter.actor(),
            filter.action().replace(' ', '_'),
            filter.service(),
            since),
        0);
  }

  private static String href(String page, AuditPage.Filter filter, int from) {
    StringBuilder href = new StringBuilder(page).append('?');
    append(href, "route", filter.route());
    append(href, "actor", filter.actor());
    append(href, "action", filter.action());
    append(href, "service", filter.service());
    append(href, "since", filter.since());
    append(href, "from", from == 0 ? "" : String.valueOf(from));
    return href.substring(0, href.length() - 1);
  }

  private static void append(StringBuilder href, String name, String value) {
    if (!value.isEmpty()) {
      href.append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
      href.append('&');
    }
  }
}
