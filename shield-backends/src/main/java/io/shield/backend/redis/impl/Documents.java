package io.shield.backend.redis.impl;

import io.shield.internal.ReservedStates;
import io.shield.model.store.DocumentKey;

/** Which documents the original's messages are about, by their names in the scripts. */
final class Documents {
  static final String GLOBAL = DocumentText.name(DocumentKey.globalMaintenance());

  private Documents() {}

  /** The document in the state of a key. */
  static String underState(String key) {
    DocumentKey reserved = ReservedStates.documentUnder(key);
    return DocumentText.name(reserved == null ? DocumentKey.state(key) : reserved);
  }

  /** The rate-limit policy of a key. */
  static String underPolicy(String key) {
    return DocumentText.name(DocumentKey.policy(key));
  }
}
