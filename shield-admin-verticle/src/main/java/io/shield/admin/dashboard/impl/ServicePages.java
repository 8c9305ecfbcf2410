package io.shield.admin.dashboard.impl;

import io.shield.ShieldEngine;
import io.shield.Store;
import io.shield.admin.dashboard.Visitor;
import io.shield.admin.dashboard.view.ServicesPage;
import io.shield.admin.dashboard.view.StorePage;
import io.shield.internal.Meters;
import io.shield.model.MaintenanceMode;
import io.shield.model.RouteStatus;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The pages of services and of the store. */
final class ServicePages {
  private final ShieldEngine engine;
  private final Meters meters;
  private final RouteTable table;

  ServicePages(ShieldEngine engine, Meters meters, RouteTable table) {
    this.engine = engine;
    this.meters = meters;
    this.table = table;
  }

  ServicesPage services() {
    List<RouteTable.Entry> entries = table.entries();
    List<ServicesPage.Card> cards = new ArrayList<>();
    cards.add(
        card(ModeDialogs.FLEET, "Whole fleet", engine.maintenance().global(), entries, "routes"));
    for (String service : Services.names(engine)) {
      cards.add(
          card(
              service,
              service,
              engine.maintenance().service(service),
              entries.stream().filter(entry -> service.equals(serviceOf(entry))).toList(),
              "routes?service=" + URLEncoder.encode(service, StandardCharsets.UTF_8)));
    }
    return new ServicesPage(cards);
  }

  private String serviceOf(RouteTable.Entry entry) {
    String named = RouteTable.service(entry.state());
    return named == null || named.isEmpty()
        ? Objects.requireNonNullElse(engine.site().service(), "")
        : named;
  }

  private static ServicesPage.Card card(
      String key, String name, MaintenanceMode mode, List<RouteTable.Entry> entries, String href) {
    long shut =
        entries.stream()
            .filter(
                entry ->
                    entry.status() == RouteStatus.MAINTENANCE
                        || entry.status() == RouteStatus.DISABLED)
            .count();
    return new ServicesPage.Card(
        Texts.id("s-", key),
        key,
        name,
        key.equals(ModeDialogs.FLEET),
        mode.enabled(),
        mode.reason(),
        mode.exemptPaths(),
        entries.size(),
        (int) shut,
        href);
  }

  StorePage store(Visitor visitor) {
    Store.Status status = engine.store().status();
    boolean undecided = status.condition() == Store.Status.Condition.DISTRUSTED;
    return new StorePage(
        status.condition().name().toLowerCase(Locale.ROOT),
        Services.store(status),
        Objects.requireNonNullElse(status.problem(), ""),
        Objects.requireNonNullElse(status.warning(), ""),
        engine.snapshot().head().epoch(),
        engine.snapshot().head().revision(),
        meters.nanosSinceAnswer() / 1_000_000_000L,
        visitor.mayDecide(),
        undecided);
  }
}
