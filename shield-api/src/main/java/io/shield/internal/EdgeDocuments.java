package io.shield.internal;

import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import org.jspecify.annotations.Nullable;

/**
 * The documents that record which edge of a route was announced last. One is written in the commit
 * that announces an edge.
 */
public final class EdgeDocuments {
  private static final String PREFIX = "edge:";

  private EdgeDocuments() {}

  /** The document of a route. */
  public static DocumentKey of(String route) {
    return DocumentKey.document(PREFIX + route);
  }

  /** The route whose edge a document records, or null if it records none. */
  public static @Nullable String routeOf(DocumentKey key) {
    return key.kind() == DocumentKind.DOCUMENT && key.key().startsWith(PREFIX)
        ? key.key().substring(PREFIX.length())
        : null;
  }
}
