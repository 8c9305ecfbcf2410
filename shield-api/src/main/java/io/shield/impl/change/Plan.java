package io.shield.impl.change;

import io.shield.model.DocumentValue;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What to write to reach what was asked for, given one snapshot.
 *
 * @param edits the edits; empty when nothing needs to be written
 * @param audit their audit entries
 * @param results the documents the caller asked about, in the caller's order
 */
public record Plan(List<Edit> edits, List<AuditEntry> audit, List<Result> results) {
  /** Nothing to write, nothing to answer. */
  public static final Plan NOTHING = new Plan(List.of(), List.of(), List.of());

  /**
   * A document the caller asked about.
   *
   * @param value what it is once the plan was carried out
   * @param version its version; 0 if it is not stored
   */
  public record Result(DocumentKey key, DocumentValue value, long version) {}

  /** Both as one; they must not be about the same documents. */
  public Plan and(Plan more) {
    return new Plan(
        joined(edits, more.edits), joined(audit, more.audit), joined(results, more.results));
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  public boolean isEmpty() {
    return edits.isEmpty() && audit.isEmpty();
  }

  /** The documents it is about. */
  public Set<DocumentKey> keys() {
    Set<DocumentKey> keys = new HashSet<>();
    edits.forEach(edit -> keys.add(edit.key()));
    results.forEach(result -> keys.add(result.key()));
    return keys;
  }

  /** The results after the commit of the given revision. */
  List<Result> resultsAt(long revision) {
    Set<DocumentKey> written = new HashSet<>();
    edits.forEach(edit -> written.add(edit.key()));
    return results.stream()
        .map(
            result ->
                written.contains(result.key)
                    ? new Result(result.key, result.value, revision)
                    : result)
        .toList();
  }

  /** Works out a plan; asked again with a newer snapshot when the first one lost a race. */
  @FunctionalInterface
  public interface Planner {
    /**
     * The plan for a snapshot.
     *
     * @throws io.shield.error.ShieldException if what is asked for is not possible
     */
    Plan plan(Snapshot snapshot);
  }
}
