package io.shield.backend.file.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.ShieldException;
import io.shield.json.CommitJson;
import io.shield.json.Times;
import io.shield.model.store.Change;
import io.shield.model.store.Commit;
import io.shield.model.store.Head;
import io.shield.spi.RecentCommits;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The accepted requests of the last minutes, so that a repeated one commits once, also after a
 * restart and in another process. The file holds of each its commit's place in the history and a
 * digest of the change, not the change itself. Immutable.
 */
final class Requests {
  static final Requests NONE = new Requests(Map.of());

  /**
   * One accepted request.
   *
   * @param at when it was accepted
   * @param head where its commit put the store
   * @param predecessor the commit id before it
   * @param digest of its change
   * @param commit the commit itself, if it was made or answered in this process
   */
  private record Accepted(
      Instant at, Head head, String predecessor, String digest, @Nullable Commit commit) {
    String text() {
      return at + " " + head.revision() + " " + head.commitId() + " " + predecessor + " " + digest;
    }

    static Accepted parse(String epoch, String text) {
      String[] parts = text.split(" ", -1);
      if (parts.length != 5) {
        throw new ShieldException("requests: '" + text + "' has not five parts");
      }
      try {
        Head head = new Head(epoch, Long.parseLong(parts[1]), parts[2]);
        return new Accepted(Times.parse("requests", parts[0]), head, parts[3], parts[4], null);
      } catch (NumberFormatException e) {
        throw new ShieldException("requests: '" + text + "' has no revision");
      }
    }
  }

  private final Map<String, Accepted> byId;

  private Requests(Map<String, Accepted> byId) {
    this.byId = byId;
  }

  /**
   * The commit of a change that was accepted before, or null.
   *
   * @throws ShieldException if the request id was used for another change
   */
  @Nullable Commit commitOf(Change change) {
    Accepted accepted = byId.get(change.requestId());
    if (accepted == null) {
      return null;
    }
    if (accepted.commit() != null) {
      return accepted.commit();
    }
    if (!accepted.digest().equals(digest(change))) {
      throw new ShieldException(
          "the request id '"
              + Problems.oneLine(change.requestId())
              + "' was used for another change, revision "
              + accepted.head().revision());
    }
    return new Commit(
        accepted.head(), accepted.predecessor(), stamped(change, accepted.head().revision()));
  }

  private static Change stamped(Change change, long revision) {
    return new Change(
        change.requestId(),
        change.edits(),
        change.audit().stream().map(entry -> entry.withRevision(revision)).toList());
  }

  /** These and the given commits, without those past their time. */
  Requests with(Collection<Commit> commits, Instant now) {
    Instant limit = now.minus(RecentCommits.RETENTION);
    Map<String, Accepted> next = new LinkedHashMap<>();
    byId.forEach(
        (id, accepted) -> {
          if (!accepted.at().isBefore(limit)) {
            next.put(id, accepted);
          }
        });
    for (Commit commit : commits) {
      Change change = commit.change();
      next.put(
          change.requestId(),
          new Accepted(now, commit.head(), commit.predecessor(), digest(change), commit));
    }
    return new Requests(Collections.unmodifiableMap(next));
  }

  /** These, with the commits that {@code older} knows in full. */
  Requests recalling(Requests older) {
    Map<String, Accepted> next = new LinkedHashMap<>(byId);
    next.replaceAll(
        (id, accepted) -> {
          Accepted known = older.byId.get(id);
          boolean same = known != null && known.head().equals(accepted.head());
          return same ? known : accepted;
        });
    return new Requests(Collections.unmodifiableMap(next));
  }

  /** As the file holds them. */
  ObjectNode write() {
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    byId.forEach((id, accepted) -> out.put(id, accepted.text()));
    return out;
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param epoch of the store
   * @throws ShieldException if it is something else
   */
  static Requests read(String epoch, JsonNode json) {
    Map<String, Accepted> byId = new LinkedHashMap<>();
    json.properties()
        .forEach(
            field -> byId.put(field.getKey(), Accepted.parse(epoch, field.getValue().asText())));
    return new Requests(Collections.unmodifiableMap(byId));
  }

  /** A change's digest does not depend on whether its audit entries were stamped yet. */
  private static String digest(Change change) {
    return Canonical.digest(CommitJson.write(stamped(change, 0)));
  }
}
