package io.shield.backend.server.impl;

import com.fasterxml.jackson.databind.JsonNode;
import io.shield.json.CommitJson;
import io.shield.json.Fields;
import io.shield.json.ShieldJson;
import io.shield.model.DocumentValue;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server tells of the way from one head to another: the documents that changed, each with
 * its version. What other services did between has left no more than its revisions.
 *
 * @param from where it begins
 * @param to where it ends
 * @param documents what is different there
 * @param audit the audit entries, of the last commit
 * @param last the last commit, if the server knows it; then it tells all that is different
 */
record Delta(
    Head from, Head to, List<Document> documents, List<AuditEntry> audit, @Nullable Commit last) {
  /** From so many revisions on a load is cheaper. */
  private static final int MAX_REVISIONS = 1000;

  /** Stands in commits for what concerns others: it deletes a document that there never is. */
  private static final Edit ELSEWHERE = new Edit(DocumentKey.document("elsewhere"), 1, null);

  /**
   * A document.
   *
   * @param version its version, 0 if it is absent
   * @param value its value, or null if it is absent
   */
  record Document(DocumentKey key, long version, @Nullable DocumentValue value) {
    static Document read(JsonNode json) {
      return new Document(
          CommitJson.readKey(json),
          Fields.of("document", json).number("version", 0),
          CommitJson.readValue(json));
    }

    /** A version says nothing against it: the server has compared them. */
    private Edit edit() {
      return new Edit(key, value == null ? 1 : 0, value);
    }
  }

  static Delta read(JsonNode json) {
    Fields in = Fields.of("delta", json);
    return new Delta(
        ShieldJson.readHead(json.path("from")),
        ShieldJson.readHead(json.path("head")),
        in.list("documents", Document::read),
        in.list("audit", ShieldJson::readAuditEntry),
        in.node("commit") == null ? null : CommitJson.readCommit(json.path("commit")));
  }

  /** The same as a chain of commits; null if it is too long. */
  @Nullable List<Commit> commits() {
    long steps = to.revision() - from.revision();
    if (!to.epoch().equals(from.epoch()) || steps < 0 || steps > MAX_REVISIONS) {
      return null;
    }
    Map<Long, List<Edit>> edits = new HashMap<>();
    for (Document document : documents) {
      boolean between = document.version() > from.revision() && document.version() <= to.revision();
      long revision = between ? document.version() : to.revision();
      edits.computeIfAbsent(revision, r -> new ArrayList<>()).add(document.edit());
    }
    List<Commit> commits = new ArrayList<>();
    Head before = from;
    String unknown = "before-" + to.commitId();
    for (long revision = from.revision() + 1; revision <= to.revision(); revision++) {
      boolean end = revision == to.revision();
      if (end && last != null) {
        commits.add(last);
      } else {
        Head head = end ? to : between(revision, unknown);
        commits.add(new Commit(head, before.commitId(), change(head, edits.get(revision), end)));
        before = head;
      }
    }
    return commits;
  }

  /** A head that nobody knows the id of, but for the one that the last commit names. */
  private Head between(long revision, String unknown) {
    Commit known = revision == to.revision() - 1 ? last : null;
    return new Head(to.epoch(), revision, known == null ? unknown : known.predecessor());
  }

  private Change change(Head head, @Nullable List<Edit> edits, boolean end) {
    List<AuditEntry> entries = end ? audit : List.of();
    boolean nothing = edits == null && entries.isEmpty();
    return new Change(
        head.revision() + ":" + head.commitId(),
        nothing ? List.of(ELSEWHERE) : edits == null ? List.of() : edits,
        entries);
  }
}
