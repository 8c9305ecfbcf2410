package io.shield.backend.redis.impl;

import io.shield.error.ShieldException;
import io.shield.model.DocumentValue;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the load script found at one head.
 *
 * @param head where the store was, {@link Head#NONE} if it has no head
 * @param ancestors the epochs the present one descends from
 * @param rows the documents
 * @param cameFromKnown whether it came, within the epoch, from the head known before
 * @param first whether nothing was taken over yet of what was there before Shield
 * @param damage what was lost, as far as a look at all documents shows it
 */
record Image(
    Head head,
    List<String> ancestors,
    List<Row> rows,
    boolean cameFromKnown,
    boolean first,
    Sums.Damage damage) {
  static final Image NONE =
      new Image(Head.NONE, List.of(), List.of(), false, false, Sums.Damage.NONE);

  private static final Logger LOG = LoggerFactory.getLogger(Image.class);

  /**
   * Reads an answer of the load script.
   *
   * @param whole whether it was asked for all documents
   * @throws ShieldException if a key is of a wrong type
   */
  static Image of(Response answer, boolean whole) {
    String kind = answer.get(0).toString();
    if (kind.equals("none")) {
      return NONE;
    }
    if (kind.equals("type")) {
      throw wrongType(answer);
    }
    List<Row> rows = new ArrayList<>();
    for (Response row : answer.get(5)) {
      try {
        rows.add(Row.of(row));
      } catch (ShieldException e) {
        LOG.warn("A key in Redis that is not Shield's is left alone: {}", e.getMessage());
      }
    }
    rows.sort(
        Comparator.comparing((Row row) -> row.key().key()).thenComparing(r -> r.key().kind()));
    return new Image(
        head(answer, 1),
        lines(answer.get(4).toString()),
        rows,
        answer.get(6).toInteger() == 1,
        answer.get(7).toInteger() == 1,
        whole
            ? Sums.damage(answer.get(8).toString(), answer.get(2).toString(), answer.get(5))
            : Sums.Damage.NONE);
  }

  /** Three elements of an answer as a head. */
  static Head head(Response answer, int first) {
    return new Head(
        answer.get(first).toString(),
        Long.parseLong(answer.get(first + 1).toString()),
        answer.get(first + 2).toString());
  }

  static List<String> lines(String text) {
    return text.lines().toList();
  }

  /** What to say when somebody else uses one of the keys for something else. */
  static ShieldException wrongType(Response answer) {
    return new ShieldException(
        "the Redis key '"
            + answer.get(1)
            + "' is a "
            + answer.get(2)
            + ", must be a "
            + answer.get(3)
            + ": something else uses it, choose another key prefix or database");
  }

  List<Row> foreign() {
    return rows.stream().filter(Row::isForeign).toList();
  }

  /** The documents; of what others wrote and cannot be read, what Shield wrote last. */
  Snapshot snapshot() {
    Map<DocumentKey, Versioned<?>> content = new LinkedHashMap<>();
    for (Row row : rows) {
      DocumentValue value = row.known();
      if (value != null && row.version() > 0) {
        content.put(row.key(), new Versioned<>(value, row.version()));
      }
    }
    return Snapshot.of(head, content);
  }
}
