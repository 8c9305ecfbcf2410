package io.shield.admin.dashboard.impl;

import io.shield.ShieldEngine;
import io.shield.admin.dashboard.AdminAccess;
import io.shield.admin.dashboard.ApiCall;
import io.shield.model.webhook.Webhook;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be done with a webhook; that of one event names the event behind the webhook. */
final class WebhookDialogs extends CallDialogs {
  private static final String REDELIVER = "webhook-redeliver";

  WebhookDialogs(ShieldEngine engine, AdminAccess api) {
    super(
        engine,
        api,
        List.of(
            verb("webhook-enable", "Enable", "It is told of what happens from now on."),
            verb(
                "webhook-disable",
                "Disable",
                "What waits for it is dropped, and nothing is kept for it until it is enabled."),
            verb(
                "webhook-test",
                "Test",
                "Sends it an event of no meaning, to see whether it works."),
            verb("webhook-delete", "Delete", "Forgets it, its secret, and what waits for it."),
            verb(REDELIVER, "Deliver again", "Sends the event again, under the same id.")));
  }

  private static Verb verb(String action, String label, String text) {
    return new Verb(action, label, text, false, "", List.of());
  }

  private static String webhook(String key) {
    int space = key.indexOf(' ');
    return space < 0 ? key : key.substring(0, space);
  }

  @Override
  String name(String key) {
    return key.contains(" ") ? key.substring(key.indexOf(' ') + 1) : "webhook " + key;
  }

  @Override
  long version(Verb verb, String key) {
    return 0;
  }

  @Override
  String state(Verb verb, String key) {
    return engine.webhooks().get(webhook(key)).map(Webhook::enabled).orElse(false)
        ? "Enabled"
        : "Disabled";
  }

  @Override
  Map<String, String> values(Verb verb, String key) {
    return Map.of();
  }

  @Override
  String impact(Verb verb, String key) {
    boolean drops =
        verb.action().equals("webhook-disable") || verb.action().equals("webhook-delete");
    return drops
        ? engine
            .webhooks()
            .status(webhook(key))
            .map(status -> Texts.count(status.pending(), "event") + " waiting.")
            .orElse("")
        : "";
  }

  @Override
  ApiCall call(Verb verb, String key, Form form) {
    String one = "/api/webhooks/:name";
    ApiCall call =
        switch (verb.action()) {
          case "webhook-delete" -> ApiCall.of(HttpMethod.DELETE, one);
          case REDELIVER ->
              ApiCall.of(HttpMethod.POST, one + "/deliveries/:id/redeliver")
                  .with("id", key.substring(key.indexOf(' ') + 1));
          default ->
              ApiCall.of(HttpMethod.POST, one + "/" + verb.action().substring("webhook-".length()));
        };
    return call.with("name", webhook(key));
  }

  @Override
  @Nullable ApiCall inverse(Verb verb, String key) {
    return null;
  }
}
