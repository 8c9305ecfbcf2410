package io.shield.backend.redis.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.json.CommitJson;
import io.shield.json.ShieldJson;
import io.shield.model.DocumentValue;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arguments of the scripts that write, in the order in which the scripts describe them. */
final class CommitArguments {
  private CommitArguments() {}

  /**
   * Of the commit script.
   *
   * @param later whether the caller publishes the commit
   */
  static List<String> of(
      Proposal proposal, Head known, int auditLimit, Wording wording, boolean later) {
    Change change = proposal.change();
    List<String> out = new ArrayList<>();
    out.add(change.requestId());
    out.add(proposal.commitId());
    out.addAll(head(known));
    out.add(ShieldJson.text(withoutRevisions(change)));
    out.add(Integer.toString(auditLimit));
    out.add(Integer.toString(change.edits().size() + proposal.reworded().size()));
    out.add(proposal.mending() ? "mend" : "");
    out.add(later ? "later" : "");
    for (Edit edit : change.edits()) {
      DocumentKey key = edit.key();
      DocumentValue value = edit.value();
      out.add(DocumentText.name(key));
      out.add(Long.toString(edit.expectedVersion()));
      out.add(proposal.seen().getOrDefault(key, ""));
      out.add(value == null ? "-" : "=" + wording.write(key, value));
      out.add(DocumentText.mirror(key, value));
      out.add(wording.message(key, value));
    }
    for (Wording.Reworded same : proposal.reworded()) {
      out.addAll(List.of(same.document(), "", "=" + same.from(), "~" + same.to(), "", same.to()));
    }
    for (AuditEntry entry : change.audit()) {
      out.add(wording.dialect().theirs(entry.path()));
      out.add(wording.inDialect(text(entry)));
      out.add(proposal.replaced().getOrDefault(entry.id(), ""));
    }
    return out;
  }

  /** A head as three arguments, empty ones if there is none. */
  static List<String> head(Head head) {
    return head.equals(Head.NONE)
        ? List.of("", "", "")
        : List.of(head.epoch(), Long.toString(head.revision()), head.commitId());
  }

  /** An audit entry to which the script adds the revision. */
  static String text(AuditEntry entry) {
    return ShieldJson.text(withoutRevision(ShieldJson.write(entry)));
  }

  private static ObjectNode withoutRevision(ObjectNode entry) {
    entry.remove("revision");
    return entry;
  }

  private static ObjectNode withoutRevisions(Change change) {
    ObjectNode json = CommitJson.write(change);
    json.withArray("audit").forEach(entry -> withoutRevision((ObjectNode) entry));
    return json;
  }

  /**
   * Reads the commit that a request led to when it was made first.
   *
   * @param change what was asked for: of a long change Redis remembers only where it stands
   */
  static Commit repeated(String json, Change change) {
    JsonNode found = ShieldJson.parse("commit", json);
    if (found.path("change").isNull()) {
      ((ObjectNode) found).set("change", withoutRevisions(change));
    }
    return commit(found);
  }

  /** Reads a commit that Redis remembers; null if it remembers only where it stands. */
  static @Nullable Commit remembered(String json) {
    JsonNode found = ShieldJson.parse("commit", json);
    return found.path("change").isNull() ? null : commit(found);
  }

  /** Reads the commit that the script made of these arguments. */
  static Commit commit(String json) {
    return commit(ShieldJson.parse("commit", json));
  }

  private static Commit commit(JsonNode json) {
    Commit bare = CommitJson.readCommit(json);
    Change change = bare.change();
    long revision = bare.head().revision();
    return new Commit(
        bare.head(),
        bare.predecessor(),
        new Change(
            change.requestId(),
            change.edits(),
            change.audit().stream().map(entry -> entry.withRevision(revision)).toList()));
  }
}
