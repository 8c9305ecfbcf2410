package io.shield;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.model.webhook.WebhookEvent;

/** Makes the body of a request of an event. Called on the engine's context; must not block. */
@FunctionalInterface
public interface WebhookFormatter {
  /** The body, with at least one field. The same event must give the same body on every try. */
  ObjectNode format(WebhookEvent event);
}
