package io.shield.model.store;

import io.shield.error.InvalidValueException;
import io.shield.internal.persistent.OrderedMap;
import io.shield.internal.value.Checks;
import io.shield.model.DocumentValue;
import io.shield.model.MaintenanceMode;
import io.shield.model.OpaqueDocument;
import io.shield.model.RouteState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Every current document of a store at one head, immutable, and what code declares that is not
 * stored yet, with version 0. The audit log and counters are not part of it. States keep the order
 * in which they were first written.
 */
public final class Snapshot {
  private final Head head;
  private final OrderedMap<RouteState> states;
  private final OrderedMap<Versioned<MaintenanceMode>> maintenance;
  private final OrderedMap<Versioned<DocumentValue>> policies;
  private final OrderedMap<Versioned<OpaqueDocument>> documents;

  /** The store's content, if this is not it. */
  private final @Nullable Snapshot stored;

  private Snapshot(
      Head head,
      OrderedMap<RouteState> states,
      OrderedMap<Versioned<MaintenanceMode>> maintenance,
      OrderedMap<Versioned<DocumentValue>> policies,
      OrderedMap<Versioned<OpaqueDocument>> documents,
      @Nullable Snapshot stored) {
    this.head = Objects.requireNonNull(head, "head");
    this.states = states;
    this.maintenance = maintenance;
    this.policies = policies;
    this.documents = documents;
    this.stored = stored;
  }

  /** A store without documents. */
  public static Snapshot empty(Head head) {
    return new Snapshot(
        head, OrderedMap.empty(), OrderedMap.empty(), OrderedMap.empty(), OrderedMap.empty(), null);
  }

  /**
   * A store with these documents.
   *
   * @throws InvalidValueException if a value does not belong under its key, or has no version
   */
  public static Snapshot of(Head head, Map<DocumentKey, Versioned<?>> content) {
    Builder builder = new Builder(empty(head));
    content.forEach(builder::putStored);
    return builder.build(head);
  }

  /**
   * This content at another head, with what is different there. What is the same is not copied.
   *
   * @throws InvalidValueException if a value does not belong under its key, or has no version
   */
  public Snapshot at(Head other, Map<DocumentKey, Versioned<?>> different) {
    Builder builder = new Builder(this);
    different.forEach(builder::putStored);
    return builder.build(other);
  }

  /**
   * This content with values laid over it that are not stored yet: they have version 0, and {@link
   * #stored} is the content without them.
   */
  public Snapshot with(Map<DocumentKey, DocumentValue> unstored) {
    Builder builder = new Builder(this);
    unstored.forEach((key, value) -> builder.put(key, value, 0));
    return builder.build(head, stored());
  }

  /**
   * What a later content comes to with values laid over it, where this is what an earlier one came
   * to and the rest is the same. What is the same is not copied.
   *
   * @param later the later content, as stored
   * @param different the documents in which it may differ from the earlier one, or in which other
   *     values are laid over it
   * @param unstored the values laid over those documents
   */
  public Snapshot following(
      Snapshot later,
      Collection<DocumentKey> different,
      Map<DocumentKey, ? extends DocumentValue> unstored) {
    Builder builder = new Builder(this);
    for (DocumentKey key : different) {
      DocumentValue value = later.value(key);
      if (value == null) {
        builder.remove(key);
      } else {
        builder.put(key, value, later.version(key));
      }
    }
    unstored.forEach((key, value) -> builder.put(key, value, 0));
    return builder.build(later.head(), later);
  }

  /** What the store has at this head: this, but for values that are only declared. */
  public Snapshot stored() {
    return stored == null ? this : stored;
  }

  /** Where the store is. */
  public Head head() {
    return head;
  }

  /** The stored states by route key. */
  public Map<String, RouteState> states() {
    return states.view();
  }

  /** The maintenance modes by their reserved path, see {@link DocumentKey}. */
  public Map<String, Versioned<MaintenanceMode>> maintenance() {
    return maintenance.view();
  }

  /** The rate-limit policies by policy key or reserved path, see {@link DocumentKey}. */
  public Map<String, Versioned<DocumentValue>> policies() {
    return policies.view();
  }

  /** The opaque documents by name. */
  public Map<String, Versioned<OpaqueDocument>> documents() {
    return documents.view();
  }

  /** The state of a route, or null. */
  public @Nullable RouteState state(String routeKey) {
    return states.get(routeKey);
  }

  /** The fleet's maintenance; {@link MaintenanceMode#OFF} when none was ever set. */
  public MaintenanceMode globalMaintenance() {
    return mode(DocumentKey.GLOBAL_MAINTENANCE);
  }

  /** A service's maintenance; {@link MaintenanceMode#OFF} when none was ever set. */
  public MaintenanceMode serviceMaintenance(String service) {
    return mode(DocumentKey.serviceMaintenancePath(service));
  }

  private MaintenanceMode mode(String path) {
    Versioned<MaintenanceMode> found = maintenance.get(path);
    return found == null ? MaintenanceMode.OFF : found.value();
  }

  /** The value of a document, or null if there is none. */
  public @Nullable DocumentValue value(DocumentKey key) {
    if (key.kind() == DocumentKind.STATE) {
      return states.get(key.key());
    }
    Versioned<?> found = versionedMap(key.kind()).get(key.key());
    return found == null ? null : found.value();
  }

  /** The version of a document, 0 if there is none or it is not stored yet. */
  public long version(DocumentKey key) {
    if (key.kind() == DocumentKind.STATE) {
      RouteState state = states.get(key.key());
      return state == null ? 0 : state.version();
    }
    Versioned<?> found = versionedMap(key.kind()).get(key.key());
    return found == null ? 0 : found.version();
  }

