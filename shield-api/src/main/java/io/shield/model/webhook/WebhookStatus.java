package io.shield.model.webhook;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a webhook is doing.
 *
 * @param pending how many events wait, those that are tried again included
 * @param retrying how many of them failed and are tried again
 * @param parked how many are kept, having failed for a day
 * @param dropped how many were lost since there were too many, and it was not told so yet
 * @param sender the node that sends, or null if none does
 * @param problem what keeps this node from sending, or null
 * @param deliveries the last tries, newest first
 */
public record WebhookStatus(
    int pending,
    int retrying,
    int parked,
    long dropped,
    @Nullable String sender,
    @Nullable String problem,
    List<Delivery> deliveries) {
  public WebhookStatus {
    deliveries = List.copyOf(deliveries);
  }
}
