package io.shield.model.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What webhooks are told.
 *
 * @param id the same on every try, and nowhere else
 * @param event the action, as the audit log has it
 * @param path what it is about, as the audit log has it
 * @param service the service it belongs to, or null
 * @param actor who did it
 * @param reason why, may be empty
 * @param timestamp when
 * @param state what became of it, as the REST API shows it, or null where nothing is left
 */
public record WebhookEvent(
    String id,
    String event,
    String path,
    @Nullable String service,
    String actor,
    String reason,
    Instant timestamp,
    @Nullable JsonNode state) {
  /** Tells how many events were lost because nobody took them: {@code state.count}. */
  public static final String DROPPED = "events_dropped";

  /** Sent when somebody wants to see whether a webhook works. */
  public static final String TEST = "test";

  public WebhookEvent {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(event, "event");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(actor, "actor");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(timestamp, "timestamp");
  }
}
