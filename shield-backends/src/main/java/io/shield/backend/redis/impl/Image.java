package io.shield.backend.redis.impl;

import io.shield.error.ShieldException;
import io.shield.model.DocumentValue;
import io.shield.model.store.Commit;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Head;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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
 * @param sums counts and hashes of versions and documents as the head carries them
 * @param base what was there before, of which the documents are the changes; null if they are all
 */
record Image(
    Head head,
    List<String> ancestors,
    List<Row> rows,
    boolean cameFromKnown,
    boolean first,
    Sums.Damage damage,
    String sums,
    @Nullable Snapshot base) {
  static final Image NONE =
      new Image(Head.NONE, List.of(), List.of(), false, false, Sums.Damage.NONE, "", null);

  private static final Logger LOG = LoggerFactory.getLogger(Image.class);

  /**
   * Reads what the load script answers, or the pages of all documents.
   *
   * @param whole whether it was asked for all documents, at one head
   * @throws ShieldException if a key is of a wrong type
   */
  static Image of(List<Response> answers, boolean whole) {
    for (Response answer : answers) {
      String kind = answer.get(0).toString();
      if (kind.equals("none")) {
        return NONE;
      }
      if (kind.equals("type")) {
        throw wrongType(answer);
      }
    }
    Response last = answers.get(answers.size() - 1);
    String sums = last.get(8).toString();
    return new Image(
        head(last, 1),
        lines(last.get(4).toString()),
        rows(answers),
        last.get(6).toInteger() == 1,
        last.get(7).toInteger() == 1,
        whole ? Sums.damage(sums, last.get(2).toString(), answers) : Sums.Damage.NONE,
        sums,
        null);
  }

  /**
   * Reads what the script for the last commits answers; null if they do not lead from what is held
   * to the head.
   *
   * @param held what was there before
   * @param missed is given each commit that was not held, in order
   */
  static @Nullable Image recent(Response answer, Snapshot held, Consumer<Commit> missed) {
    if (!answer.get(0).toString().equals("head")) {
      return null;
    }
    Map<String, Commit> byPredecessor = new HashMap<>();
    for (Response text : answer.get(5)) {
      Commit commit = CommitArguments.remembered(text.toString());
      if (commit != null) {
        byPredecessor.put(commit.predecessor(), commit);
      }
    }
    Head head = head(answer, 1);
    Snapshot now = held;
    List<Commit> all = new ArrayList<>();
    while (!now.head().equals(head)) {
      Commit next = byPredecessor.remove(now.head().commitId());
      if (next == null || !now.precedes(next)) {
        return null;
      }
      now = now.apply(next);
      all.add(next);
    }
    all.forEach(missed);
    return new Image(
        head,
        lines(answer.get(4).toString()),
        List.of(),
        answer.get(6).toInteger() == 1,
        answer.get(7).toInteger() == 1,
        Sums.Damage.NONE,
        answer.get(8).toString(),
        now);
  }

  private static List<Row> rows(List<Response> answers) {
    Map<DocumentKey, Row> rows = new LinkedHashMap<>();
    for (Response answer : answers) {
      for (Response given : answer.get(5)) {
        try {
          Row row = Row.of(given);
          rows.put(row.key(), row);
        } catch (ShieldException e) {
          LOG.warn("A key in Redis that is not Shield's is left alone: {}", e.getMessage());
        }
      }
    }
    return rows.values().stream()
        .sorted(
            Comparator.comparing((Row row) -> row.key().key()).thenComparing(r -> r.key().kind()))
        .toList();
  }

  /**
   * The changes on what was there before; null if they do not lead to what the head tells, because
   * something was deleted or lost.
   *
   * @param sumsBefore the sums of that
   */
  @Nullable Image on(Snapshot before, String sumsBefore) {
    boolean lost = rows.stream().anyMatch(row -> isLost(row, before));
    return cameFromKnown && !lost && Sums.lead(sumsBefore, before, rows, sums)
        ? new Image(head, ancestors, rows, cameFromKnown, first, Sums.Damage.NONE, sums, before)
        : null;
  }

  private static boolean isLost(Row row, Snapshot before) {
    boolean opaque = row.key().kind() == DocumentKind.DOCUMENT;
    return row.version() == 0 ? before.value(row.key()) != null : opaque && row.text() == null;
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
    return base == null ? Snapshot.of(head, content) : base.at(head, content);
  }
}
