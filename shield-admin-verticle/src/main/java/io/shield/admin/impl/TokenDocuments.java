package io.shield.admin.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.InvalidValueException;
import io.shield.internal.EngineInternals;
import io.shield.internal.EngineInternals.Proposal;
import io.shield.json.Fields;
import io.shield.json.ShieldJson;
import io.shield.json.Times;
import io.shield.model.OpaqueDocument;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What has to be known of tokens on every node and after a restart, as documents beside the state:
 * which were revoked, which were issued for programs, and to which service one was bound. Each is
 * forgotten once its token has expired: whoever writes one deletes some that are over. Thread-safe.
 */
final class TokenDocuments {
  private static final String REVOKED = "token-revoked:";
  private static final String ISSUED = "token-issued:";
  private static final String BOUND = "token-service:";

  /** The fingerprint of its maker's credentials; it is nobody's business. */
  static final String CREDENTIAL = "credential";

  private static final String EXPIRES_AT = "expires_at";
  private static final int MAX_DELETED = 100;

  private final EngineInternals engine;
  private final Supplier<Snapshot> snapshots;

  TokenDocuments(EngineInternals engine, Supplier<Snapshot> snapshots) {
    this.engine = engine;
    this.snapshots = snapshots;
  }

  /** Whether a document is kept of a token. */
  static boolean isOne(String document) {
    return document.startsWith(REVOKED)
        || document.startsWith(ISSUED)
        || document.startsWith(BOUND);
  }

  /** Whether it is known which tokens ended: not before something was read of the store. */
  boolean isKnown() {
    return !snapshots.get().head().equals(Head.NONE);
  }

  boolean isRevoked(String tokenId) {
    return snapshots.get().documents().containsKey(REVOKED + tokenId);
  }

  /** Ends a token, on all nodes. */
  Future<Void> revoke(String tokenId, Instant expiresAt) {
    return engine.commit(
        snapshot -> {
          List<Edit> edits = expired(snapshot);
          DocumentKey revoked = DocumentKey.document(REVOKED + tokenId);
          if (snapshot.version(revoked) == 0) {
            edits.add(new Edit(revoked, 0, document(expiring(expiresAt))));
          }
          DocumentKey issued = DocumentKey.document(ISSUED + tokenId);
          if (snapshot.version(issued) != 0) {
            edits.add(new Edit(issued, snapshot.version(issued), null));
          }
          return new Proposal(edits, List.of());
        });
  }

  /** Remembers a token that was issued for a program, so that it can be listed and revoked. */
  Future<Void> record(Tokens.Issued issued, String description) {
    Principal who = issued.principal();
    ObjectNode json = expiring(who.expiresAt());
    json.put("id", who.tokenId());
    json.put("name", who.program());
    json.put("username", who.name());
    json.put(CREDENTIAL, who.credential());
    json.put("role", who.role().wireName());
    json.put("platform", who.platform().wireName());
    json.put("service", who.service());
    json.put("description", description);
    DocumentKey key = DocumentKey.document(ISSUED + who.tokenId());
    return engine.commit(
        snapshot -> {
          List<Edit> edits = expired(snapshot);
          edits.add(new Edit(key, 0, document(json)));
          return new Proposal(edits, List.of());
        });
  }

  /** The recorded tokens that are still valid. */
  List<ObjectNode> issued() {
    Instant now = engine.clock().instant();
    List<ObjectNode> all = new ArrayList<>();
    snapshots
        .get()
        .documents()
        .forEach(
            (name, document) -> {
              if (name.startsWith(ISSUED) && !isOver(document, now)) {
                all.add((ObjectNode) ShieldJson.parse(name, document.value().content()));
              }
            });
    return all;
  }

  /** The service a token is bound to, or null. */
  @Nullable String boundService(String tokenId) {
    Versioned<OpaqueDocument> bound = snapshots.get().documents().get(BOUND + tokenId);
    return bound == null
        ? null
        : Fields.of(BOUND, ShieldJson.parse(BOUND, bound.value().content())).string("service");
  }

  /** Binds a token to the first service it registers; fails if it is bound to another. */
  Future<Void> bind(String tokenId, String service, Instant expiresAt) {
    DocumentKey key = DocumentKey.document(BOUND + tokenId);
    return engine
        .commit(
            snapshot -> {
              if (snapshot.version(key) != 0) {
                return new Proposal(List.of(), List.of());
              }
              List<Edit> edits = expired(snapshot);
              edits.add(new Edit(key, 0, document(expiring(expiresAt).put("service", service))));
              return new Proposal(edits, List.of());
            })
        .compose(
            v ->
                service.equals(boundService(tokenId))
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        RefusedException.forbidden("this token is bound to another service")));
  }

  private static ObjectNode expiring(@Nullable Instant expiresAt) {
    return JsonNodeFactory.instance.objectNode().put(EXPIRES_AT, String.valueOf(expiresAt));
  }

  private static OpaqueDocument document(JsonNode json) {
    return new OpaqueDocument(ShieldJson.text(json));
  }

  /** Deletions of some documents whose token has expired. */
  private List<Edit> expired(Snapshot snapshot) {
    Instant now = engine.clock().instant();
    List<Edit> edits = new ArrayList<>();
    snapshot
        .documents()
        .forEach(
            (name, document) -> {
              if (isOne(name) && edits.size() < MAX_DELETED && isOver(document, now)) {
                edits.add(new Edit(DocumentKey.document(name), document.version(), null));
              }
            });
    return edits;
  }

  /** With room for clocks that differ: a revocation must outlive the leeway of its token. */
  private static boolean isOver(Versioned<OpaqueDocument> document, Instant now) {
    try {
      Fields fields = Fields.of("token", ShieldJson.parse("token", document.value().content()));
      String expiresAt = fields.string(EXPIRES_AT);
      return expiresAt != null
          && Times.parse(EXPIRES_AT, expiresAt).isBefore(now.minusSeconds(120));
    } catch (InvalidValueException unreadable) {
      return false;
    }
  }
}
