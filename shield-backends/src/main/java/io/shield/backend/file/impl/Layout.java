package io.shield.backend.file.impl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.InvalidValueException;
import io.shield.error.ShieldException;
import io.shield.internal.Dialect;
import io.shield.internal.ReservedStates;
import io.shield.json.ShieldJson;
import io.shield.model.DocumentValue;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteKey;
import io.shield.model.RouteState;
import io.shield.model.audit.AuditEntry;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Snapshot;
import io.shield.model.store.Versioned;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The shape of the content: the original's four names, {@code states}, {@code audit}, {@code
 * rl_hits} and {@code rl_policies}, and {@code shield} with what it does not know.
 */
final class Layout {
  static final String STATES = "states";
  static final String AUDIT = "audit";
  static final String POLICIES = "rl_policies";

  private static final String HITS = "rl_hits";
  private static final String SHIELD = "shield";

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");

  private Layout() {}

  /** The documents in the order in which they are written: as they came, reserved ones by name. */
  static Map<DocumentKey, Versioned<?>> ordered(Snapshot snapshot) {
    Map<DocumentKey, Versioned<?>> out = new LinkedHashMap<>();
    Map<String, DocumentKey> reserved = new TreeMap<>();
    Map<DocumentKey, Versioned<?>> content = snapshot.content();
    content.forEach(
        (key, value) -> {
          if (ReservedStates.holds(key)) {
            reserved.put(key.key(), key);
          } else {
            out.put(key, value);
          }
        });
    reserved.values().forEach(key -> out.put(key, content.get(key)));
    return out;
  }

  static ObjectNode write(Image image) {
    Dialect dialect = image.dialect();
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ObjectNode states = root.putObject(STATES);
    ArrayNode audit = root.putArray(AUDIT);
    root.set(HITS, image.hits());
    ObjectNode policies = root.putObject(POLICIES);
    ordered(image.snapshot())
        .forEach(
            (key, versioned) -> {
              DocumentValue value = versioned.value();
              if (value instanceof RouteState || ReservedStates.holds(key)) {
                states.set(dialect.theirs(key.key()), dialect.write(state(key, value)));
              } else if (value instanceof RateLimitPolicy policy) {
                policies.set(key.key(), dialect.write(ShieldJson.write(policy)));
              }
            });
    states.setAll(image.foreignStates());
    image.audit().forEach(logged -> audit.add(dialect.write(ShieldJson.write(logged.entry()))));
    image.strays().write(root);
    root.set(SHIELD, Section.of(image).write());
    return root;
  }

  private static ObjectNode state(DocumentKey key, DocumentValue value) {
    ObjectNode node =
        ShieldJson.write(
            value instanceof RouteState state ? state : ReservedStates.write(key, value));
    node.remove("version"); // It stands under "shield", where no editor copies it by mistake.
    return node;
  }

  /**
   * Reads a tree, whoever wrote it. What has not the original's shape is left out and told of;
   * Shield's own part, if somebody changed it, is left out without a word.
   *
   * @param text from which the tree came, to find lines in
   * @throws UnreadableException if a newer version of Shield wrote it
   */
  static Content read(ObjectNode root, String text) throws UnreadableException {
    return new Reading(root, text).content();
  }

  private static final class Reading {
    private final ObjectNode root;
    private final String text;
    private final Map<DocumentKey, DocumentValue> values = new LinkedHashMap<>();
    private final Set<String> plainStates = new LinkedHashSet<>();
    private final Map<String, JsonNode> foreignStates = new LinkedHashMap<>();
    private final Set<DocumentKey> broken = new LinkedHashSet<>();
    private final Map<String, UnreadableException> problems = new LinkedHashMap<>();
    private final Map<String, JsonNode> strays = new LinkedHashMap<>();
    private final @Nullable Section section;
    private boolean lacking;
    private boolean waygate;

    Reading(ObjectNode root, String text) throws UnreadableException {
      this.root = root;
      this.text = text;
      this.section = section();
    }

    Content content() {
      for (Map.Entry<String, JsonNode> state : part(STATES, true).properties()) {
        readState(state.getKey(), state.getValue());
      }
      List<Logged> audit = readAudit();
      ArrayNode hits = (ArrayNode) part(HITS, false);
      for (Map.Entry<String, JsonNode> policy : part(POLICIES, true).properties()) {
        readPolicy(policy.getKey(), policy.getValue());
      }
      return new Content(
          values,
          Image.digests(values),
          plainStates,
          audit,
          foreignStates,
          hits,
          Strays.of(root).and(strays),
          section,
          waygate ? Dialect.WAYGATE : Dialect.SHIELD,
          broken,
          problems,
          lacking);
    }

