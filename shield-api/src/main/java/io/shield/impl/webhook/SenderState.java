package io.shield.impl.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.InvalidValueException;
import io.shield.json.Fields;
import io.shield.json.ShieldJson;
import io.shield.json.WebhookJson;
import io.shield.model.OpaqueDocument;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import io.shield.model.webhook.Delivery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far one webhook was told: who sends, up to where, what is tried again, what was given up, and
 * the last tries. Read from its document, changed, and written again by compare-and-set. Not
 * thread-safe.
 */
final class SenderState {
  private static final Logger LOG = LoggerFactory.getLogger(SenderState.class);
  private static final int MAX_LOG = 50;
  private static final int MAX_PARKED = 100;

  /** Behind every document of events of the same commit. */
  private static final String LAST = "~";

  /** An event by the document it stands in. */
  record Ref(String batch, int index) {}

  /**
   * The last event that was told or left out.
   *
   * @param revision the revision of its commit
   */
  record Position(long revision, String batch, int index) {
    boolean isBefore(EventLog.Batch other, int otherIndex) {
      if (revision != other.version()) {
        return revision < other.version();
      }
      int order = batch.compareTo(other.name());
      return order < 0 || (order == 0 && index < otherIndex);
    }

    /** Whether all events of a document were dealt with. */
    boolean isPast(EventLog.Batch other) {
      return !isBefore(other, other.count() - 1);
    }
  }

  /**
   * An event that failed.
   *
   * @param attempts how often it was tried
   * @param first when first
   * @param next when again
   */
  record Try(Ref ref, int attempts, Instant first, Instant next) {}

  /** A try with the event it was of. */
  record Logged(Ref ref, Delivery delivery) {}

  private final DocumentKey key;
  private final long version;
  private @Nullable String node;
  private Position after;
  private long dropped;
  private @Nullable String droppedId;
  private final List<Try> tries = new ArrayList<>();
  private final List<Ref> parked = new ArrayList<>();
  private final List<Logged> log = new ArrayList<>();

  private SenderState(DocumentKey key, long version) {
    this.key = key;
    this.version = version;
    this.after = new Position(version, LAST, 0);
  }

  /** The state of a webhook; null if it has none. */
  static @Nullable SenderState read(Snapshot snapshot, String webhook) {
    DocumentKey key = WebhookDocuments.sender(webhook);
    Versioned<OpaqueDocument> document = snapshot.documents().get(key.key());
    if (document == null) {
      return null;
    }
    SenderState state = new SenderState(key, document.version());
    try {
      state.fill(Fields.of("sender", WebhookDocuments.json(key.key(), document)));
    } catch (InvalidValueException e) {
      LOG.warn("The document {} cannot be read and is written anew", key.key());
      return new SenderState(key, document.version());
    }
    return state;
  }

  /** Where a webhook begins: with what comes after this commit. */
  static ObjectNode fresh() {
    return JsonNodeFactory.instance.objectNode();
  }

  private void fill(Fields in) {
    node = in.string("node");
    dropped = in.number("dropped", 0);
    droppedId = in.string("dropped_id");
    JsonNode position = in.node("after");
    if (position != null) {
      Fields at = Fields.of("after", position);
      after = new Position(at.number("revision", 0), at.required("batch"), at.integer("index", 0));
    }
    tries.addAll(
        in.list(
            "tries",
            json -> {
              Fields each = Fields.of("tries", json);
              return new Try(
                  ref(each),
                  each.integer("attempts", 0),
                  each.requiredTime("first"),
                  each.requiredTime("next"));
            }));
    parked.addAll(in.list("parked", json -> ref(Fields.of("parked", json))));
    log.addAll(
        in.list(
            "log",
            json -> new Logged(ref(Fields.of("log", json)), WebhookJson.readDelivery(json))));
  }

  private static Ref ref(Fields in) {
    return new Ref(in.required("batch"), in.integer("index", 0));
  }

  private static ObjectNode write(ObjectNode node, Ref ref) {
    return node.put("batch", ref.batch).put("index", ref.index);
  }

  /** The edit that writes it. */
  Edit edit() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("node", node);
    json.putObject("after")
        .put("revision", after.revision)
        .put("batch", after.batch)
        .put("index", after.index);
    json.put("dropped", dropped);
    json.put("dropped_id", droppedId);
    ArrayNode all = json.putArray("tries");
    for (Try each : tries) {
      write(all.addObject(), each.ref)
          .put("attempts", each.attempts)
          .put("first", each.first.toString())
          .put("next", each.next.toString());
    }
    ArrayNode given = json.putArray("parked");
    parked.forEach(ref -> write(given.addObject(), ref));
    ArrayNode last = json.putArray("log");
    log.forEach(entry -> last.add(write(WebhookJson.write(entry.delivery), entry.ref)));
    return new Edit(key, version, new OpaqueDocument(ShieldJson.text(json)));
  }

  long version() {
    return version;
  }

  @Nullable String node() {
    return node;
  }

  void node(@Nullable String value) {
    node = value;
  }

  Position after() {
    return after;
  }

  void after(Position value) {
    after = value;
  }

  long dropped() {
    return dropped;
  }

  /** The id of the news of that; another one when more are lost. */
  @Nullable String droppedId() {
    return droppedId;
  }

  /** Counts events that are lost. */
  void drop(long count) {
    dropped += count;
    droppedId = "msg_" + UUID.randomUUID();
  }

  /** So many lost events are known to the receiver. */
  void told(long count) {
    dropped = Math.max(0, dropped - count);
  }

  List<Try> tries() {
    return tries;
  }

  List<Ref> parked() {
    return parked;
  }

  List<Logged> log() {
    return log;
  }

  /** Gives an event up; the oldest is forgotten if there are too many. */
  void park(Ref ref) {
    parked.add(ref);
    if (parked.size() > MAX_PARKED) {
      parked.remove(0);
      drop(1);
    }
  }

  void log(Ref ref, Delivery delivery) {
    log.add(0, new Logged(ref, delivery));
    if (log.size() > MAX_LOG) {
      log.remove(MAX_LOG);
    }
  }

  /** Whether the events of a document are needed for anything. */
  boolean needs(EventLog.Batch batch) {
    return !after.isPast(batch)
        || tries.stream().anyMatch(each -> each.ref.batch.equals(batch.name()))
        || parked.stream().anyMatch(ref -> ref.batch.equals(batch.name()))
        || log.stream().anyMatch(entry -> entry.ref.batch.equals(batch.name()));
  }

  /** How many events of these documents were not tried yet. */
  int waiting(List<EventLog.Batch> batches) {
    int waiting = 0;
    for (EventLog.Batch batch : batches) {
      if (!after.isPast(batch)) {
        boolean begun = after.batch.equals(batch.name());
        waiting += batch.count() - (begun ? after.index + 1 : 0);
      }
    }
    return waiting;
  }
}
