package io.shield.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.InvalidValueException;
import io.shield.json.ShieldJson;
import io.shield.model.DocumentValue;
import io.shield.model.Origin;
import io.shield.model.RouteState;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.DocumentKind;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The states in which the original keeps what is not a route: the maintenance and the rate limit of
 * the fleet and of a service. Such a state lies under a reserved key and has the JSON of the value
 * as its reason.
 */
public final class ReservedStates {
  private static final String SERVICE_MAINTENANCE = "__shield:svc_global:";
  private static final String SERVICE_RATE_LIMIT = "__shield:svc_rl:";
  private static final String END = "__";
  private static final Pattern RESERVED = Pattern.compile("__\\w+:.*");

  private ReservedStates() {}

  /** The document that the state under a key holds, or null if it is none of these. */
  public static @Nullable DocumentKey documentUnder(String key) {
    if (key.equals(DocumentKey.globalMaintenance().key())) {
      return DocumentKey.globalMaintenance();
    }
    if (key.equals(DocumentKey.globalRateLimit().key())) {
      return DocumentKey.globalRateLimit();
    }
    if (service(key, SERVICE_MAINTENANCE) != null) {
      return new DocumentKey(DocumentKind.MAINTENANCE, key);
    }
    return service(key, SERVICE_RATE_LIMIT) != null ? DocumentKey.policy(key) : null;
  }

  /** Whether a state is reserved by Shield or by a relative of it, and no route's. */
  public static boolean isReserved(String key) {
    return RESERVED.matcher(key).matches();
  }

  /** Whether a document is kept in such a state, which is then found under the document's key. */
  public static boolean holds(DocumentKey document) {
    return document.equals(documentUnder(document.key()));
  }

  /** The service whose document lies under a key, or null if it is the fleet's. */
  public static @Nullable String serviceOf(String key) {
    String service = service(key, SERVICE_MAINTENANCE);
    return service == null ? service(key, SERVICE_RATE_LIMIT) : service;
  }

  private static @Nullable String service(String key, String prefix) {
    boolean fits =
        key.startsWith(prefix)
            && key.endsWith(END)
            && key.length() > prefix.length() + END.length();
    return fits ? key.substring(prefix.length(), key.length() - END.length()) : null;
  }

  /** The state that holds a document. */
  public static RouteState write(DocumentKey document, DocumentValue value) {
    return RouteState.builder(document.key())
        .service(serviceOf(document.key()))
        .reason(ShieldJson.text(ShieldJson.writeValue(value)))
        .origin(Origin.RUNTIME)
        .build();
  }

  /**
   * The value of a document from the JSON of the state that holds it, under whichever name.
   *
   * @throws InvalidValueException if it cannot be read
   */
  public static DocumentValue read(DocumentKey document, JsonNode state) {
    JsonNode named =
        state instanceof ObjectNode object ? object.deepCopy().put("path", document.key()) : state;
    return read(document, ShieldJson.readStoredRouteState(named));
  }

  /**
   * The value of a document from the state that holds it.
   *
   * @throws InvalidValueException if it cannot be read
   */
  public static DocumentValue read(DocumentKey document, RouteState state) {
    return ShieldJson.readValue(
        document, Dialect.meant(ShieldJson.parse(document.key(), state.reason())));
  }

  /**
   * The documents that record which edge of a route was announced last. One is written in the
   * commit that announces an edge.
   */
  public static final class EdgeDocuments {
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
}
