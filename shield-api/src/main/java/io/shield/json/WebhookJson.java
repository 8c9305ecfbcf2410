package io.shield.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.model.Origin;
import io.shield.model.webhook.Delivery;
import io.shield.model.webhook.Webhook;
import io.shield.model.webhook.WebhookEvent;
import java.util.List;

/** The JSON of webhooks. All methods are thread-safe. */
public final class WebhookJson {
  /** The fields of a webhook. */
  public static final List<String> FIELDS =
      List.of(
          "name",
          "url",
          "format",
          "events",
          "secret_env",
          "enabled",
          "problem",
          "origin",
          "version");

  private WebhookJson() {}

  /** A webhook, without its secret. */
  public static ObjectNode write(Webhook webhook) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("name", webhook.name());
    node.put("url", webhook.url());
    node.put("format", webhook.format());
    node.set("events", ShieldJson.strings(webhook.events()));
    node.put("secret_env", webhook.secretEnv());
    node.put("enabled", webhook.enabled());
    node.put("problem", webhook.problem());
    node.put("origin", webhook.origin().wireName());
    node.put("version", webhook.version());
    return node;
  }

  /** Reads a webhook. */
  public static Webhook read(JsonNode json) {
    Fields in = Fields.of("webhook", json);
    return new Webhook(
        in.required("name"),
        in.required("url"),
        in.string("format", Webhook.DEFAULT_FORMAT),
        in.strings("events"),
        in.string("secret_env"),
        in.flag("enabled", true),
        in.string("problem"),
        in.choice("origin", Origin::parse, Origin.RUNTIME),
        in.number("version", 0));
  }

  /** An event. */
  public static ObjectNode write(WebhookEvent event) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", event.id());
    node.put("event", event.event());
    node.put("path", event.path());
    node.put("service", event.service());
    node.put("actor", event.actor());
    node.put("reason", event.reason());
    node.put("timestamp", event.timestamp().toString());
    node.set("state", event.state());
    return node;
  }

  /** Reads an event. */
  public static WebhookEvent readEvent(JsonNode json) {
    Fields in = Fields.of("event", json);
    return new WebhookEvent(
        in.required("id"),
        in.required("event"),
        in.required("path"),
        in.string("service"),
        in.string("actor", "system"),
        in.string("reason", ""),
        in.requiredTime("timestamp"),
        in.node("state"));
  }

  /** A try to deliver. */
  public static ObjectNode write(Delivery delivery) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", delivery.id());
    node.put("event", delivery.event());
    node.put("path", delivery.path());
    node.put("at", delivery.at().toString());
    node.put("attempt", delivery.attempt());
    node.put("outcome", delivery.outcome().wireName());
    node.put("status", delivery.status());
    node.put("problem", delivery.problem());
    return node;
  }

  /** Reads a try to deliver. */
  public static Delivery readDelivery(JsonNode json) {
    Fields in = Fields.of("delivery", json);
    return new Delivery(
        in.required("id"),
        in.required("event"),
        in.required("path"),
        in.requiredTime("at"),
        in.integer("attempt", 1),
        Delivery.Outcome.parse(in.required("outcome")),
        in.integer("status", 0),
        in.string("problem"));
  }
}
