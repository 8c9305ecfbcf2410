package io.shield.admin.dashboard.impl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.shield.admin.dashboard.view.PaletteItem;
import io.shield.json.ShieldJson;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Finds pages, routes, and actions on routes: "pay", or "disable pay". */
final class Palette {
  private static final int MOST = 12;

  private final RouteTable table;
  private final Map<String, String> pages = new LinkedHashMap<>();

  Palette(RouteTable table) {
    this.table = table;
    pages.put("routes", "Routes");
    pages.put("limits", "Rate limits");
    pages.put("schedule", "Schedule");
    pages.put("audit", "Audit");
    pages.put("services", "Services");
    pages.put("webhooks", "Webhooks");
    pages.put("store", "Store");
  }

  List<PaletteItem> find(String text, boolean mayChange) {
    String wanted = text.toLowerCase(Locale.ROOT).strip();
    List<PaletteItem> found = new ArrayList<>();
    int space = wanted.indexOf(' ');
    String first = space < 0 ? wanted : wanted.substring(0, space);
    String rest = space < 0 ? "" : wanted.substring(space + 1).strip();
    if (mayChange && first.length() > 1) {
      for (RouteVerb verb : RouteVerb.values()) {
        if (verb != RouteVerb.UNSCHEDULE && verb.action().startsWith(first)) {
          keys(rest).map(key -> action(verb, key)).forEach(found::add);
        }
      }
    }
    pages.forEach(
        (href, label) -> {
          if (label.toLowerCase(Locale.ROOT).contains(wanted)) {
            found.add(new PaletteItem("", "Page", label, href, ""));
          }
        });
    keys(wanted)
        .map(key -> new PaletteItem("", "Route", key, "route?key=" + encoded(key), ""))
        .forEach(found::add);
    List<PaletteItem> named = new ArrayList<>();
    for (PaletteItem item : found.subList(0, Math.min(MOST, found.size()))) {
      named.add(
          new PaletteItem(
              "found-" + named.size(), item.kind(), item.text(), item.href(), item.values()));
    }
    return named;
  }

  private Stream<String> keys(String part) {
    return table.entries().stream()
        .filter(entry -> !entry.state().forceActive() || part.length() > 1)
        .map(entry -> entry.state().path())
        .filter(key -> key.toLowerCase(Locale.ROOT).contains(part))
        .sorted()
        .limit(MOST);
  }

  private static PaletteItem action(RouteVerb verb, String key) {
    String values =
        ShieldJson.text(
            JsonNodeFactory.instance.objectNode().put("act", verb.action() + " " + key));
    return new PaletteItem("", verb.label(), key, "", values);
  }

  private static String encoded(String key) {
    return URLEncoder.encode(key, StandardCharsets.UTF_8);
  }
}