  private Map<String, ? extends Versioned<?>> versionedMap(DocumentKind kind) {
    return switch (kind) {
      case MAINTENANCE -> maintenance;
      case POLICY -> policies;
      default -> documents;
    };
  }

  /** Every document with its version. */
  public Map<DocumentKey, Versioned<?>> content() {
    Map<DocumentKey, Versioned<?>> all = new LinkedHashMap<>();
    states.forEach((k, s) -> all.put(DocumentKey.state(k), new Versioned<>(s, s.version())));
    maintenance.forEach((k, v) -> all.put(new DocumentKey(DocumentKind.MAINTENANCE, k), v));
    policies.forEach((k, v) -> all.put(DocumentKey.policy(k), v));
    documents.forEach((k, v) -> all.put(DocumentKey.document(k), v));
    return all;
  }

  /** The edits of a change that this snapshot does not allow; empty if it can be committed. */
  public List<VersionConflict> conflicts(Change change) {
    List<VersionConflict> conflicts = new ArrayList<>();
    for (Edit edit : change.edits()) {
      long actual = version(edit.key());
      if (actual != edit.expectedVersion()) {
        conflicts.add(
            new VersionConflict(edit.key(), edit.expectedVersion(), actual, value(edit.key())));
      }
    }
    return conflicts;
  }

  /** Whether the commit is the direct successor of this snapshot's head. */
  public boolean precedes(Commit commit) {
    return commit.predecessor().equals(head.commitId())
        && commit.head().epoch().equals(head.epoch())
        && commit.head().revision() == head.revision() + 1;
  }

  /**
   * The snapshot after a commit.
   *
   * @throws IllegalArgumentException if the commit does not follow this head directly
   */
  public Snapshot apply(Commit commit) {
    if (!precedes(commit)) {
      throw new IllegalArgumentException(commit.head() + " does not follow " + head);
    }
    Builder builder = new Builder(this);
    for (Edit edit : commit.change().edits()) {
      DocumentValue value = edit.value();
      if (value == null) {
        builder.remove(edit.key());
      } else {
        builder.put(edit.key(), value, commit.head().revision());
      }
    }
    return builder.build(commit.head());
  }

  /** Two snapshots are equal when head and all documents with their versions are. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Snapshot that
        && head.equals(that.head)
        && states.equals(that.states)
        && maintenance.equals(that.maintenance)
        && policies.equals(that.policies)
        && documents.equals(that.documents);
  }

  @Override
  public int hashCode() {
    return head.hashCode();
  }

  @Override
  public String toString() {
    return "Snapshot[" + head + ", " + states.size() + " states]";
  }

  /** Changes the kinds it touches. */
  private static final class Builder {
    private final Snapshot from;
    private OrderedMap.@Nullable Editor<RouteState> states;
    private OrderedMap.@Nullable Editor<Versioned<MaintenanceMode>> maintenance;
    private OrderedMap.@Nullable Editor<Versioned<DocumentValue>> policies;
    private OrderedMap.@Nullable Editor<Versioned<OpaqueDocument>> documents;

    Builder(Snapshot from) {
      this.from = from;
    }

    void putStored(DocumentKey key, Versioned<?> versioned) {
      Checks.atLeast("version", versioned.version(), 1);
      put(key, versioned.value(), versioned.version());
    }

    void put(DocumentKey key, DocumentValue value, long version) {
      if (!key.fits(value)) {
        throw new InvalidValueException(
            "value", value.getClass().getSimpleName(), "what belongs under " + key);
      }
      switch (key.kind()) {
        case STATE -> states().put(key.key(), ((RouteState) value).withVersion(version));
        case MAINTENANCE ->
            maintenance().put(key.key(), new Versioned<>((MaintenanceMode) value, version));
        case POLICY -> policies().put(key.key(), new Versioned<>(value, version));
        case DOCUMENT ->
            documents().put(key.key(), new Versioned<>((OpaqueDocument) value, version));
      }
    }

    void remove(DocumentKey key) {
      OrderedMap.Editor<?> map =
          switch (key.kind()) {
            case STATE -> states();
            case MAINTENANCE -> maintenance();
            case POLICY -> policies();
            case DOCUMENT -> documents();
          };
      map.remove(key.key());
    }

    private OrderedMap.Editor<RouteState> states() {
      if (states == null) {
        states = from.states.edit();
      }
      return states;
    }

    private OrderedMap.Editor<Versioned<MaintenanceMode>> maintenance() {
      if (maintenance == null) {
        maintenance = from.maintenance.edit();
      }
      return maintenance;
    }

    private OrderedMap.Editor<Versioned<DocumentValue>> policies() {
      if (policies == null) {
        policies = from.policies.edit();
      }
      return policies;
    }

    private OrderedMap.Editor<Versioned<OpaqueDocument>> documents() {
      if (documents == null) {
        documents = from.documents.edit();
      }
      return documents;
    }

    Snapshot build(Head head) {
      return build(head, null);
    }

    Snapshot build(Head head, @Nullable Snapshot stored) {
      return new Snapshot(
          head,
          done(states, from.states),
          done(maintenance, from.maintenance),
          done(policies, from.policies),
          done(documents, from.documents),
          stored);
    }

    private static <V> OrderedMap<V> done(
        OrderedMap.@Nullable Editor<V> changed, OrderedMap<V> before) {
      return changed == null ? before : changed.done();
    }
  }
}
