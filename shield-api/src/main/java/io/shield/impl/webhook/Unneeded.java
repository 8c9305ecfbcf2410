package io.shield.impl.webhook;

import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.model.webhook.Webhook;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds documents of events that nobody needs any more. */
final class Unneeded {
  /** How many are deleted with one commit. */
  private static final int MAX = 100;

  private Unneeded() {}

  /**
   * The edits that delete them.
   *
   * @param webhook the webhook that is changed
   * @param state what becomes of it
   */
  static List<Edit> of(Snapshot snapshot, String webhook, SenderState state) {
    return of(snapshot, Set.of(webhook), state);
  }

  /**
   * The edits that delete them when some webhooks go in one change, which may delete each once.
   *
   * @param webhooks those that go
   */
  static List<Edit> without(Snapshot snapshot, Set<String> webhooks) {
    return of(snapshot, webhooks, null);
  }

  private static List<Edit> of(
      Snapshot snapshot, Set<String> changed, @Nullable SenderState state) {
    List<SenderState> states = new ArrayList<>();
    if (state != null) {
      states.add(state);
    }
    for (Webhook other : WebhookDocuments.all(snapshot)) {
      SenderState needs =
          other.enabled() && !changed.contains(other.name())
              ? SenderState.read(snapshot, other.name())
              : null;
      if (needs != null) {
        states.add(needs);
      }
    }
    return EventLog.batches(snapshot).stream()
        .filter(batch -> states.stream().noneMatch(each -> each.needs(batch)))
        .limit(MAX)
        .map(batch -> new Edit(DocumentKey.document(batch.name()), batch.version(), null))
        .toList();
  }
}