    /** A part; an empty one in the place of one that is not as it must be. */
    private JsonNode part(String name, boolean object) {
      JsonNode part = root.get(name);
      if (part != null && (object ? part.isObject() : part.isArray())) {
        return part;
      }
      lacking = true;
      if (part == null) {
        int end = TextPlace.lineAt(text, text.length());
        problems.put(name, new UnreadableException("'" + name + "' is missing", end, 0));
      } else {
        String problem = "'" + name + "' is not a " + (object ? "table" : "list");
        problems.put(name, new UnreadableException(problem, TextPlace.line(text, name), 0));
        if (!part.isNull() && !(part.isContainerNode() && part.isEmpty())) {
          strays.put(name, part);
        }
      }
      return object ? root.objectNode() : root.arrayNode();
    }

    private void readState(String key, JsonNode given) {
      boolean ofWaygate = key.startsWith(Dialect.WAYGATE.reserved());
      String named = ofWaygate ? Dialect.WAYGATE.ours(key) : key;
      // Of two, the one in Shield's own words.
      boolean twice = ofWaygate && root.path(STATES).has(named);
      DocumentKey document = named == null || twice ? null : ReservedStates.documentUnder(named);
      try {
        if (document != null) {
          waygate |= ofWaygate;
          values.put(document, ReservedStates.read(document, given));
        } else if (ReservedStates.isReserved(key)) {
          foreignStates.put(key, given);
        } else {
          readRoute(key, given);
        }
      } catch (ShieldException e) {
        if (document == null) {
          broke(DocumentKey::state, key);
        } else {
          broken.add(document);
        }
        cannotRead(STATES, key, given, invalid(STATES, key, given, e));
      }
    }

    private void readRoute(String key, JsonNode given) {
      if (given instanceof ObjectNode object && !object.hasNonNull("path")) {
        object.put("path", key); // Nobody who adds a route by hand wants to write it twice.
      }
      // Where Shield wrote, what the original accepts and nobody can mean is a slip of the hand.
      RouteState state =
          section == null
              ? ShieldJson.readStoredRouteState(given)
              : ShieldJson.readRouteState(given);
      state = state.withVersion(0);
      if (!state.path().equals(key)) {
        throw new InvalidValueException("path", state.path(), "the name it stands under, " + key);
      }
      checkMethod(key);
      values.put(DocumentKey.state(key), state);
      if (!given.hasNonNull("origin")) {
        plainStates.add(key);
      }
    }

    /** A method that is not in upper case is read as a service, and the route stays open. */
    private static void checkMethod(String key) {
      RouteKey route = RouteKey.parse(key);
      String service = route.service();
      if (service == null) {
        return;
      }
      String last = service.substring(service.lastIndexOf(':') + 1);
      if (route.method() == null && METHODS.contains(last.toUpperCase(Locale.ROOT))) {
        throw new InvalidValueException(
            "path",
            key,
            "with its method in upper case: "
                + service.substring(0, service.length() - last.length())
                + last.toUpperCase(Locale.ROOT)
                + ":"
                + route.path());
      }
    }

    private void readPolicy(String key, JsonNode given) {
      try {
        RateLimitPolicy policy = ShieldJson.readRateLimitPolicy(Dialect.meant(given));
        if (!policy.key().equals(key)) {
          throw new InvalidValueException(
              "path", policy.key(), "with its method the name it stands under, " + key);
        }
        values.put(DocumentKey.policy(key), policy);
      } catch (ShieldException e) {
        broke(DocumentKey::policy, key);
        cannotRead(POLICIES, key, given, invalid(POLICIES, key, given, e));
      }
    }

    private void broke(Function<String, DocumentKey> kind, String key) {
      try {
        broken.add(kind.apply(key));
      } catch (InvalidValueException noKey) {
        // Nothing has ever been known under it.
      }
    }

    private void cannotRead(String part, String name, JsonNode given, UnreadableException problem) {
      strays.put(part + " " + name, given);
      problems.put(part + " " + name, problem);
    }

    private List<Logged> readAudit() {
      List<Logged> audit = new ArrayList<>();
      for (JsonNode given : part(AUDIT, false)) {
        try {
          audit.add(Logged.of(entry(given)));
        } catch (ShieldException e) {
          String id = given.path("id").asText("id");
          cannotRead(AUDIT, Canonical.digest(given), given, invalid(AUDIT, id, given, e));
        }
      }
      return audit;
    }

    private static AuditEntry entry(JsonNode given) {
      AuditEntry entry = ShieldJson.readAuditEntry(given);
      String path = Dialect.WAYGATE.ours(entry.path());
      return path == null ? entry : entry.withPath(path);
    }

    private @Nullable Section section() throws UnreadableException {
      try {
        return Section.read(root.get(SHIELD));
      } catch (ShieldException e) {
        throw invalid(SHIELD, "format", root, e);
      }
    }

    private UnreadableException invalid(
        String part, String name, JsonNode given, ShieldException e) {
      boolean inField =
          e instanceof InvalidValueException invalid && given.findValue(invalid.field()) != null;
      String field = inField ? ((InvalidValueException) e).field() : name;
      return new UnreadableException(
          "'" + name + "' in '" + part + "': " + e.getMessage(),
          TextPlace.line(text, part, name, field),
          0);
    }
  }
}
