package io.shield.admin.dashboard.impl;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.ShieldEngine;
import io.shield.Store;
import io.shield.admin.dashboard.Visitor;
import io.shield.admin.dashboard.view.ServicesPage;
import io.shield.admin.dashboard.view.Status;
import io.shield.admin.dashboard.view.StorePage;
import io.shield.internal.Meters;
import io.shield.json.Times;
import io.shield.model.MaintenanceMode;
import io.shield.model.RouteStatus;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.StreamSupport;

/** The pages of services and of the store. */
final class ServicePages {
  private static final int MOST_CLIENTS = 100;

  private final ShieldEngine engine;
  private final Meters meters;
  private final RouteTable table;

  ServicePages(ShieldEngine engine, Meters meters, RouteTable table) {
    this.engine = engine;
    this.meters = meters;
    this.table = table;
  }

  /**
   * The page of services.
   *
   * @param clients the answer of {@code /api/clients}
   */
  ServicesPage services(JsonNode clients, Instant now) {
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
    List<ServicesPage.Client> shown =
        StreamSupport.stream(clients.spliterator(), false)
            .sorted(Comparator.comparingLong(ServicePages::behind).reversed())
            .limit(MOST_CLIENTS)
            .map(client -> client(client, now))
            .toList();
    return new ServicesPage(cards, shown, clients.size());
  }

  /** One of another lineage is further behind than any. */
  private static long behind(JsonNode client) {
    return client.path("lag").isNumber() ? client.path("lag").asLong() : Long.MAX_VALUE;
  }

  private static ServicesPage.Client client(JsonNode client, Instant now) {
    long behind = behind(client);
    Status lag =
        behind == 0
            ? new Status("active", "Up to date")
            : behind == Long.MAX_VALUE
                ? new Status("disabled", "Of another lineage")
                : new Status("maintenance", Texts.count(behind, "change"));
    return new ServicesPage.Client(
        client.path("service").asText(""),
        client.path("instance").asText(""),
        client.path("address").asText(""),
        client.path("sdk").asText(""),
        Texts.when(Times.parse("since", client.path("since").asText()), now),
        lag);
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
