package io.shield.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shield.error.InvalidValueException;
import io.shield.model.DocumentValue;
import io.shield.model.GlobalRateLimitPolicy;
import io.shield.model.MaintenanceMode;
import io.shield.model.MaintenanceWindow;
import io.shield.model.OpaqueDocument;
import io.shield.model.Origin;
import io.shield.model.RateLimitPolicy;
import io.shield.model.RouteState;
import io.shield.model.RouteState.AllowedCallers;
import io.shield.model.RouteStatus;
import io.shield.model.audit.AuditEntry;
import io.shield.model.audit.FieldChange;
import io.shield.model.store.DocumentKey;
import io.shield.model.store.Head;
import io.shield.spi.limit.RateLimitHit;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes the model as JSON and reads it back. Names are snake_case, enum values lower case, times
 * ISO-8601 in UTC. Unknown fields are ignored; a field of a wrong type or value is an {@link
 * InvalidValueException} that names it. All methods are thread-safe.
 */
public final class ShieldJson {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final JsonFactory STRICT_FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** What the parser says of its own options and sources, which is nothing to who sent the text. */
  private static final Pattern JARGON =
      Pattern.compile("\\s*\\([^()]*[`\\[].*|[:,][^:,(]*`.*", Pattern.DOTALL);

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ShieldJson() {}

  /**
   * Parses a JSON text.
   *
   * @param what names the text in the message
   * @throws InvalidValueException if it is not JSON; the message has the line and column
   */
  public static JsonNode parse(String what, String text) {
    return parse(FACTORY, what, text);
  }

  /**
   * As {@link #parse}, and refuses an object that has a field twice: its sender may have meant
   * either.
   */
  public static JsonNode parseStrictly(String what, String text) {
    return parse(STRICT_FACTORY, what, text);
  }

