package io.shield.admin.dashboard.impl;

import io.shield.ShieldEngine;
import io.shield.admin.dashboard.view.AuditRow;
import io.shield.admin.dashboard.view.JteauditRowsGenerated;
import io.shield.admin.dashboard.view.JtenoticesGenerated;
import io.shield.admin.dashboard.view.JterouteRowGenerated;
import io.shield.admin.dashboard.view.RouteRow;
import io.shield.error.UnknownRouteException;
import io.shield.model.RouteStatus;
import io.shield.model.store.Head;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/**
 * Writes changes as events for the pages that show them: a row as it is now, a number, or that
 * something is to be read again. What many browsers are told alike is written once.
 */
final class LiveEvents {
  /**
   * What a browser shows.
   *
   * @param page which page
   * @param key the route's key if it is that one's page
   * @param rows the short names of the rows
   * @param mayChange whether the person may change anything
   */
  record Scope(String page, String key, Set<String> rows, boolean mayChange) {
    private static final int SHORT = 8;

    /** Reads short names as {@link #names} wrote them. */
    static Set<String> rows(String names) {
      Set<String> rows = new HashSet<>();
      for (int i = 0; i + SHORT <= names.length(); i += SHORT) {
        rows.add(names.substring(i, i + SHORT));
      }
      return rows;
    }

    /** The short names of rows, one after the other. */
    static String names(List<RouteRow> rows) {
      return rows.stream().map(row -> name(row.id())).collect(Collectors.joining());
    }

    private static String name(String id) {
      return id.substring(ROW.length(), ROW.length() + SHORT);
    }

    boolean shows(String id) {
      return rows.contains(name(id));
    }
  }

  /** What the ids of rows begin with. */
  static final String ROW = "r-";

  /** The page is to be read again. */
  private static final String AGAIN = event("again", "1");

  private final ShieldEngine engine;
  private final RouteTable table;
  private final Notices notices;
  private final InstantSource clock;

  LiveEvents(ShieldEngine engine, RouteTable table, Notices notices, InstantSource clock) {
    this.engine = engine;
    this.table = table;
    this.notices = notices;
    this.clock = clock;
  }

  /** The events for each scope; none where nothing of it changed. */
  Map<Scope, String> texts(LiveBatch batch, Set<Scope> scopes) {
    Told events = new Told(batch);
    Map<Scope, String> texts = new HashMap<>();
    scopes.forEach(scope -> texts.put(scope, events.text(scope)));
    return texts;
  }

  /** A batch made ready. */
  private final class Told {
    private final LiveBatch batch;
    private final Instant now = clock.instant();
    private final Head head = engine.snapshot().head();
    private final Map<String, Map<Boolean, String>> rows = new HashMap<>();
    private final String numbers;
    private final String notes;

    Told(LiveBatch batch) {
      this.batch = batch;
      this.numbers = batch.everyRoute() || batch.routes().isEmpty() ? "" : numbers();
      this.notes = batch.maintenance() ? notes() : "";
    }

    String text(Scope scope) {
      String body = notes + body(scope);
      return body.isEmpty() ? "" : id(head) + body;
    }

    private String body(Scope scope) {
      return switch (scope.page()) {
        case "routes" -> batch.everyRoute() ? AGAIN : rows(scope) + numbers;
        case "route" -> batch.everyRoute() || batch.routes().contains(scope.key()) ? AGAIN : "";
        case "limits" -> batch.limits() ? AGAIN : "";
        case "schedule" -> batch.routes().isEmpty() ? "" : AGAIN;
        case "services" ->
            batch.maintenance() || batch.limits() || !batch.routes().isEmpty() ? AGAIN : "";
        case "audit" -> batch.audit().isEmpty() ? "" : event("audit", auditRows());
        default -> "";
      };
    }

    private String rows(Scope scope) {
      StringBuilder events = new StringBuilder();
      for (String route : batch.routes()) {
        String id = Texts.id(ROW, route);
        if (scope.shows(id)) {
          events.append(
              rows.computeIfAbsent(route, key -> new HashMap<>())
                  .computeIfAbsent(scope.mayChange(), mayChange -> row(route, mayChange)));
        }
      }
      return events.toString();
    }

    private String row(String route, boolean mayChange) {
      try {
        RouteRow row = table.row(table.entry(engine.snapshot(), engine.routes().get(route)), now);
        return event(
            row.id(),
            Templates.text(
                out -> JterouteRowGenerated.render(out, Templates.PLAIN, row, mayChange)));
      } catch (UnknownRouteException gone) {
        return AGAIN;
      }
    }

    /** All of them: which ones a page shows already depends on when it was read. */
    private String numbers() {
      Map<RouteStatus, Integer> counts = RouteTable.count(table.entries());
      StringBuilder events = new StringBuilder();
      for (RouteStatus status : RouteStatus.values()) {
        String number = String.valueOf(counts.getOrDefault(status, 0));
        events.append(event("n-" + status.wireName(), number));
      }
      return events.toString();
    }

    private String auditRows() {
      List<AuditRow> entries =
          batch.audit().stream().map(entry -> AuditRows.row(entry, now)).toList();
      return Templates.text(out -> JteauditRowsGenerated.render(out, Templates.PLAIN, entries));
    }
  }

  /** The first event of a stream; the page is read again if something changed meanwhile. */
  String hello(Scope scope, String seen) {
    Head head = engine.snapshot().head();
    int retry = ThreadLocalRandom.current().nextInt(1_000, 3_000);
    String first = "retry: " + retry + "\n" + id(head) + event("alive", "1");
    return seen.equals(name(head)) ? first : first + AGAIN;
  }

  /** That the stream is alive, and what is known of the store if that changed. */
  String alive(Scope scope, boolean storeChanged) {
    String alive = event("alive", "1");
    if (!storeChanged) {
      return alive;
    }
    return alive + notes() + (scope.page().equals("store") ? AGAIN : "");
  }

  private String notes() {
    return event(
        "notices",
        Templates.text(out -> JtenoticesGenerated.render(out, Templates.PLAIN, notices.now())));
  }

  String signedOut() {
    return event("signed-out", "1");
  }

  static String name(Head head) {
    return head.epoch() + ":" + head.revision();
  }

  private static String id(Head head) {
    return "id: " + name(head) + "\n";
  }

  /** A line break of any kind in the data begins a new line of data. */
  private static String event(String name, String data) {
    return "event: " + name + "\ndata: " + data.replaceAll("\r\n|\r|\n", "\ndata: ") + "\n\n";
  }
}
