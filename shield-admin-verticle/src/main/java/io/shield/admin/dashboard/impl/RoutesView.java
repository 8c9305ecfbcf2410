package io.shield.admin.dashboard.impl;

import io.shield.admin.dashboard.view.Pager;
import io.shield.admin.dashboard.view.RouteRow;
import io.shield.admin.dashboard.view.RoutesPage;
import io.shield.decision.EffectiveStatus;
import io.shield.model.RouteState;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The page of routes: filtered, sorted, part by part; its state is its address. */
final class RoutesView {
  static final int ROWS = 50;

  private static final Comparator<RouteTable.Entry> BY_ROUTE =
      Comparator.<RouteTable.Entry, String>comparing(entry -> entry.state().key().path())
          .thenComparing(entry -> entry.state().path());

  private final RouteTable table;

  RoutesView(RouteTable table) {
    this.table = table;
  }

  RoutesPage page(Form query, Instant now) {
    RoutesPage.Filter filter =
        new RoutesPage.Filter(
            query.value("q"),
            query.value("status"),
            query.value("service"),
            query.value("method"),
            query.value("sort"));
    List<RouteTable.Entry> all = table.entries();
    List<RouteTable.Entry> matching =
        all.stream().filter(entry -> matches(entry, filter)).sorted(order(filter, now)).toList();
    int from = Math.min(offset(query.value("from")), Math.max(0, matching.size() - 1));
    from -= from % ROWS;
    int to = Math.min(from + ROWS, matching.size());
    List<RouteRow> rows =
        matching.subList(from, to).stream().map(entry -> table.row(entry, now)).toList();
    return new RoutesPage(
        RouteTable.counts(all, filter.status()),
        all.size(),
        filter,
        columns(filter),
        rows,
        new Pager(
            matching.isEmpty() ? 0 : from + 1,
            to,
            matching.size(),
            from == 0 ? "" : href(filter, filter.sort(), from - ROWS),
            to == matching.size() ? "" : href(filter, filter.sort(), to)),
        all.stream()
            .map(entry -> RouteTable.service(entry.state()))
            .filter(Objects::nonNull)
            .filter(service -> !service.isEmpty())
            .distinct()
            .sorted()
            .toList(),
        all.stream()
            .map(entry -> entry.state().key().method())
            .filter(Objects::nonNull)
            .distinct()
            .sorted()
            .toList());
  }

  private static int offset(String text) {
    return text.matches("\\d{1,6}") ? Integer.parseInt(text) : 0;
  }

  private static boolean matches(RouteTable.Entry entry, RoutesPage.Filter filter) {
    RouteState state = entry.state();
    return (filter.status().isEmpty() || filter.status().equals(entry.status().wireName()))
        && (filter.service().isEmpty() || filter.service().equals(RouteTable.service(state)))
        && (filter.method().isEmpty() || filter.method().equals(state.key().method()))
        && (filter.text().isEmpty()
            || contains(state.path(), filter)
            || contains(state.reason(), filter));
  }

  private static boolean contains(String text, RoutesPage.Filter filter) {
    return text.toLowerCase(Locale.ROOT).contains(filter.text().toLowerCase(Locale.ROOT));
  }

  private static Comparator<RouteTable.Entry> order(RoutesPage.Filter filter, Instant now) {
    boolean falling = filter.sort().startsWith("-");
    Comparator<RouteTable.Entry> order =
        switch (falling ? filter.sort().substring(1) : filter.sort()) {
          case "status" -> Comparator.comparing(RouteTable.Entry::status);
          case "since" ->
              Comparator.comparing(
                  entry -> entry.state().since(), Comparator.nullsLast(Comparator.naturalOrder()));
          case "next" ->
              Comparator.comparing(
                  entry -> next(entry, now), Comparator.nullsLast(Comparator.naturalOrder()));
          default -> BY_ROUTE;
        };
    return (falling ? order.reversed() : order).thenComparing(BY_ROUTE);
  }

  private static @Nullable Instant next(RouteTable.Entry entry, Instant now) {
    EffectiveStatus.Edge edge = EffectiveStatus.nextEdge(entry.state(), now);
    return edge == null ? null : edge.at();
  }

  private static List<RoutesPage.Column> columns(RoutesPage.Filter filter) {
    return List.of(
        column(filter, "Route", "route"),
        column(filter, "Status", "status"),
        new RoutesPage.Column("Reason", "", "none"),
        new RoutesPage.Column("Environments", "", "none"),
        column(filter, "Since", "since"),
        column(filter, "Next", "next"));
  }

  private static RoutesPage.Column column(RoutesPage.Filter filter, String label, String name) {
    String sort = filter.sort().isEmpty() ? "route" : filter.sort();
    boolean rising = sort.equals(name);
    boolean falling = sort.equals("-" + name);
    return new RoutesPage.Column(
        label,
        href(filter, rising ? "-" + name : name, 0),
        rising ? "ascending" : falling ? "descending" : "none");
  }

  private static String href(RoutesPage.Filter filter, String sort, int from) {
    StringBuilder href = new StringBuilder("routes?");
    append(href, "q", filter.text());
    append(href, "status", filter.status());
    append(href, "service", filter.service());
    append(href, "method", filter.method());
    append(href, "sort", sort);
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
