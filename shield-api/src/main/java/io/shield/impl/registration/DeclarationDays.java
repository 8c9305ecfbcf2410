package io.shield.impl.registration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.decision.Decider;
import io.shield.error.InvalidValueException;
import io.shield.internal.value.Parameters;
import io.shield.json.ShieldJson;
import io.shield.model.OpaqueDocument;
import io.shield.model.RouteKey;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Edit;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * On which day running code last declared each route, as the documents {@code registered:{service}}
 * record it: an object of route key and date. However its parameters are spelt, a route is one.
 */
public final class DeclarationDays {
  private static final Logger LOG = LoggerFactory.getLogger(DeclarationDays.class);
  private static final String PREFIX = "registered:";
  private static final Duration STALE_AFTER = Duration.ofDays(7);

  private final Map<String, LocalDate> lastDeclared;

  private DeclarationDays(Map<String, LocalDate> lastDeclared) {
    this.lastDeclared = lastDeclared;
  }

  /**
   * The keys that the code of several services declares, with those services. Each was seen since
   * yesterday, as long as it runs.
   */
  public static SortedMap<String, SortedSet<String>> shared(Snapshot snapshot, Instant now) {
    LocalDate yesterday = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(1);
    SortedMap<String, SortedSet<String>> services = new TreeMap<>();
    snapshot
        .documents()
        .forEach(
            (name, document) -> {
              if (isOfService(name)) {
                read(name, document.value())
                    .forEach(
                        (key, day) -> {
                          if (!day.isBefore(yesterday)) {
                            services
                                .computeIfAbsent(key, k -> new TreeSet<>())
                                .add(name.substring(PREFIX.length()));
                          }
                        });
              }
            });
    services.values().removeIf(names -> names.size() < 2);
    return services;
  }

  /** Whether a document says what a service declares. */
  static boolean isOfService(String document) {
    return document.startsWith(PREFIX) && document.length() > PREFIX.length();
  }

  /** Whether a document of a service records keys that do not bear the service's name. */
  static boolean namesOthersToo(String document, Snapshot snapshot) {
    Versioned<OpaqueDocument> found = snapshot.documents().get(document);
    String service = document.substring(PREFIX.length());
    return found != null
        && read(document, found.value()).keySet().stream().anyMatch(key -> !isOf(service, key));
  }

  private static boolean isOf(String service, String key) {
    try {
      return service.equals(RouteKey.parse(key).service());
    } catch (InvalidValueException noKey) {
      return false;
    }
  }

  /** What the documents of a snapshot record, of all services. */
  public static DeclarationDays of(Snapshot snapshot) {
    Map<String, LocalDate> days = new HashMap<>();
    snapshot
        .documents()
        .forEach(
            (name, document) -> {
              if (name.startsWith(PREFIX)) {
                read(name, document.value())
                    .forEach((key, day) -> days.merge(key, day, DeclarationDays::later));
              }
            });
    return new DeclarationDays(days);
  }

  private static LocalDate later(LocalDate a, LocalDate b) {
    return a.isAfter(b) ? a : b;
  }

  private static Map<String, LocalDate> read(String name, OpaqueDocument document) {
    Map<String, LocalDate> days = new HashMap<>();
    try {
      JsonNode json = ShieldJson.parse(name, document.content());
      json.properties()
          .forEach(
              field ->
                  days.merge(
                      Parameters.colons(field.getKey()),
                      LocalDate.parse(field.getValue().asText()),
                      DeclarationDays::later));
    } catch (InvalidValueException | DateTimeParseException e) {
      LOG.warn("The document {} cannot be read and is written anew: {}", name, e.getMessage());
    }
    return days;
  }

  /** Whether a route was declared once, but not within the last 7 days. */
  public boolean isStale(String routeKey, Instant now) {
    return day(routeKey) != null && !isFresh(routeKey, now);
  }

  /** Whether it is recorded that code declared a route. */
  public boolean has(String routeKey) {
    return day(routeKey) != null;
  }

  /** Whether a route was declared within the last 7 days. */
  public boolean isFresh(String routeKey, Instant now) {
    LocalDate day = day(routeKey);
    return day != null
        && !day.isBefore(LocalDate.ofInstant(now.minus(STALE_AFTER), ZoneOffset.UTC));
  }

  /** When a route was last declared, or null if that is not recorded. */
  @Nullable LocalDate day(String routeKey) {
    return lastDeclared.get(Parameters.colons(routeKey));
  }

  /** The edits that take a route out of all documents. */
  static List<Edit> without(Snapshot snapshot, String routeKey) {
    String route = Parameters.colons(routeKey);
    List<Edit> edits = new ArrayList<>();
    snapshot
        .documents()
        .forEach(
            (name, document) -> {
              Map<String, LocalDate> days =
                  name.startsWith(PREFIX) ? read(name, document.value()) : Map.of();
              if (days.containsKey(route)) {
                days.remove(route);
                edits.add(
                    new Edit(
                        DocumentKey.document(name),
                        document.version(),
                        days.isEmpty() ? null : new OpaqueDocument(text(days))));
              }
            });
    return edits;
  }

  static DocumentKey documentOf(@Nullable String service) {
    return DocumentKey.document(PREFIX + (service == null ? "" : service));
  }

  /**
   * The document of a service with its routes marked as declared today, or null if it says so
   * already or would become too large. Routes that the snapshot no longer has are forgotten.
   */
  static @Nullable OpaqueDocument marked(
      Snapshot snapshot, @Nullable String service, Collection<String> routeKeys, Instant now) {
    List<String> routes = routeKeys.stream().map(Parameters::colons).toList();
    DocumentKey key = documentOf(service);
    Versioned<OpaqueDocument> old = snapshot.documents().get(key.key());
    Map<String, LocalDate> days = old == null ? new HashMap<>() : read(key.key(), old.value());
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    boolean known = routes.stream().allMatch(route -> today.equals(days.get(route)));
    if (known) {
      return null;
    }
    days.keySet().removeIf(route -> Decider.stateOf(snapshot, route) == null);
    routes.forEach(route -> days.put(route, today));
    String text = text(days);
    if (text.length() > OpaqueDocument.MAX_LENGTH) {
      LOG.warn("{} is not recorded: it has too many routes", key);
      return null;
    }
    return new OpaqueDocument(text);
  }

  private static String text(Map<String, LocalDate> days) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    days.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> json.put(entry.getKey(), entry.getValue().toString()));
    return ShieldJson.text(json);
  }
}
