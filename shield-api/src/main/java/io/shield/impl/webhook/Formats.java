package io.shield.impl.webhook;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.model.webhook.Webhook;
import io.shield.model.webhook.WebhookEvent;
import io.shield.model.webhook.WebhookFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The formats that this node knows. Thread-safe. */
final class Formats {
  private static final String OTHER_COLOUR = "#888888";

  /** The colours of the original; what it does not know of is grey. */
  private static final Map<String, String> COLOURS =
      Map.of(
          "maintenance_on", "#FFA500",
          "maintenance_off", "#36A64F",
          "disable", "#FF0000",
          "enable", "#36A64F",
          "env_gate", "#439FE0");

  private final Map<String, WebhookFormatter> formatters = new ConcurrentHashMap<>();

  Formats() {
    formatters.put(Webhook.DEFAULT_FORMAT, Formats::plain);
    formatters.put(Webhook.SLACK_FORMAT, Formats::slack);
  }

  void add(String name, WebhookFormatter formatter) {
    formatters.put(Webhook.checkName("format", name), formatter);
  }

  @Nullable WebhookFormatter find(String name) {
    return formatters.get(name);
  }

  Set<String> names() {
    return new TreeSet<>(formatters.keySet());
  }

  private static ObjectNode plain(WebhookEvent event) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("event", event.event());
    body.put("path", event.path());
    body.put("reason", event.reason());
    body.put("timestamp", event.timestamp().toString());
    body.set("state", event.state());
    body.put("service", event.service());
    body.put("actor", event.actor());
    return body;
  }

  private static ObjectNode slack(WebhookEvent event) {
    String text =
        "*" + event.event().toUpperCase(Locale.ROOT) + "*: `" + plainText(event.path()) + "`";
    if (!event.reason().isEmpty()) {
      text += "\n> " + plainText(event.reason());
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putArray("attachments")
        .addObject()
        .put("color", COLOURS.getOrDefault(event.event(), OTHER_COLOUR))
        .put("text", text)
        .put("footer", "shield")
        .put("ts", event.timestamp().getEpochSecond());
    return body;
  }

  /** Slack's three characters of markup: a reason must not mention everybody. */
  private static String plainText(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
