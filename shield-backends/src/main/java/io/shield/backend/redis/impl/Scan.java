package io.shield.backend.redis.impl;

import io.shield.internal.Dialect;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Looks at all values for what others wrote without saying so, some at a time: plain reads, which
 * cost Redis little, show which are not as they were seen last, and only those are judged. Used on
 * one event loop.
 */
final class Scan {
  /** So many documents are asked for at once. */
  private static final int AT_ONCE = 500;

  /** So many are judged at once, which takes longer. */
  private static final int JUDGED_AT_ONCE = 150;

  private final Link link;
  private final String prefix;
  private final Dialect dialect;
  private final Fingerprints fingerprints;
  private final Function<List<String>, Future<Void>> judge;

  /**
   * @param judge is given the names of documents that may be others'
   */
  Scan(
      Link link,
      String prefix,
      Dialect dialect,
      Fingerprints fingerprints,
      Function<List<String>, Future<Void>> judge) {
    this.link = link;
    this.prefix = prefix;
    this.dialect = dialect;
    this.fingerprints = fingerprints;
    this.judge = judge;
  }

  /** Looks at all of them once. */
  Future<Void> all() {
    // What lies where the original's documentation has it is read in the place of another only.
    return from(fingerprints.documents()).compose(v -> judge.apply(List.of(Documents.GLOBAL)));
  }

  private Future<Void> from(List<DocumentKey> keys) {
    if (keys.isEmpty()) {
      return Future.succeededFuture();
    }
    int size = Math.min(keys.size(), AT_ONCE);
    return look(keys.subList(0, size))
        .compose(this::judgeAll)
        .compose(v -> from(keys.subList(size, keys.size())));
  }

  /** Those of them that are not as they were. */
  private Future<List<String>> look(List<DocumentKey> keys) {
    Request request = Request.cmd(Command.MGET);
    keys.forEach(key -> request.arg(place(key)));
    return link.send(request)
        .map(
            values -> {
              List<String> other = new ArrayList<>();
              for (int i = 0; i < keys.size(); i++) {
                Response value = values.get(i);
                if (!fingerprints.isKnown(keys.get(i), value == null ? null : value.toBytes())) {
                  other.add(DocumentText.name(keys.get(i)));
                }
              }
              return other;
            });
  }

  /** The key of a document in Redis, as the scripts have it. */
  private String place(DocumentKey key) {
    boolean policy = key.kind() == DocumentKind.POLICY && !key.isReserved();
    return prefix + (policy ? "rlpolicy:" : "state:") + dialect.theirs(key.key());
  }

  private Future<Void> judgeAll(List<String> documents) {
    if (documents.isEmpty()) {
      return Future.succeededFuture();
    }
    int size = Math.min(documents.size(), JUDGED_AT_ONCE);
    return judge
        .apply(documents.subList(0, size))
        .compose(v -> judgeAll(documents.subList(size, documents.size())));
  }
}
