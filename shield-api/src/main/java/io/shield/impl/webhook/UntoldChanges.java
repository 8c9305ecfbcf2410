package io.shield.impl.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.shield.ShieldChange;
import io.shield.impl.change.Plan;
import io.shield.impl.replica.Replica.Observer;
import io.shield.model.OpaqueDocument;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the news of commits that came without them: of what others wrote into the store and a
 * backend took over, and of a change that was made by a node that did not know of a webhook yet. A
 * document says up to which commit that was done, so that of all nodes one does it. Confined to the
 * context.
 */
public final class UntoldChanges implements Observer {
  private static final Logger LOG = LoggerFactory.getLogger(UntoldChanges.class);
  private static final DocumentKey DONE = DocumentKey.document("webhook-told");
  private static final long RETRY_MILLIS = 500;
  private static final int MOST = 1_000;

  private record Untold(Snapshot before, Commit commit) {}

  private final WebhookSender sender;
  private final Deque<Untold> waiting = new ArrayDeque<>();
  private boolean telling;

  public UntoldChanges(WebhookSender sender) {
    this.sender = sender;
  }

  @Override
  public void inForce(ShieldChange change, @Nullable Commit commit) {
    if (commit != null && isUntold(change.before(), commit) && waiting.size() < MOST) {
      waiting.add(new Untold(change.before(), commit));
      next();
    }
  }

  private static boolean isUntold(Snapshot before, Commit commit) {
    List<Edit> edits = commit.change().edits();
    return edits.stream().noneMatch(edit -> EventLog.isOne(edit.key()))
        && !EventLog.edits(before, edits, commit.change().audit()).isEmpty();
  }

  /** In their order: who writes that one was told has settled those before. */
  private void next() {
    Untold first = waiting.peek();
    if (telling || sender.isClosed() || first == null) {
      return;
    }
    telling = true;
    sender
        .commit(snapshot -> plan(snapshot, first))
        .onSuccess(
            done -> {
              telling = false;
              waiting.remove(first);
              next();
            })
        .onFailure(
            failure -> {
              LOG.debug("The change {} is not told yet", first.commit.head(), failure);
              sender
                  .context()
                  .setTimer(
                      RETRY_MILLIS,
                      timer -> {
                        telling = false;
                        next();
                      });
            });
  }

  private static Plan plan(Snapshot snapshot, Untold untold) {
    Head head = untold.commit.head();
    Versioned<OpaqueDocument> document = snapshot.documents().get(DONE.key());
    if (document != null) {
      JsonNode done = WebhookDocuments.json(DONE.key(), document);
      boolean same = head.epoch().equals(done.path("epoch").asText());
      if (same && done.path("revision").asLong() >= head.revision()) {
        return Plan.NOTHING;
      }
    }
    List<Edit> edits = new ArrayList<>();
    edits.add(
        WebhookDocuments.edit(
            snapshot,
            DONE,
            JsonNodeFactory.instance
                .objectNode()
                .put("epoch", head.epoch())
                .put("revision", head.revision())));
    edits.addAll(
        EventLog.edits(
            untold.before, untold.commit.change().edits(), untold.commit.change().audit()));
    return new Plan(edits, List.of(), List.of());
  }
}
