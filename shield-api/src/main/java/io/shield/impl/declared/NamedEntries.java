package io.shield.impl.declared;

import io.shield.decision.Decider;
import io.shield.error.InvalidValueException;
import io.shield.internal.value.Parameters;
import io.shield.model.DocumentValue;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import io.shield.model.store.Snapshot;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The entries of a document under the keys that a store has for them. What is stored keeps its
 * spelling of parameters; in another one it would be a second state of the same route.
 */
final class NamedEntries {
  private final Snapshot snapshot;
  private final Map<DocumentKey, DocumentValue> named;

  /**
   * @param named the entries as the document names them
   */
  NamedEntries(Snapshot snapshot, Map<DocumentKey, DocumentValue> named) {
    this.snapshot = snapshot;
    this.named = named;
  }

  /** The entries under the keys of the store. */
  Map<DocumentKey, DocumentValue> stored() {
    Map<DocumentKey, DocumentValue> stored = new LinkedHashMap<>();
    named.forEach(
        (key, value) -> {
          DocumentKey known = storedAs(key);
          stored.put(known, under(known, value));
        });
    return stored;
  }

  /** Whether an entry is for this, however it is spelt. */
  boolean has(DocumentKey key) {
    return named.containsKey(key) || named.containsKey(otherSpelling(key));
  }

  private DocumentKey storedAs(DocumentKey key) {
    DocumentKey other = otherSpelling(key);
    if (other.equals(key)) {
      return key;
    }
    boolean both = snapshot.value(key) != null && snapshot.value(other) != null;
    if (named.containsKey(other)) {
      if (!both) {
        throw new InvalidValueException(
                "name", key.key(), "named once: it is " + other.key() + " too")
            .within(Section.nameOf(key));
      }
      return key;
    }
    if (key.kind() == DocumentKind.STATE) {
      RouteState known = Decider.stateOf(snapshot, key.key());
      return known == null ? key : DocumentKey.state(known.path());
    }
    return snapshot.value(key) == null && snapshot.value(other) != null ? other : key;
  }

  private static DocumentKey otherSpelling(DocumentKey key) {
    boolean ofRoute = key.kind() == DocumentKind.STATE || key.kind() == DocumentKind.POLICY;
    if (!ofRoute || key.isReserved()) {
      return key;
    }
    String colons = Parameters.colons(key.key());
    return new DocumentKey(
        key.kind(), colons.equals(key.key()) ? Parameters.braces(colons) : colons);
  }

  private static DocumentValue under(DocumentKey key, DocumentValue value) {
    if (key.fits(value)) {
      return value;
    }
    if (value instanceof RouteState state) {
      return state.toBuilder().path(key.key()).build();
    }
    RateLimitPolicy policy = (RateLimitPolicy) value;
    return policy.toBuilder().path(key.key().substring(policy.method().length() + 1)).build();
  }
}
