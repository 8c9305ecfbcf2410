package io.shield.impl.limit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.InvalidValueException;
import io.shield.json.ShieldJson;
import io.shield.model.OpaqueDocument;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The counter resets of one scope, oldest first, as the document {@code reset:{scope}} keeps them.
 * The scope is a policy's key, or {@link #ALL}. They are numbered, so that a node that missed some
 * commits knows which it has not carried out. A policy that was deleted and is there again goes on
 * with a number that none of its resets had before: the revision of the store.
 */
public record ResetMarks(List<Mark> marks) {
  /** The scope of all policies. */
  public static final String ALL = "all";

  private static final String PREFIX = "reset:";
  private static final ResetMarks NONE = new ResetMarks(List.of());

  /** How many resets of single keys are remembered; a node that missed more drops all counters. */
  private static final int KEPT = 20;

  /**
   * One reset.
   *
   * @param number higher than that of any before it of its scope
   * @param key the counter's key, or null for all of the scope
   */
  record Mark(long number, @Nullable String key) {}

  static DocumentKey documentOf(String scope) {
    return DocumentKey.document(PREFIX + scope);
  }

  /** The scope whose resets a document keeps, or null if it is none of these. */
  static @Nullable String scopeOf(String documentName) {
    return documentName.startsWith(PREFIX) ? documentName.substring(PREFIX.length()) : null;
  }

  /** What a document says; what cannot be read counts as a reset of everything in its scope. */
  static ResetMarks of(@Nullable OpaqueDocument document) {
    if (document == null) {
      return NONE;
    }
    List<Mark> marks = new ArrayList<>();
    try {
      for (JsonNode mark : ShieldJson.parse(PREFIX, document.content()).path("resets")) {
        marks.add(new Mark(mark.path("n").asLong(), mark.path("key").textValue()));
      }
    } catch (InvalidValueException unreadable) {
      marks.add(new Mark(1, null));
    }
    return new ResetMarks(List.copyOf(marks));
  }

  /** The edit that resets a scope. */
  public static Edit edit(Snapshot snapshot, String scope) {
    ResetMarks before = of((OpaqueDocument) snapshot.value(documentOf(scope)));
    return before.with(null, snapshot.head().revision()).edited(snapshot, scope);
  }

  /** The edit that resets some keys of a scope. */
  public static Edit edit(Snapshot snapshot, String scope, List<String> keys) {
    ResetMarks marks = of((OpaqueDocument) snapshot.value(documentOf(scope)));
    for (String key : keys) {
      marks = marks.with(key, snapshot.head().revision());
    }
    return marks.edited(snapshot, scope);
  }

  private Edit edited(Snapshot snapshot, String scope) {
    DocumentKey document = documentOf(scope);
    return new Edit(document, snapshot.version(document), document());
  }

  private ResetMarks with(@Nullable String key, long revision) {
    Mark mark = new Mark(marks.isEmpty() ? revision + 1 : last() + 1, key);
    if (key == null) {
      // Whatever was reset before is reset by this one too.
      return new ResetMarks(List.of(mark));
    }
    List<Mark> all =
        new ArrayList<>(marks.subList(Math.max(0, marks.size() - KEPT + 1), marks.size()));
    all.add(mark);
    return new ResetMarks(all);
  }

  private long last() {
    return marks.isEmpty() ? 0 : marks.get(marks.size() - 1).number();
  }

  private OpaqueDocument document() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode resets = json.putArray("resets");
    for (Mark mark : marks) {
      ObjectNode one = resets.addObject().put("n", mark.number());
      if (mark.key() != null) {
        one.put("key", mark.key());
      }
    }
    return new OpaqueDocument(ShieldJson.text(json));
  }

  /** The resets that a node has to carry out that knew {@code before}. */
  List<Mark> since(ResetMarks before) {
    long known = before.last();
    List<Mark> fresh = marks.stream().filter(mark -> mark.number() > known).toList();
    // Of those that a node knows none of, it may lack the first only if not all are kept.
    boolean missed =
        known == 0 ? fresh.size() >= KEPT : !fresh.isEmpty() && fresh.get(0).number() > known + 1;
    return missed ? List.of(new Mark(last(), null)) : fresh;
  }
}
