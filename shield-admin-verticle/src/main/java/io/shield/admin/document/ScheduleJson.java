package io.shield.admin.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.decision.EffectiveStatus;
import io.shield.model.MaintenanceWindow;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.store.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is to come: planned windows and states that end, with what falls into the same time. */
public final class ScheduleJson {
  /** How many other routes are named for one window. */
  private static final int MAX_OVERLAPS = 20;

  private ScheduleJson() {}

  /** Something that begins or ends. */
  private static final class Item {
    private final RouteState state;
    private final @Nullable MaintenanceWindow window;
    private final Instant start;
    private final Instant end;
    private final Set<String> overlaps = new LinkedHashSet<>();

    Item(RouteState state, @Nullable MaintenanceWindow window, Instant start, Instant end) {
      this.state = state;
      this.window = window;
      this.start = start;
      this.end = end;
    }

    /** When something happens next. */
    Instant next(Instant now) {
      return start.isAfter(now) ? start : end;
    }

    void meets(Item other) {
      if (overlaps.size() < MAX_OVERLAPS && !other.state.path().equals(state.path())) {
        overlaps.add(other.state.path());
      }
    }
  }

  /**
   * What is to come, the next first: {@code kind} is {@code window} or {@code until}, {@code at}
   * when something happens next, {@code overlaps} other routes that are closed in the same time.
   *
   * @param service only what belongs to a service, or null
   */
  public static List<JsonNode> of(Snapshot snapshot, @Nullable String service, Instant now) {
    List<Item> items = new ArrayList<>();
    for (RouteState state : snapshot.states().values()) {
      if (!state.forceActive()) {
        add(items, state, now);
      }
    }
    items.sort(Comparator.comparing(item -> item.start));
    findOverlaps(items);
    return items.stream()
        .filter(item -> service == null || Objects.equals(service, serviceOf(item.state)))
        .sorted(
            Comparator.comparing((Item item) -> item.next(now)).thenComparing(i -> i.state.path()))
        .<JsonNode>map(item -> json(item, now))
        .toList();
  }

  private static void add(List<Item> items, RouteState state, Instant now) {
    for (MaintenanceWindow window : state.windows()) {
      if (window.end().isAfter(now)) {
        items.add(new Item(state, window, window.start(), window.end()));
      }
    }
    Instant until = state.until();
    if (until != null && until.isAfter(now)) {
      Instant since = state.since() == null ? now : state.since();
      items.add(new Item(state, null, since.isAfter(until) ? now : since, until));
    }
  }

  private static void findOverlaps(List<Item> byStart) {
    for (int i = 0; i < byStart.size(); i++) {
      Item one = byStart.get(i);
      for (int j = i + 1; j < byStart.size(); j++) {
        Item other = byStart.get(j);
        if (!other.start.isBefore(one.end) || one.overlaps.size() >= MAX_OVERLAPS) {
          break;
        }
        one.meets(other);
        other.meets(one);
      }
    }
  }

  private static @Nullable String serviceOf(RouteState state) {
    String named = RouteKey.parse(state.path()).service();
    return named == null ? state.service() : named;
  }

  private static ObjectNode json(Item item, Instant now) {
    MaintenanceWindow window = item.window;
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("kind", window == null ? "until" : "window");
    node.put("path", item.state.path());
    node.put("service", serviceOf(item.state));
    node.put("at", item.next(now).toString());
    node.put("start", window == null ? null : item.start.toString());
    node.put("end", item.end.toString());
    node.put("reason", window == null ? item.state.reason() : window.reason());
    node.put("in_force", !item.start.isAfter(now));
    node.put("status", EffectiveStatus.at(item.state, item.next(now)).wireName());
    item.overlaps.forEach(node.putArray("overlaps")::add);
    return node;
  }
}
