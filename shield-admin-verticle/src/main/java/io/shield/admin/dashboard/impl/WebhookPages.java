package io.shield.admin.dashboard.impl;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.admin.dashboard.AdminAccess;
import io.shield.admin.dashboard.ApiCall;
import io.shield.admin.dashboard.Reply;
import io.shield.admin.dashboard.Visitor;
import io.shield.admin.dashboard.view.Status;
import io.shield.admin.dashboard.view.WebhooksPage;
import io.shield.json.WebhookJson;
import io.shield.model.webhook.Delivery;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Who is told of changes, and the last tries for one of them. */
final class WebhookPages {
  private static final int MOST = 200;

  private final AdminAccess api;

  WebhookPages(AdminAccess api) {
    this.api = api;
  }

  Future<WebhooksPage> page(RoutingContext ctx, Visitor visitor, Form query, Instant now) {
    if (!visitor.mayDecide()) {
      return Future.succeededFuture(new WebhooksPage(false, List.of(), "", List.of()));
    }
    String limit = String.valueOf(MOST);
    return api.call(ctx, ApiCall.get("/api/webhooks").with("limit", limit))
        .compose(
            reply -> {
              List<WebhooksPage.Hook> hooks = hooks(reply);
              String wanted = query.value("name");
              String chosen =
                  hooks.stream()
                      .filter(hook -> wanted.isEmpty() || hook.name().equals(wanted))
                      .max(Comparator.comparing(WebhooksPage.Hook::enabled))
                      .map(WebhooksPage.Hook::name)
                      .orElse("");
              if (chosen.isEmpty()) {
                return Future.succeededFuture(new WebhooksPage(true, hooks, "", List.of()));
              }
              ApiCall deliveries =
                  ApiCall.get("/api/webhooks/:name/deliveries").with("name", chosen);
              return api.call(ctx, deliveries)
                  .map(tries -> new WebhooksPage(true, hooks, chosen, tries(tries, now)));
            });
  }

  private static List<WebhooksPage.Hook> hooks(Reply reply) {
    List<WebhooksPage.Hook> hooks = new ArrayList<>();
    if (reply.isOk()) {
      reply.json().forEach(json -> hooks.add(hook(json)));
    }
    return hooks;
  }

  private static WebhooksPage.Hook hook(JsonNode json) {
    String name = json.path("name").asText();
    boolean enabled = json.path("enabled").asBoolean();
    String problem = json.path("problem").asText("");
    String here = json.path("node_problem").asText("");
    Status status = new Status("active", "Enabled");
    if (!enabled) {
      status = new Status("disabled", "Disabled");
    } else if (json.path("retrying").asInt() > 0 || !here.isEmpty()) {
      status = new Status("maintenance", "In trouble");
    }
    return new WebhooksPage.Hook(
        Texts.id("h-", name),
        name,
        URLEncoder.encode(name, StandardCharsets.UTF_8),
        json.path("url").asText(),
        details(json),
        status,
        problem.isEmpty() && enabled ? here : problem,
        waiting(json),
        json.path("sender").asText(""),
        enabled);
  }

  private static String details(JsonNode json) {
    List<String> events = new ArrayList<>();
    json.path("events").forEach(each -> events.add(AuditRows.action(each.asText())));
    String secret = json.path("secret_env").asText("");
    return (events.isEmpty() ? "every change" : String.join(", ", events))
        + (json.path("format").asText().equals("default")
            ? ""
            : ", as " + json.path("format").asText())
        + (secret.isEmpty() ? "" : ", signed with " + secret);
  }

  private static String waiting(JsonNode json) {
    List<String> parts = new ArrayList<>();
    parts.add(json.path("pending").asText("0"));
    add(parts, json.path("retrying").asLong(), "tried again");
    add(parts, json.path("parked").asLong(), "given up");
    add(parts, json.path("dropped").asLong(), "dropped");
    return String.join(", ", parts);
  }

  private static void add(List<String> parts, long count, String what) {
    if (count > 0) {
      parts.add(count + " " + what);
    }
  }

  private static List<WebhooksPage.Try> tries(Reply reply, Instant now) {
    List<WebhooksPage.Try> tries = new ArrayList<>();
    if (reply.isOk()) {
      for (JsonNode json : reply.json()) {
        Delivery delivery = WebhookJson.readDelivery(json);
        tries.add(
            new WebhooksPage.Try(
                Texts.id("d-", delivery.id() + " " + delivery.attempt() + " " + delivery.at()),
                delivery.id(),
                Texts.when(delivery.at(), now),
                AuditRows.action(delivery.event()),
                AuditRows.name(delivery.path()),
                delivery.attempt(),
                status(delivery.outcome()),
                answer(delivery)));
      }
    }
    return tries;
  }

  private static Status status(Delivery.Outcome outcome) {
    String word = outcome.wireName();
    String label = word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    return switch (outcome) {
      case DELIVERED -> new Status("active", label);
      case FAILED -> new Status("maintenance", label);
      case PARKED -> new Status("disabled", label);
    };
  }

  private static String answer(Delivery delivery) {
    String problem = delivery.problem();
    String status = delivery.status() == 0 ? "" : String.valueOf(delivery.status());
    return problem == null ? status : (status + " " + problem).strip();
  }
}
