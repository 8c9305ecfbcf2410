package io.shield.admin.impl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.admin.Role;
import io.shield.json.CommitJson;
import io.shield.json.ShieldJson;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Edit;
import io.shield.model.store.VersionConflict;
import io.shield.spi.CommitResult;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A change that a client's engine planned, as the store takes it, and the store's answer as the
 * client understands it.
 */
final class ServiceChange {
  private final ServiceNames names;
  private final Change sent;
  private final Change stored;

  /**
   * @param names what the client calls its documents
   * @throws RefusedException if the sender may not make this change
   */
  ServiceChange(Principal who, ServiceNames names, Change sent) {
    this.names = names;
    this.sent = sent;
    this.stored =
        new Change(
            scoped(sent.requestId(), names.service()),
            sent.edits().stream().map(edit -> stored(who, edit)).toList(),
            sent.audit().stream().map(entry -> stored(who, entry)).toList());
  }

  /** What to commit. */
  Change stored() {
    return stored;
  }

  /** The ids of one service are not those of another. */
  private static String scoped(String requestId, @Nullable String service) {
    if (service == null) {
      return requestId;
    }
    try {
      byte[] text = (service + '\n' + requestId).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private Edit stored(Principal who, Edit edit) {
    DocumentKey key = names.stored(edit.key());
    boolean shared = key != null && key.isReserved() && key.kind() != DocumentKind.DOCUMENT;
    boolean everybodys = key != null && key.equals(DocumentKey.document("reset:all"));
    if (key == null || (who.role() == Role.SDK && (shared || everybodys))) {
      throw RefusedException.forbidden(
          "a service changes its own routes, limits and counters only, not " + edit.key());
    }
    return new Edit(
        key, edit.expectedVersion(), edit.value() == null ? null : names.stored(key, edit.value()));
  }

  /** Where somebody signed in, that is who acts, whatever the entry says. */
  private AuditEntry stored(Principal who, AuditEntry entry) {
    boolean known = who.tokenId() != null;
    boolean route = !entry.path().startsWith("__");
    if (who.role() == Role.SDK && !route) {
      throw RefusedException.forbidden("a service reports about its own routes only");
    }
    String service = names.service();
    AuditEntry stored =
        new AuditEntry(
            entry.id(),
            entry.timestamp(),
            names.storedPath(entry.path()),
            service == null || !route ? entry.service() : service,
            entry.action(),
            known ? who.name() : entry.actor(),
            known ? who.platform().wireName() : entry.platform(),
            entry.reason(),
            entry.previousStatus(),
            entry.nextStatus(),
            entry.revision(),
            entry.changes(),
            known ? entry.actor() : entry.onBehalfOf(),
            entry.reported());
    return stored.withEffective(entry.previousEffective(), entry.nextEffective());
  }

  /** An entry as the client calls its route. */
  static AuditEntry local(ServiceNames names, AuditEntry entry) {
    return entry.withPath(names.localPath(entry.path()));
  }

  /** The store's answer: the commit, or with status 409 what stands against it. */
  Answer answer(CommitResult result) {
    if (result instanceof CommitResult.Accepted accepted) {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      body.set("commit", CommitJson.write(local(accepted.commit())));
      return Answer.json(body);
    }
    CommitResult.Conflict conflict = (CommitResult.Conflict) result;
    ObjectNode body = Errors.body("CONFLICT", "documents have other versions: see conflicts");
    body.set("head", ShieldJson.write(conflict.head()));
    ArrayNode conflicts = body.putArray("conflicts");
    conflict.conflicts().forEach(each -> conflicts.add(json(each)));
    return Answer.json(409, body);
  }

  private Commit local(Commit commit) {
    List<Edit> edits =
        commit.change().edits().stream()
            .map(edit -> Objects.requireNonNull(names.local(edit)))
            .toList();
    List<AuditEntry> audit =
        commit.change().audit().stream().map(entry -> local(names, entry)).toList();
    return new Commit(
        commit.head(), commit.predecessor(), new Change(sent.requestId(), edits, audit));
  }

  private ObjectNode json(VersionConflict conflict) {
    DocumentKey key = Objects.requireNonNull(names.local(conflict.key()));
    ObjectNode json =
        CommitJson.write(
            key,
            conflict.actual(),
            conflict.value() == null ? null : names.local(key, conflict.value()));
    return json.put("expected_version", conflict.expected());
  }
}
