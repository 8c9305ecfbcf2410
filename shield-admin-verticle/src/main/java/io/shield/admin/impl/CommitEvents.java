package io.shield.admin.impl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.ShieldChange;
import io.shield.json.CommitJson;
import io.shield.json.ShieldJson;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The events for engines: each says what its documents are at a head, and from which head on that
 * is all, so that an engine knows whether it missed something.
 */
final class CommitEvents implements EventFormat {
  private final ServiceNames names;
  private final long keepaliveMillis;

  CommitEvents(ServiceNames names, long keepaliveMillis) {
    this.names = names;
    this.keepaliveMillis = keepaliveMillis;
  }

  @Override
  public List<Buffer> events(Head from, Applied applied, Instant now) {
    Commit commit = applied.commit();
    Head head = applied.change().after().head();
    ObjectNode event =
        (commit == null || isAmbiguous(commit))
            ? documents(from, head, applied.change())
            : commit(from, head, commit);
    if (event == null) {
      return List.of();
    }
    Buffer text = SseText.event(head, event);
    boolean large = text.length() > SseText.MAX_EVENT_BYTES;
    return List.of(large ? SseText.event(head, ChangeEvents.reload(head)) : text);
  }

  /** Two policies of the store may be one to a service: then it is told what holds now. */
  private boolean isAmbiguous(Commit commit) {
    return names.service() != null
        && commit.change().edits().stream()
            .anyMatch(edit -> edit.key().kind() == DocumentKind.POLICY);
  }

  /** Null if it concerns nobody here, which is found out before anything is made: most do not. */
  private @Nullable ObjectNode commit(Head from, Head head, Commit commit) {
    List<Edit> edits =
        commit.change().edits().stream()
            .flatMap(edit -> Stream.ofNullable(names.local(edit)))
            .toList();
    List<AuditEntry> audit = audit(commit.change().audit());
    if (edits.isEmpty() && audit.isEmpty()) {
      return null;
    }
    Change own = new Change(commit.change().requestId(), edits, audit);
    Commit shown = new Commit(commit.head(), commit.predecessor(), own);
    ObjectNode event = delta(from, head);
    event.set("commit", CommitJson.write(shown));
    return event;
  }

  private @Nullable ObjectNode documents(Head from, Head head, ShieldChange change) {
    List<ServiceNames.Document> documents = names.view(change.after(), change.changed());
    List<AuditEntry> audit = audit(change.audit());
    if (documents.isEmpty() && audit.isEmpty()) {
      return null;
    }
    ObjectNode event = delta(from, head);
    ArrayNode changed = event.putArray("documents");
    documents.forEach(document -> changed.add(document.json()));
    ArrayNode entries = event.putArray("audit");
    audit.forEach(entry -> entries.add(ShieldJson.write(entry)));
    return event;
  }

  private List<AuditEntry> audit(List<AuditEntry> entries) {
    return entries.stream()
        .filter(this::isConcerned)
        .map(entry -> ServiceChange.local(names, entry))
        .toList();
  }

  private boolean isConcerned(AuditEntry entry) {
    String path = entry.path();
    String service = names.service();
    return service == null
        || service.equals(entry.service())
        || (path.startsWith("__") && entry.service() == null);
  }

  private static ObjectNode delta(Head from, Head head) {
    ObjectNode event = ChangeEvents.event("delta");
    event.set("from", ShieldJson.write(from));
    event.set("head", ShieldJson.write(head));
    return event;
  }

  @Override
  public List<Buffer> passed(Head from, Head to) {
    return List.of(SseText.event(to, delta(from, to)));
  }

  @Override
  public List<Buffer> outrun(Head head) {
    return List.of(SseText.event(head, ChangeEvents.reload(head)));
  }

  @Override
  public Buffer hello(Head head, boolean resumed) {
    return SseText.hello(
        head,
        ChangeEvents.hello(head, resumed)
            .put("commit_id", head.commitId())
            .put("keepalive_millis", keepaliveMillis));
  }

  /** With the head that this server enforces: should events be missing, it shows. */
  @Override
  public Buffer keepalive(Head head) {
    return SseText.comment("keepalive " + head.revision() + " " + head.epoch());
  }
}
