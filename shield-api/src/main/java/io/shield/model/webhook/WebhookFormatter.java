package io.shield.model.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Makes the body of a request of an event. Called on the engine's context; must not block. */
@FunctionalInterface
public interface WebhookFormatter {
  /** The body, with at least one field. The same event must give the same body on every try. */
  ObjectNode format(WebhookEvent event);
}