  private static JsonNode parse(JsonFactory factory, String what, String text) {
    try (JsonParser in = factory.createParser(text)) {
      JsonNode node = JsonTree.readAll(in);
      if (node.isMissingNode()) {
        throw new InvalidValueException(what, text, "JSON, not an empty text");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw new InvalidValueException(what, text, "JSON (" + place(e) + said(e) + ")");
    } catch (IOException e) {
      throw new AssertionError("a text is read without a file", e);
    }
  }

  private static String said(JsonProcessingException e) {
    String plain = JARGON.matcher(e.getOriginalMessage()).replaceFirst("");
    return plain.replaceAll("\\p{Cntrl}", "?");
  }

  /** Where the text breaks; not known when a bound of the parser, such as nesting, was passed. */
  private static String place(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    return at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
  }

  /** Writes a JSON tree on one line. */
  public static String text(JsonNode node) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = FACTORY.createGenerator(text)) {
      JsonTree.write(out, node);
    } catch (IOException e) {
      throw new AssertionError("a text is written without a file", e);
    }
    return text.toString();
  }

  /** A state as it is stored: {@code status} is the stored status. */
  public static ObjectNode write(RouteState state) {
    ObjectNode node = NODES.objectNode();
    node.put("path", state.path());
    node.put("service", state.service());
    node.put("status", state.status().wireName());
    node.put("reason", state.reason());
    node.set("allowed_envs", strings(state.allowedEnvs()));
    node.set("allowed_roles", strings(state.allowedRoles()));
    node.set("allowed_ips", strings(state.allowedIps()));
    if (state.declaredAllowed() != null) {
      node.set("declared_allowed", callers(state.declaredAllowed()));
    }
    node.set("window", window(state.window()));
    if (!state.laterWindows().isEmpty()) {
      // What others wrote and read before there could be several stays the same.
      ArrayNode windows = node.putArray("windows");
      state.windows().forEach(window -> windows.add(window(window)));
    }
    node.put("sunset_date", state.sunsetDate());
    node.put("successor_path", state.successorPath());
    node.put("rollout_percentage", state.rolloutPercentage());
    node.put("force_active", state.forceActive());
    node.put("until", time(state.until()));
    node.put("canary_percentage", state.canaryPercentage());
    node.put("deprecated_at", time(state.deprecatedAt()));
    node.put("since", time(state.since()));
    node.put("version", state.version());
    node.put("origin", state.origin().wireName());
    return node;
  }

  /**
   * A state as it is shown to people: {@code status} is the effective status, {@code base_status}
   * the stored one.
   */
  public static ObjectNode writeShown(RouteState state, RouteStatus effective) {
    ObjectNode node = write(state);
    node.put("status", effective.wireName());
    node.put("base_status", state.status().wireName());
    return node;
  }

  /**
   * As {@link #writeShown(RouteState, RouteStatus)}, at a moment: {@code window} is the one in
   * force or, if there is none, the next one, for clients that know one only.
   */
  public static ObjectNode writeShown(RouteState state, RouteStatus effective, Instant now) {
    ObjectNode node = writeShown(state, effective);
    if (!state.laterWindows().isEmpty()) {
      node.set("window", window(state.windowAt(now)));
    }
    return node;
  }

  /**
   * Reads a state. Where {@code base_status} is given it is the stored status. A state without
   * {@code origin} was written by a system that does not know it and counts as changed at run time.
   */
  public static RouteState readRouteState(JsonNode json) {
    return readRouteState(Fields.of("state", json), false);
  }

  /**
   * Reads a state from storage that others write too: a window that ends before it starts, which
   * the original accepts, is dropped, so that the stored status stands.
   */
  public static RouteState readStoredRouteState(JsonNode json) {
    return readRouteState(Fields.of("state", json), true);
  }

  private static RouteState readRouteState(Fields in, boolean stored) {
    RouteStatus status = in.choice("status", RouteStatus::parse, RouteStatus.ACTIVE);
    return RouteState.builder(in.required("path"))
        .service(in.string("service"))
        .status(in.choice("base_status", RouteStatus::parse, status))
        .reason(in.string("reason", ""))
        .allowedEnvs(in.strings("allowed_envs"))
        .allowedRoles(in.strings("allowed_roles"))
        .allowedIps(in.strings("allowed_ips"))
        .declaredAllowed(readCallers(in.node("declared_allowed")))
        .windows(readWindows(in, stored))
        .sunsetDate(in.string("sunset_date"))
        .successorPath(in.string("successor_path"))
        .rolloutPercentage(in.integer("rollout_percentage", 100))
        .forceActive(in.flag("force_active", false))
        .until(in.time("until"))
        .canaryPercentage(in.integer("canary_percentage", 0))
        .deprecatedAt(in.time("deprecated_at"))
        .since(in.time("since"))
        .version(in.number("version", 0))
        .origin(in.choice("origin", Origin::parse, Origin.RUNTIME))
        .build();
  }

  private static ObjectNode callers(AllowedCallers callers) {
    ObjectNode node = NODES.objectNode();
    node.set("allowed_ips", strings(callers.ips()));
    node.set("allowed_roles", strings(callers.roles()));
    return node;
  }

  private static @Nullable AllowedCallers readCallers(@Nullable JsonNode json) {
    if (json == null) {
      return null;
    }
    Fields in = Fields.of("declared_allowed", json);
    return new AllowedCallers(in.strings("allowed_ips"), in.strings("allowed_roles"));
  }

  private static JsonNode window(@Nullable MaintenanceWindow window) {
    if (window == null) {
      return NODES.nullNode();
    }
    ObjectNode node = NODES.objectNode();
    node.put("start", window.start().toString());
    node.put("end", window.end().toString());
    node.put("reason", window.reason());
    return node;
  }

  /** Where {@code windows} is given it has them all. */
  private static List<MaintenanceWindow> readWindows(Fields in, boolean stored) {
    List<MaintenanceWindow> all = new ArrayList<>();
    for (MaintenanceWindow window :
        in.list("windows", node -> readWindow("windows", node, stored))) {
      boolean overlaps =
          window != null
              && all.stream()
                  .anyMatch(
                      w -> window.start().isBefore(w.end()) && w.start().isBefore(window.end()));
      // What overlaps in storage cannot be refused any more.
      if (window != null && !(stored && overlaps)) {
        all.add(window);
      }
    }
    MaintenanceWindow one = all.isEmpty() ? readWindow("window", in.node("window"), stored) : null;
    return one == null ? all : List.of(one);
  }

  private static @Nullable MaintenanceWindow readWindow(
      String field, @Nullable JsonNode node, boolean stored) {
    if (node == null) {
      return null;
    }
    Fields in = Fields.of(field, node);
    Instant start = in.requiredTime("start");
    Instant end = in.requiredTime("end");
    if (stored && !end.isAfter(start)) {
      return null;
    }
    return new MaintenanceWindow(start, end, in.string("reason", ""));
  }

  /** A maintenance mode. */
  public static ObjectNode write(MaintenanceMode mode) {
    ObjectNode node = NODES.objectNode();
    node.put("enabled", mode.enabled());
    node.put("reason", mode.reason());
    node.set("exempt_paths", strings(mode.exemptPaths()));
    node.put("include_force_active", mode.includeForceActive());
    return node;
  }

  /** Reads a maintenance mode. */
  public static MaintenanceMode readMaintenanceMode(JsonNode json) {
    Fields in = Fields.of("maintenance", json);
    return new MaintenanceMode(
        in.flag("enabled", false),
        in.string("reason", ""),
        in.strings("exempt_paths"),
        in.flag("include_force_active", false));
  }

  /** The policy of a route. */
  public static ObjectNode write(RateLimitPolicy policy) {
    return RateLimitJson.write(policy);
  }

  /** Reads the policy of a route. */
  public static RateLimitPolicy readRateLimitPolicy(JsonNode json) {
    return RateLimitJson.readPolicy(json);
  }

  /** The policy of the fleet or of a service. */
  public static ObjectNode write(GlobalRateLimitPolicy policy) {
    return RateLimitJson.write(policy);
  }

  /** Reads the policy of the fleet or of a service. */
  public static GlobalRateLimitPolicy readGlobalRateLimitPolicy(JsonNode json) {
    return RateLimitJson.readGlobalPolicy(json);
  }

  /** A rate-limit hit. */
  public static ObjectNode write(RateLimitHit hit) {
    return RateLimitJson.write(hit);
  }

  /** Reads a rate-limit hit. */
  public static RateLimitHit readRateLimitHit(JsonNode json) {
    return RateLimitJson.readHit(json);
  }

  /** An audit entry. */
  public static ObjectNode write(AuditEntry entry) {
    ObjectNode node = NODES.objectNode();
    node.put("id", entry.id());
    node.put("timestamp", entry.timestamp().toString());
    node.put("path", entry.path());
    node.put("service", entry.service());
    node.put("action", entry.action());
    node.put("actor", entry.actor());
    node.put("platform", entry.platform());
    node.put("reason", entry.reason());
    node.put("previous_status", wireName(entry.previousStatus()));
    node.put("new_status", wireName(entry.nextStatus()));
    node.put("revision", entry.revision());
    ArrayNode changes = node.putArray("changes");
    entry.changes().forEach(change -> changes.add(write(change)));
    node.put("on_behalf_of", entry.onBehalfOf());
    if (entry.reported()) {
      node.put("reported", true);
    }
    if (entry.reportedAt() != null) {
      node.put("reported_at", entry.reportedAt().toString());
    }
    if (entry.previousEffective() != null || entry.nextEffective() != null) {
      node.put("previous_effective_status", wireName(entry.previousEffective()));
      node.put("new_effective_status", wireName(entry.nextEffective()));
    }
    return node;
  }

  private static ObjectNode write(FieldChange change) {
    ObjectNode node = NODES.objectNode();
    node.put("field", change.field());
    node.set("before", parse("before", change.before()));
    node.set("after", parse("after", change.after()));
    return node;
  }

  /** Reads an audit entry. */
  public static AuditEntry readAuditEntry(JsonNode json) {
    Fields in = Fields.of("audit entry", json);
    return new AuditEntry(
        in.required("id"),
        in.requiredTime("timestamp"),
        in.required("path"),
        in.string("service"),
        in.required("action"),
        in.string("actor", "system"),
        in.string("platform", "system"),
        in.string("reason", ""),
        in.choice("previous_status", RouteStatus::parse),
        in.choice("new_status", RouteStatus::parse),
        in.number("revision", 0),
        in.list("changes", ShieldJson::readFieldChange),
        in.string("on_behalf_of"),
        in.flag("reported", false),
        in.choice("previous_effective_status", RouteStatus::parse),
        in.choice("new_effective_status", RouteStatus::parse),
        in.time("reported_at"));
  }

  private static FieldChange readFieldChange(JsonNode json) {
    Fields in = Fields.of("changes", json);
    return new FieldChange(in.required("field"), side(json, "before"), side(json, "after"));
  }

  private static String side(JsonNode change, String name) {
    return change.hasNonNull(name) ? text(change.get(name)) : "null";
  }

  /** The value of any document; an opaque one is written as a string. */
  public static JsonNode writeValue(DocumentValue value) {
    if (value instanceof RouteState state) {
      return write(state);
    }
    if (value instanceof MaintenanceMode mode) {
      return write(mode);
    }
    if (value instanceof RateLimitPolicy policy) {
      return write(policy);
    }
    if (value instanceof GlobalRateLimitPolicy policy) {
      return write(policy);
    }
    return NODES.textNode(((OpaqueDocument) value).content());
  }

  /** Reads the value of the document of the given key from storage. */
  public static DocumentValue readValue(DocumentKey key, JsonNode json) {
    return switch (key.kind()) {
      case STATE -> readStoredRouteState(json);
      case MAINTENANCE -> readMaintenanceMode(json);
      case POLICY -> key.isReserved() ? readGlobalRateLimitPolicy(json) : readRateLimitPolicy(json);
      case DOCUMENT -> readOpaqueDocument(key, json);
    };
  }

  private static OpaqueDocument readOpaqueDocument(DocumentKey key, JsonNode json) {
    if (!json.isTextual()) {
      throw new InvalidValueException(key.key(), json.toString(), "a string");
    }
    return new OpaqueDocument(json.textValue());
  }

  /** A head. */
  public static ObjectNode write(Head head) {
    ObjectNode node = NODES.objectNode();
    node.put("epoch", head.epoch());
    node.put("revision", head.revision());
    node.put("commit_id", head.commitId());
    return node;
  }

  /** Reads a head. */
  public static Head readHead(JsonNode json) {
    Fields in = Fields.of("head", json);
    return new Head(in.required("epoch"), in.number("revision", 0), in.required("commit_id"));
  }

  static ArrayNode strings(Collection<String> values) {
    ArrayNode array = NODES.arrayNode();
    values.forEach(array::add);
    return array;
  }

  static @Nullable String time(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  private static @Nullable String wireName(@Nullable RouteStatus status) {
    return status == null ? null : status.wireName();
  }
}
